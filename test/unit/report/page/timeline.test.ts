import { describe, expect, test } from 'vitest';
import {
  clusterChanges,
  clusterDeploys,
  collectLanes,
  spanOf,
  TIMELINE_WIDTH,
} from '../../../../src/report/page/timeline.ts';
import { sampleReport } from '../sample-report.ts';

const report = sampleReport({ changes: 50 });

describe('lanes', () => {
  test('hold every change once, the most to look at first', () => {
    const lanes = collectLanes(report);
    expect(lanes.flatMap(({ changes }) => changes)).toHaveLength(50);
    const open = lanes.map(
      ({ changes }) => changes.filter(({ standing }) => standing === 'unexplained').length,
    );
    expect(open).toEqual(open.toSorted((a, b) => b - a));
  });

  test('show a deploy of another component that made one of their changes', () => {
    const [change] = report.changes;
    const [deploy] = report.deploys;
    if (change === undefined || deploy === undefined) throw new Error('the sample is empty');
    const other = { ...change, component: 'lambda:other', deploys: [deploy.deploy_id] };
    const stack = { ...deploy, components: ['stack:app'] };
    const lanes = collectLanes({ ...report, changes: [other], deploys: [stack] });
    expect(lanes.map(({ component, deploys }) => [component, deploys.length])).toEqual([
      ['lambda:other', 1],
      ['stack:app', 1],
    ]);
  });
});

describe('a deploy has one lane for what it names', () => {
  const [change] = report.changes;
  const [deploy] = report.deploys;
  if (change === undefined || deploy === undefined) throw new Error('the sample is empty');
  const { account: _, region: __, ...nowhere } = deploy;
  const own = { ...change, deploys: [deploy.deploy_id], account: '111122223333', region: 'us-east-1' };

  test.each([
    ['the marker tells no place', 'lambda', nowhere, 1],
    [
      'what is global was recorded elsewhere',
      'iam',
      { ...deploy, account: '111122223333', region: 'eu-west-1' },
      1,
    ],
    [
      'another one was changed elsewhere',
      'lambda',
      { ...deploy, account: '111122223333', region: 'eu-west-1' },
      2,
    ],
    ['another account', 'iam', { ...deploy, account: '444455556666', region: 'eu-west-1' }, 2],
  ])('%s', (__case, service, marker, count) => {
    const component = `${service}:a`;
    const lanes = collectLanes({
      ...report,
      changes: [{ ...own, service, component }],
      deploys: [{ ...marker, components: [component] }],
    });
    expect(lanes).toHaveLength(count);
    for (const { deploys } of lanes) expect(deploys).toHaveLength(1);
  });
});

test('the span holds all windows and changes; without any it is what was asked for', () => {
  const { from, until } = spanOf(collectLanes(report), report);
  for (const { time } of report.changes) expect(Date.parse(time)).toBeGreaterThan(from);
  for (const { window } of report.deploys) expect(Date.parse(window.until)).toBeLessThan(until);
  const empty = spanOf([], report);
  expect(empty.from).toBeLessThan(Date.parse(report.from));
  expect(empty.until).toBeGreaterThan(Date.parse(report.until));
});

describe('clusters', () => {
  test('lie apart and lose nothing', () => {
    const span = spanOf(collectLanes(report), report);
    const toPercent = (ms: number) => ((ms - span.from) / (span.until - span.from)) * 100;
    const clusters = clusterChanges(report.changes, toPercent);
    expect(clusters.flatMap(({ items }) => items)).toHaveLength(50);
    expect(clusters.length).toBeLessThan(50);
    for (const [i, { from }] of clusters.entries()) {
      const before = clusters[i - 1];
      if (before !== undefined)
        expect(((from - before.from) / 100) * TIMELINE_WIDTH).toBeGreaterThanOrEqual(16);
    }
  });

  test('one bar reaches over all of its deploys', () => {
    const [bar, ...rest] = clusterDeploys(report.deploys, () => 50);
    expect([bar?.items.length, rest]).toEqual([report.deploys.length, []]);
  });
});

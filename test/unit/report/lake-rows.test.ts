import { describe, expect, it } from 'vitest';
import { toVisible } from '../../../src/errors/visible-text.ts';
import { renderCorrelationRows } from '../../../src/report/lake-rows.ts';
import { cellWidth } from '../../../src/report/plain-text.ts';

const linesOf = (rows: Parameters<typeof renderCorrelationRows>[0]) =>
  renderCorrelationRows(rows).slice(0, -1).split('\n');

const DEPLOY = {
  deploy_id: 'd1',
  component: 'lambda:resize-image',
  git_sha: 'a1b2c3d4e5f6',
  status: 'success',
  deployed_at: '2025-12-14 08:12:34.000',
};

const CHANGE = {
  event_id: 'e1',
  event_time: '2025-12-14 08:10:00.000',
  event_name: 'UpdateFunctionCode',
  changed: 'lambda:resize-image',
  rule: 'session',
  standing: 'explained',
  actor: 'arn:aws:sts::123456789012:assumed-role/deploy/ci-prod-a1b2c3d',
};

describe('rows of the correlation statement', () => {
  it('puts changes below their deploy', () => {
    const console = {
      ...CHANGE,
      event_id: 'e2',
      rule: 'window',
      standing: 'coincident',
      actor: 'arn:aws:iam::123456789012:user/path/bob',
    };
    expect(
      linesOf([
        { ...DEPLOY, ...CHANGE },
        { ...DEPLOY, ...console },
        { ...DEPLOY, ...CHANGE, event_id: 'e3', standing: 'ambiguous' },
        { ...DEPLOY, deploy_id: 'd2' },
      ]),
    ).toEqual([
      '2025-12-14 08:12:34  success   a1b2c3d  lambda:resize-image',
      '  2025-12-14 08:10:00  session     UpdateFunctionCode',
      '      by deploy/ci-prod-a1b2c3d',
      '      event e1',
      '  2025-12-14 08:10:00  coincident  UpdateFunctionCode',
      '      by user/path/bob',
      '      event e2',
      '  2025-12-14 08:10:00  ambiguous   UpdateFunctionCode',
      '      by deploy/ci-prod-a1b2c3d',
      '      event e3',
      '2025-12-14 08:12:34  success   a1b2c3d  lambda:resize-image',
      '  no change',
    ]);
  });

  it('names another component that a deploy changed, and a deploy that runs by its start', () => {
    const { deployed_at: _, ...running } = {
      ...DEPLOY,
      status: 'running',
      started_at: '2025-12-14 08:00:00.000',
    };
    expect(linesOf([{ ...running, ...CHANGE, changed: 'lambda:b', event_name: 'CreateAlias' }])).toEqual([
      '2025-12-14 08:00:00  running   a1b2c3d  lambda:resize-image',
      '  2025-12-14 08:10:00  session     CreateAlias lambda:b',
      '      by deploy/ci-prod-a1b2c3d',
      '      event e1',
    ]);
  });

  it('breaks long names, and loses nothing of them', () => {
    const session = 's'.repeat(64);
    const component = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${'n'.repeat(128)}/id`;
    const actor = `arn:aws:sts::123456789012:assumed-role/${'r'.repeat(64)}/${session}`;
    const text = linesOf([{ ...DEPLOY, ...CHANGE, component, actor }])
      .map(line => line.trim())
      .join('');
    expect(text).toContain(component);
    expect(text).toContain(`by ${'r'.repeat(64)}/${session}`);
  });

  it.each(['x', '日', '\u001b[2J', '\n', '🙂'])(
    'stays within 80 columns of what can be seen, of %j',
    letter => {
      const long = letter.repeat(200);
      const every = Object.fromEntries(Object.keys({ ...DEPLOY, ...CHANGE }).map(key => [key, long]));
      const rows = [
        { ...DEPLOY, ...CHANGE, component: `lambda:${long}`, event_name: long, actor: `a/${long}` },
        { ...every, component: `${long}b` },
      ];
      const lines = linesOf(rows);
      for (const line of lines) {
        expect(cellWidth(line)).toBeLessThanOrEqual(80);
        expect(toVisible(line)).toBe(line);
      }
    },
  );

  it('says so where nothing was found, and by whom nobody knows', () => {
    expect(linesOf([])).toEqual(['no deploys']);
    const { actor: _, ...nobody } = CHANGE;
    expect(linesOf([{ ...DEPLOY, ...nobody }])[2]).toContain('(no identity)');
  });
});

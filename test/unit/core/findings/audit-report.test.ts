import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../src/core/change/change.ts';
import type { DeployStanding } from '../../../../src/core/correlate/ledger.ts';
import type { Standing } from '../../../../src/core/correlate/standing.ts';
import { DEFAULT_WINDOW, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import { parseAllowList } from '../../../../src/core/findings/allow-list.ts';
import {
  type FindingRules,
  toAuditReport,
  withExplained,
} from '../../../../src/core/findings/audit-report.ts';
import { DEFAULT_FAIL_ON } from '../../../../src/core/findings/finding.ts';
import type { Report } from '../../../../src/core/findings/report.ts';
import { AuditTally, type TallyRules } from '../../../../src/core/findings/tally.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const FROM = Date.parse('2025-12-14T08:00:00Z');
const UNTIL = Date.parse('2025-12-14T09:00:00Z');

const JUDGED_BY = { tool: 'deploy-marker 0.0.0', fail_on: [], settings: [], files: [], accounts: [] };

function changeOf(id: string, fields: Partial<Change> = {}): Change {
  return {
    id,
    time: FROM,
    account: '123456789012',
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionCode',
    component: 'lambda:billing',
    actor: {
      kind: 'iam-user',
      name: 'arn:aws:iam::123456789012:user/bob',
      account: '123456789012',
      role: undefined,
      session: undefined,
      accessKeyId: undefined,
      via: undefined,
    },
    stack: undefined,
    version: undefined,
    ...fields,
  };
}

function tallyOf(changes: readonly [Change, Standing][], rules: Partial<TallyRules> = {}): AuditTally {
  const tally = new AuditTally({
    range: { from: FROM, until: UNTIL },
    isInScope: () => true,
    isSessionName: () => true,
    mostExplained: 2,
    ...rules,
  });
  for (const [change, standing] of changes) tally.add({ change, standing, deploys: [] });
  return tally;
}

function reportOf(
  tally: AuditTally,
  rules: Partial<FindingRules> = {},
  deploys: readonly DeployStanding[] = [],
): Report {
  const input = {
    range: { from: FROM, until: UNTIL },
    now: UNTIL,
    question: {},
    judgedBy: JUDGED_BY,
    sources: [],
    gaps: [],
    tally,
    deploys,
    conflicts: [],
    window: DEFAULT_WINDOW,
  };
  return toAuditReport(input, {
    failOn: DEFAULT_FAIL_ON,
    allowances: [],
    baseline: new Set(),
    isInScope: () => true,
    memory: undefined,
    isRemembering: false,
    isGoingOn: false,
    ...rules,
  });
}

function standingOf(component: string): DeployStanding {
  const { explains: _, ...marker } = sampleMarker({ component });
  const [deploy] = readMarkers([marker], DEFAULT_WINDOW, UNTIL).deploys;
  if (deploy === undefined) throw new Error('no deploy');
  return {
    deploy,
    state: 'missing',
    changes: 0,
    hasChanged: false,
    unnamed: 0,
    isOfStack: false,
    unchanged: [component],
    isYoung: false,
  };
}

describe('the tally', () => {
  test('counts what is in the range, its start included, and in scope', () => {
    const tally = tallyOf(
      [
        [changeOf('a'), 'explained'],
        [changeOf('b', { time: UNTIL - 1 }), 'unexplained'],
        [changeOf('c', { time: UNTIL }), 'unexplained'],
        [changeOf('d', { time: FROM - 1 }), 'unexplained'],
        [changeOf('e', { component: 'lambda:other' }), 'unexplained'],
      ],
      { isInScope: component => component === 'lambda:billing' },
    );
    expect(tally.standings).toMatchObject({ explained: 1, unexplained: 1, coincident: 0 });
    expect(tally.odd().map(({ change }) => change.id)).toEqual(['b']);
  });

  test('keeps explained changes only while they are few, and then none', () => {
    const few: [Change, Standing][] = [
      [changeOf('a'), 'explained'],
      [changeOf('b'), 'unexplained'],
      [changeOf('c'), 'explained'],
    ];
    const ids = (tally: AuditTally): string[] => tally.kept().map(({ change }) => change.id);
    expect(ids(tallyOf(few))).toEqual(['b', 'a', 'c']);
    expect(ids(tallyOf([...few, [changeOf('d'), 'explained'], [changeOf('e'), 'explained']]))).toEqual(['b']);
    expect(tallyOf([...few, [changeOf('d'), 'explained']]).standings.explained).toBe(3);
  });
});

describe('the report', () => {
  const odd: [Change, Standing][] = [
    [changeOf('early'), 'unexplained'],
    [changeOf('late', { time: FROM + 1000 }), 'attested'],
    [changeOf('plain'), 'explained'],
  ];

  test('lists the changes that are not explained, newest first, and counts all', () => {
    const tally = tallyOf(odd);
    const report = reportOf(tally);
    expect(report.changes.map(({ event_id }) => event_id)).toEqual(['late', 'early']);
    expect(report.totals).toMatchObject({
      changes: 3,
      standings: { explained: 1, attested: 1, unexplained: 1 },
    });
    expect(withExplained(report, tally).changes.map(({ event_id }) => event_id)).toEqual([
      'late',
      'early',
      'plain',
    ]);
    expect(report.findings?.map(({ id, fails }) => [id, fails])).toEqual([
      ['attested-change:late', false],
      ['person-change:early', true],
      ['person-change:plain', true],
      ['unexplained-change:early', true],
    ]);
  });

  test('is complete if no gap says otherwise', () => {
    const input = {
      range: { from: FROM, until: UNTIL },
      now: UNTIL,
      question: {},
      judgedBy: JUDGED_BY,
      sources: [],
      tally: tallyOf([]),
      deploys: [],
      conflicts: [],
      window: DEFAULT_WINDOW,
    };
    const rules = {
      failOn: [],
      allowances: [],
      baseline: new Set<string>(),
      isInScope: () => true,
      memory: undefined,
      isRemembering: false,
      isGoingOn: false,
    };
    const gap = { kind: 'failed', subject: 's', message: 'm' } as const;
    const isComplete = (...incomplete: boolean[]): boolean =>
      toAuditReport({ ...input, gaps: incomplete.map(each => ({ ...gap, incomplete: each })) }, rules)
        .complete;
    expect([isComplete(), isComplete(false, false), isComplete(false, true)]).toEqual([true, true, false]);
  });

  test('leaves out deploys and their findings that are out of scope', () => {
    const deploys = [standingOf('lambda:a'), standingOf('lambda:b')];
    const report = reportOf(tallyOf([]), { isInScope: component => component === 'lambda:a' }, deploys);
    expect(report.deploys.map(({ components }) => components)).toEqual([['lambda:a']]);
    expect(report.findings?.map(({ kind, component }) => [kind, component])).toEqual([
      ['marker-without-change', 'lambda:a'],
    ]);
  });
});

describe('a finding', () => {
  const tally = tallyOf([[changeOf('e1'), 'unexplained']]);
  const told = {
    watermark: '2025-12-14T07:00:00Z',
    findings: { 'person-change:e1': '2025-12-14T07:30:00Z' },
    noticed: {},
    mentioned: {},
    begun: undefined,
    question: undefined,
  };
  const mentioned = { ...told, findings: {}, mentioned: told.findings };
  const answer = (rules: Partial<FindingRules>) =>
    reportOf(tally, rules).findings?.map(({ kind, fails, accepted, new: isNew }) => [
      kind,
      fails,
      accepted,
      isNew,
    ]);
  const allowances = parseAllowList(
    '[{"kind":"person-change","component":"lambda:*","why":"OPS-1","until":"2025-12-31"}]',
    'allow.json',
  );

  test.each<
    [
      string,
      Partial<FindingRules>,
      [boolean, string | undefined, boolean | undefined],
      [boolean, string | undefined, boolean | undefined],
    ]
  >([
    ['as it is', {}, [true, undefined, undefined], [true, undefined, undefined]],
    [
      'of another kind informs',
      { failOn: ['person-change'] },
      [true, undefined, undefined],
      [false, undefined, undefined],
    ],
    [
      'in the baseline',
      { baseline: new Set(['person-change:e1']) },
      [false, 'in the baseline', undefined],
      [true, undefined, undefined],
    ],
    [
      'on the allow list',
      { allowances },
      [false, 'allowed until 2025-12-31: OPS-1', undefined],
      [true, undefined, undefined],
    ],
    [
      'that is remembered counts again',
      { memory: told, isRemembering: true },
      [true, undefined, false],
      [true, undefined, true],
    ],
    [
      'that was mentioned, and would fail now, is new',
      { memory: mentioned, isRemembering: true, isGoingOn: true },
      [true, undefined, true],
      [true, undefined, true],
    ],
    [
      'that was mentioned, where one goes on',
      { memory: mentioned, isRemembering: true, isGoingOn: true, failOn: ['unexplained-change'] },
      [false, 'told on 2025-12-14T07:30:00Z', false],
      [true, undefined, true],
    ],
    ['at first with a state', { isRemembering: true }, [true, undefined, true], [true, undefined, true]],
    [
      'that was told, where one goes on',
      { memory: told, isRemembering: true, isGoingOn: true },
      [false, 'told on 2025-12-14T07:30:00Z', false],
      [true, undefined, true],
    ],
  ])('%s', (_, rules, person, unexplained) => {
    expect(answer(rules)).toEqual([
      ['person-change', ...person],
      ['unexplained-change', ...unexplained],
    ]);
  });
});

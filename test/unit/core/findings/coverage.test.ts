import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../../src/core/base/pattern.ts';
import { correlate } from '../../../../src/core/correlate/correlate.ts';
import type { DeployStanding } from '../../../../src/core/correlate/ledger.ts';
import { type CoverageQuestion, findShortfalls, seenUntil } from '../../../../src/core/findings/coverage.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { Sighting, type SourceKind } from '../../../../src/core/source/sighting.ts';
import { formatUtcTime } from '../../../../src/core/time/utc.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const NOW = Date.parse('2026-06-02T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RANGE = { from: NOW - DAY, until: NOW };
const SERVICES = ['lambda', 'cloudformation'];

/** A source that showed records: service and how long before now. */
function saw(
  records: readonly (readonly [string, number, string?])[],
  kind: SourceKind = 'files',
  range = RANGE,
): Sighting {
  const sighting = new Sighting('trail', kind, range);
  for (const [service, ago, account = '111122223333'] of records)
    sighting.add(service, NOW - ago, account, 'eu-west-1');
  return sighting;
}

function shortfalls(sightings: readonly Sighting[], more: Partial<CoverageQuestion> = {}): string[] {
  const found = findShortfalls({
    command: 'audit',
    range: RANGE,
    now: NOW,
    endsByClock: true,
    services: SERVICES,
    sightings,
    hasFailed: false,
    deploys: [],
    isIgnored: () => false,
    ...more,
  });
  return found.map(({ weight, subject, message }) => `${weight} ${subject}: ${message}`);
}

const ALIVE = [
  ['lambda', 5 * HOUR],
  ['cloudformation', 5 * HOUR],
  ['ec2', MINUTE],
] as const;
const UNTIL_AN_HOUR_AGO = { from: NOW - DAY, until: NOW - HOUR };
const A_DAY_LONG_AGO = { from: NOW - 9 * DAY, until: NOW - 8 * DAY };

describe('what an answer lacks though no source failed', () => {
  test('is nothing where a trail lives, and all services are in it', () => {
    expect(shortfalls([saw(ALIVE)])).toEqual([]);
    expect(
      shortfalls([
        saw([
          ['lambda', 10 * MINUTE],
          ['cloudformation', HOUR],
        ]),
      ]),
    ).toEqual([]);
  });

  test('of all services any will do', () => {
    expect(shortfalls([saw([['ec2', MINUTE]])], { services: 'all' })).toEqual([]);
    expect(shortfalls([saw([])], { services: 'all' })[0]).toMatch(
      /^quiet any service: no record of any service was seen/,
    );
  });

  test('one service of several that was not seen is told', () => {
    expect(shortfalls([saw([['lambda', MINUTE]])])).toEqual([
      'note cloudformation: no record of cloudformation was seen in the time that is asked for, not even a read or a failed call',
    ]);
  });

  test.each<[string, readonly Sighting[]]>([
    [
      'other services only',
      [
        saw([
          ['ec2', MINUTE],
          ['sts', HOUR],
        ]),
      ],
    ],
    [
      'the services before and after the time only',
      [
        saw([
          ['lambda', 2 * DAY],
          ['ec2', MINUTE],
          ['lambda', -1],
        ]),
      ],
    ],
    ['event history with sts alone', [saw([['sts', MINUTE]], 'history')]],
    ['a store with sts alone', [saw([['sts', MINUTE]], 'store')]],
  ])('%s is no answer for an audit, and a note for trace', (_, sightings) => {
    expect(shortfalls(sightings)[0]).toMatch(/^quiet lambda, cloudformation: no record of /);
    expect(shortfalls(sightings, { command: 'trace' })[0]).toMatch(
      /^note lambda, cloudformation: no record of /,
    );
    // What failed has more to show; that is told already.
    expect(shortfalls(sightings, { hasFailed: true }).join()).not.toContain('lambda, cloudformation');
  });

  test.each<[SourceKind, readonly string[]]>([
    ['files', ['quiet', 'quiet']],
    ['store', ['quiet', 'quiet']],
    ['history', ['quiet', 'note']],
  ])('no record at all in %s is no answer for an audit', (kind, weights) => {
    const found = shortfalls([saw([], kind)], { command: 'audit' });
    expect(found.map(each => each.split(' ')[0])).toEqual(weights);
  });

  test.each<[SourceKind, string[]]>([
    ['files', ['quiet', 'quiet']],
    ['store', ['quiet', 'quiet']],
    // It is told; but CloudTrail itself says that there is none.
    ['history', ['note', 'note']],
  ])('no record at all in %s for a trace', (kind, weights) => {
    const found = shortfalls([saw([], kind)], { command: 'trace' });
    expect(found.map(each => each.split(' ')[0])).toEqual(weights);
  });

  test('one of two sources that is silent is named, and two Regions of which one is quiet pass', () => {
    const [alive, dead] = [saw(ALIVE), saw([['lambda', 3 * DAY]])];
    expect(shortfalls([alive, dead])).toEqual([
      'quiet trail: it gave no record at all of the time that is asked for; its newest is of 2026-05-30T12:00:00Z',
    ]);
    expect(shortfalls([saw(ALIVE, 'history'), saw([], 'history')])).toEqual([
      'note trail: it gave no record at all of the time that is asked for',
    ]);
  });

  test.each<[string, number, string | undefined, Partial<CoverageQuestion>]>([
    ['29 minutes to now', 29 * MINUTE, undefined, {}],
    ['31 minutes to now', 31 * MINUTE, 'pass', {}],
    ['31 minutes to now, of trace', 31 * MINUTE, 'note', { command: 'trace' }],
    ['two hours to a time an hour ago', 3 * HOUR, 'pass', { range: UNTIL_AN_HOUR_AGO }],
    ['a day and more to now', 25 * HOUR, 'quiet', { range: { from: NOW - 7 * DAY, until: NOW } }],
    ['12 hours to a time long ago', 8 * DAY + 12 * HOUR, undefined, { range: A_DAY_LONG_AGO }],
    [
      'a day and more to a time long ago',
      10 * DAY,
      'quiet',
      { range: { from: NOW - 12 * DAY, until: NOW - 8 * DAY } },
    ],
    [
      'an hour to a time half an hour ago',
      91 * MINUTE,
      'pass',
      { range: { from: NOW - DAY, until: NOW - 30 * MINUTE } },
    ],
    ['an hour to a time in the future', HOUR, 'pass', { range: { from: NOW - DAY, until: NOW + DAY } }],
  ])('the newest record is %s', (_, ago, weight, more) => {
    const { range = RANGE } = more;
    for (const kind of ['files', 'store'] as const) {
      const found = shortfalls(
        [
          saw(
            [
              ['lambda', ago],
              ['cloudformation', ago + MINUTE],
            ],
            kind,
            range,
          ),
        ],
        more,
      );
      expect(found.map(each => each.split(' ')[0])).toEqual(weight === undefined ? [] : [weight]);
      if (weight !== undefined) expect(found[0]).toContain('it may have stood still');
    }
    // CloudTrail itself answers for all of it.
    const history = saw(
      [
        ['lambda', ago],
        ['cloudformation', ago],
      ],
      'history',
      range,
    );
    expect(shortfalls([history], more)).toEqual([]);
  });

  test('an account that is silent beside others is named', () => {
    const sighting = saw([...ALIVE, ['lambda', 3 * DAY, '999999999999']]);
    expect(shortfalls([sighting])).toEqual([
      'note trail: it has older records of 999999999999, and none of the time that is asked for',
    ]);
  });

  test.each([
    [{ from: NOW, until: NOW + DAY }, 'lies in the future'],
    [{ from: NOW + DAY, until: NOW + 2 * DAY }, 'lies in the future'],
    [{ from: NOW - DAY, until: NOW - DAY }, 'is empty'],
    [{ from: NOW - DAY, until: NOW - 2 * DAY }, 'is empty'],
  ])('the time %j is no time', (range, why) => {
    const found = shortfalls([saw(ALIVE)], { range, endsByClock: false });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^wrong .*${why}$`));
  });

  test('a clock that is behind the records is told, unless the end was given', () => {
    expect(shortfalls([saw([...ALIVE, ['sts', -4 * MINUTE]])])).toEqual([]);
    const ahead = [saw([...ALIVE, ['sts', -6 * MINUTE]])];
    expect(shortfalls(ahead)).toEqual([
      expect.stringMatching(/^wrong clock: a record is of 2026-06-02T12:06:00Z/),
    ]);
    expect(shortfalls(ahead, { endsByClock: false })).toEqual([]);
  });

  test('what is still to come is told', () => {
    const range = { from: NOW - DAY, until: NOW + DAY };
    expect(shortfalls([saw(ALIVE)], { range, endsByClock: false })).toEqual([
      expect.stringMatching(/^note .* it ends in the future/),
    ]);
  });

  test('a scope that fits nothing is no answer', () => {
    const scope = { title: 'scope.txt', components: 3, isMet: false, unread: [] };
    expect(shortfalls([saw(ALIVE)], { scope })).toEqual([
      'quiet scope.txt: nothing is in scope: it fits none of the 3 components that were seen',
    ]);
    expect(shortfalls([saw(ALIVE)], { scope: { ...scope, components: 0 } })[0]).toContain(
      'no component was seen',
    );
    expect(shortfalls([saw(ALIVE)], { scope: { ...scope, isMet: true } })).toEqual([]);
  });
});

describe('up to when sources showed that they live', () => {
  test.each<[readonly Sighting[], number]>([
    [[], Number.NEGATIVE_INFINITY],
    [[saw([])], Number.NEGATIVE_INFINITY],
    [[saw(ALIVE)], NOW - MINUTE],
    [[saw(ALIVE), saw([['lambda', HOUR]], 'store')], NOW - HOUR],
    [[saw(ALIVE, 'history'), saw([], 'history')], NOW - MINUTE],
    [[saw([['sts', HOUR]], 'history'), saw(ALIVE)], NOW - HOUR],
  ])('%#', (sightings, until) => {
    expect(seenUntil(sightings)).toBe(until);
  });
});

describe('an account that stops beside others that go on', () => {
  const QUIET = '444455556666';
  const LIVING = [...ALIVE, ['sts', MINUTE]] as const;
  const stopped = [['lambda', 20 * HOUR, QUIET]] as const;
  const marker = (fields: Partial<Marker> = {}): Marker => {
    const { explains: _, ...rest } = sampleMarker({
      account: QUIET,
      role_arn: `arn:aws:iam::${QUIET}:role/deploy`,
      started_at: formatUtcTime(NOW - 10 * HOUR),
      deployed_at: formatUtcTime(NOW - 9.9 * HOUR),
      recorded_at: formatUtcTime(NOW - 9.9 * HOUR),
      ...fields,
    });
    return rest;
  };
  const deploysOf = (...markers: readonly Marker[]): readonly DeployStanding[] =>
    correlate({ markers, changes: [] }, { now: NOW }, () => {}).deploys;
  const STOOD_STILL =
    'account 444455556666: its newest record is of 2026-06-01T16:00:00Z, before a deploy in it began of which there should be a change: its trail may have stood still';

  test('is told where a deploy in it left nothing', () => {
    const deploys = deploysOf(marker());
    const sightings = [saw([...LIVING, ...stopped])];
    expect(shortfalls(sightings, { deploys })).toEqual([`pass ${STOOD_STILL}`]);
    expect(shortfalls(sightings, { deploys, command: 'trace' })).toEqual([`note ${STOOD_STILL}`]);
    // A trail of writes alone shows no deploy that had nothing to change.
    expect(shortfalls([saw([...ALIVE, ...stopped])], { deploys })).toEqual([`note ${STOOD_STILL}`]);
  });

  test('may be quiet where no deploy says otherwise', () => {
    const sightings = [saw([...LIVING, ...stopped])];
    for (const deploys of [
      [],
      // Before the last record, in another account, too young, or of what is not read.
      deploysOf(
        marker({
          started_at: formatUtcTime(NOW - 20.1 * HOUR),
          deployed_at: formatUtcTime(NOW - 19.5 * HOUR),
          recorded_at: formatUtcTime(NOW - 19.5 * HOUR),
        }),
      ),
      deploysOf(marker({ account: '111122223333', role_arn: 'arn:aws:iam::111122223333:role/deploy' })),
      deploysOf(marker({ account: '777788889999', role_arn: 'arn:aws:iam::777788889999:role/deploy' })),
      deploysOf(
        marker({ recorded_at: formatUtcTime(NOW - MINUTE), deployed_at: formatUtcTime(NOW - MINUTE) }),
      ),
      deploysOf(marker({ component: 'ecs:web' })),
    ])
      expect(shortfalls(sightings, { deploys })).toEqual([]);
  });

  test('is alive if any source shows a later record of it, or of the role that deploys to it', () => {
    const deploys = deploysOf(marker());
    const history = saw(stopped, 'history');
    expect(shortfalls([saw([...LIVING, ...stopped]), history], { deploys })).toEqual([]);
    const later = saw([...LIVING, ['iam', HOUR, QUIET]]);
    expect(shortfalls([saw([...LIVING, ...stopped]), later], { deploys })).toEqual([]);
    const central = deploysOf(marker({ role_arn: 'arn:aws:iam::111122223333:role/deploy' }));
    expect(shortfalls([saw([...LIVING, ...stopped])], { deploys: central })).toEqual([]);
  });
});

test.each<[readonly string[], readonly string[] | 'all', string | undefined]>([
  [['*'], SERVICES, 'lambda, cloudformation'],
  [['*:*'], 'all', 'all services'],
  [['lambda:*', 'cloud*:*'], SERVICES, 'lambda, cloudformation'],
  [['lambda:*'], SERVICES, undefined],
  [['lambda:*', 'cloudformation:Create*'], SERVICES, undefined],
  [['ec2:*'], 'all', undefined],
])('what is left out by %j of %j', (patterns, services, told) => {
  const isIgnored = matchesAny(patterns);
  const expected = told === undefined ? [] : [`quiet --ignore: it leaves out every call of ${told}`];
  expect(shortfalls([saw(ALIVE)], { services, isIgnored })).toEqual(expected);
});

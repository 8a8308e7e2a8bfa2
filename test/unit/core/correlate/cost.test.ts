import { describe, expect, test } from 'vitest';
import type { Actor, Change } from '../../../../src/core/change/change.ts';
import { correlate } from '../../../../src/core/correlate/correlate.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { formatUtcTime } from '../../../../src/core/time/utc.ts';

// Twice the markers and changes, or twice the calls to CloudFormation, are about twice the work. Work is counted as reads of fields of changes
// and markers: whatever goes through all deploys for each change reads them that often.

const ACCOUNT = '111122223333';
const START = Date.parse('2026-06-01T00:00:00Z');
const NOW = START + 30 * 86_400_000;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const MINUTE = 60_000;

const DEPLOYER: Actor = {
  kind: 'session',
  name: 'deployer',
  account: ACCOUNT,
  role: 'deploy',
  session: 'ci-prod-a1b2c3d',
  accessKeyId: 'ASIA1',
  via: undefined,
};
const CLOUDFORMATION: Actor = {
  ...DEPLOYER,
  kind: 'service',
  role: 'cfn-exec',
  session: 'AWSCloudFormation',
  via: 'cloudformation',
};

class Counter {
  reads = 0;

  watch<T extends object>(value: T): T {
    return new Proxy(value, {
      get: (target, name, receiver) => {
        this.reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
  }
}

function markerOf(rank: number, fields: Partial<Marker> = {}): Marker {
  const end = formatUtcTime(START + rank * 20 * MINUTE);
  return {
    uid: `u${rank}`,
    deploy_id: `d${rank}`,
    env: 'prod',
    component: `lambda:f${rank}`,
    account: ACCOUNT,
    region: 'eu-west-1',
    git_sha: 'a1b2c3d',
    status: 'success',
    started_at: formatUtcTime(START + rank * 20 * MINUTE - 5 * MINUTE),
    deployed_at: end,
    recorded_at: end,
    actor: 'circleci',
    role_session_name: `ci-prod-${rank}-a1b2c3d`,
    role_arn: ROLE,
    ...fields,
  };
}

function changeOf(rank: number, fields: Partial<Change> = {}): Change {
  return {
    id: `e${rank}`,
    time: START + rank * 20 * MINUTE - MINUTE,
    account: ACCOUNT,
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionCode',
    component: `lambda:f${rank}`,
    actor: DEPLOYER,
    stack: undefined,
    version: undefined,
    ...fields,
  };
}

const ONE_RUN = 'ci-prod-a1b2c3d';

/** All of one session, which run at the same time; they begin and end a second apart. */
function markerAtOnce(rank: number): Marker {
  const end = formatUtcTime(START - (rank % 60) * 1000);
  const started_at = formatUtcTime(START - 60 * MINUTE);
  return markerOf(rank, { role_session_name: ONE_RUN, started_at, deployed_at: end, recorded_at: end });
}

function changeAtOnce(rank: number): Change {
  return changeOf(rank, { time: START - 30 * MINUTE + rank });
}

interface World {
  readonly markers: readonly Marker[];
  readonly changes: readonly Change[];
}

/** What correlating takes, and how many changes came out explained. */
function costOf({ markers, changes }: World): { readonly reads: number; readonly explained: number } {
  const counter = new Counter();
  let explained = 0;
  correlate(
    {
      markers: markers.map(marker => counter.watch(marker)),
      changes: changes.map(change => counter.watch(change)),
    },
    { now: NOW },
    ({ standing }) => {
      explained += standing === 'explained' ? 1 : 0;
    },
  );
  return { reads: counter.reads, explained };
}

const listOf = <T>(length: number, make: (rank: number) => T): T[] =>
  Array.from({ length }, (_, rank) => make(rank));
const SHOP = { name: 'shop', changeSet: undefined, serviceRole: 'cfn-exec' };

const WORLDS: readonly (readonly [what: string, world: (size: number) => World])[] = [
  [
    'markers of one deploy',
    size => ({
      markers: listOf(size, rank =>
        markerOf(rank, { deploy_id: 'one', role_session_name: 'ci-prod-a1b2c3d' }),
      ),
      changes: listOf(size, rank => changeOf(rank)),
    }),
  ],
  [
    'markers of one component',
    size => ({
      markers: listOf(size, rank => markerOf(rank, { component: 'lambda:one' })),
      changes: listOf(size, rank => changeOf(rank, { component: 'lambda:one' })),
    }),
  ],
  [
    'markers of one session',
    size => ({
      markers: listOf(size, rank => markerOf(rank, { role_session_name: 'ci-prod-a1b2c3d' })),
      changes: listOf(size, rank => changeOf(rank)),
    }),
  ],
  [
    'markers of one run that deploys all at once',
    size => ({ markers: listOf(size, markerAtOnce), changes: listOf(size, changeAtOnce) }),
  ],
  [
    'the same, and changes of things that none of them names',
    size => ({
      markers: listOf(size, markerAtOnce),
      changes: listOf(size, rank => ({ ...changeAtOnce(rank), component: `lambda:x${rank}` })),
    }),
  ],
  [
    'the same, after all of them have ended',
    size => ({
      markers: listOf(size, markerAtOnce),
      changes: listOf(size, rank => ({
        ...changeAtOnce(rank),
        time: START + 3 * MINUTE,
        component: `lambda:x${rank}`,
      })),
    }),
  ],
  [
    'markers of one stack',
    size => ({
      markers: listOf(size, rank => markerOf(rank, { labels: { stack: 'shop' } })),
      changes: listOf(size, rank => changeOf(rank)),
    }),
  ],
  [
    'calls of one stack, and what follows from each',
    size => ({
      markers: [markerOf(0, { component: 'stack:shop', role_session_name: 'ci-prod-a1b2c3d' })],
      changes: listOf(size, i => {
        const time = START - 4 * MINUTE + i;
        return i % 2 === 0
          ? changeOf(i, {
              time,
              component: 'stack:shop',
              service: 'cloudformation',
              action: 'UpdateStack',
              stack: SHOP,
            })
          : changeOf(i, { time, actor: CLOUDFORMATION });
      }),
    }),
  ],
  [
    'calls of a failed deploy, and what CloudFormation takes back',
    size => ({
      markers: [
        markerOf(0, { component: 'stack:shop', status: 'failed', role_session_name: 'ci-prod-a1b2c3d' }),
      ],
      changes: listOf(size, i => {
        const time = i < size / 2 ? START - 4 * MINUTE + i : START + 60 * MINUTE + i;
        return i < size / 2 && i % 2 === 0
          ? changeOf(0, {
              time,
              component: 'stack:shop',
              service: 'cloudformation',
              action: 'UpdateStack',
              stack: SHOP,
            })
          : changeOf(0, { time, actor: CLOUDFORMATION });
      }),
    }),
  ],
];

describe('twice as much is about twice the work', () => {
  test.each(WORLDS)('%s', (_, world) => {
    const [once, twice] = [costOf(world(1000)), costOf(world(2000))];
    expect(once.explained).toBeGreaterThan(400);
    expect(twice.reads / once.reads).toBeLessThan(2.3);
  });

  test('a deploy may have more markers than a call takes arguments', () => {
    const markers = listOf(130_000, rank => markerOf(rank % 1000, { uid: `u${rank}`, deploy_id: 'one' }));
    const { deploys } = correlate({ markers, changes: [] }, { now: NOW }, () => undefined);
    expect(deploys.map(({ deploy }) => deploy.uids.length)).toEqual([130_000]);
  });
});

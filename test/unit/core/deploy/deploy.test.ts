import { describe, expect, test } from 'vitest';
import { DEFAULT_WINDOW, type Deploy, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import type { StoredMarker } from '../../../../src/core/marker/stored.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const NOW = Date.parse('2025-12-14T10:00:00Z');
const MINUTE = 60_000;

/** A marker of a deploy that does not tell some fields. */
function marker(fields: Partial<Marker> = {}, ...untold: readonly (keyof Marker)[]): Marker {
  const made = { ...sampleMarker(), ...fields };
  for (const name of ['explains', ...untold]) Reflect.deleteProperty(made, name);
  return made;
}

function deploysOf(...markers: readonly StoredMarker[]): readonly Deploy[] {
  return readMarkers(markers, DEFAULT_WINDOW, NOW).deploys;
}

const at = (time: string): number => Date.parse(`2025-12-14T${time}Z`);

describe('markers of one deploy', () => {
  test('are one deploy, and the final status tells how it stands, however they come', () => {
    const running = marker(
      {
        uid: 'r',
        status: 'running',
        recorded_at: '2025-12-14T08:20:00Z',
      },
      'deployed_at',
    );
    const failed = marker({ uid: 'f', status: 'failed' });
    for (const markers of [
      [running, failed],
      [failed, running],
    ]) {
      const [deploy, ...others] = deploysOf(...markers);
      expect(others).toEqual([]);
      expect(deploy).toMatchObject({
        marker: { status: 'failed' },
        uids: ['r', 'f'],
        components: ['lambda:resize-image'],
        identities: [{ session: 'ci-prod-a1b2c3d', role: 'deploy', account: '123456789012' }],
        endedAt: at('08:12:34'),
        recordedAt: at('08:20:00'),
      });
    }
  });

  test('are folded by uid first, the earliest copy counts', () => {
    const later = marker({ recorded_at: '2025-12-14T09:00:00Z', status: 'failed' });
    expect(deploysOf(later, marker())).toMatchObject([
      { marker: { status: 'success' }, uids: [marker().uid] },
    ]);
  });

  test('have the targets of all of them, in the spelling of changes', () => {
    const arn = 'arn:aws:lambda:us-east-1:999999999999:function:orders:live';
    const [deploy] = deploysOf(
      marker(),
      marker({ uid: 'b', component: arn }),
      marker({ uid: 'c', component: 'stack:shop' }, 'account', 'region'),
    );
    expect(deploy?.components).toEqual(['lambda:resize-image', arn, 'stack:shop']);
    expect(deploy?.targets).toEqual([
      { component: 'lambda:resize-image', account: '123456789012', region: 'eu-west-1' },
      { component: 'lambda:orders', account: '999999999999', region: 'us-east-1' },
      { component: 'stack:shop', account: undefined, region: undefined },
    ]);
  });

  test('of other deploys stay apart, in the order of their starts', () => {
    const early = marker({ uid: 'e', deploy_id: 'early', started_at: '2025-12-14T07:00:00Z' });
    const twin = marker({ uid: 't', deploy_id: 'zzz' });
    expect(deploysOf(twin, marker(), early).map(({ id }) => id)).toEqual([
      'early',
      marker().deploy_id,
      'zzz',
    ]);
  });
});

describe('the window', () => {
  test('opens before the start and closes after the end', () => {
    expect(deploysOf(marker())).toMatchObject([
      { startedAt: at('08:05:10'), opens: at('08:03:10'), closes: at('08:22:34') },
    ]);
  });

  test('opens an hour before the end if nobody told when it started', () => {
    expect(deploysOf(marker({}, 'started_at'))).toMatchObject([
      { startedAt: undefined, opens: at('07:12:34'), closes: at('08:22:34') },
    ]);
  });

  test('opens with the earliest start that is told; a running marker was made at its start', () => {
    const running = marker(
      {
        uid: 'r',
        status: 'running',
        recorded_at: '2025-12-14T08:00:00Z',
      },
      'started_at',
      'deployed_at',
    );
    expect(deploysOf(marker(), running)).toMatchObject([
      { startedAt: at('08:00:00'), opens: at('07:58:00') },
    ]);
  });

  test('of a deploy that runs ends now, and of one that never ended six hours after its start', () => {
    const running = { status: 'running' } as const;
    expect(deploysOf(marker(running, 'deployed_at'))).toMatchObject([{ endedAt: undefined, closes: NOW }]);
    const old = { ...running, started_at: '2025-12-14T01:00:00Z' };
    expect(deploysOf(marker(old, 'deployed_at'))).toMatchObject([{ closes: at('07:00:00') }]);
  });

  test('is what it is asked to be', () => {
    const window = { before: 0, after: 0, assumed: MINUTE, unfinishedAfter: 60 * MINUTE };
    expect(readMarkers([marker()], window, NOW).deploys).toMatchObject([
      { opens: at('08:05:10'), closes: at('08:12:34') },
    ]);
  });
});

describe('what would make a window too wide', () => {
  test('a pending marker is no start', () => {
    const pending = marker(
      { uid: 'p', status: 'pending', recorded_at: '2025-12-14T04:00:00Z' },
      'started_at',
      'deployed_at',
    );
    expect(deploysOf(pending, marker({}, 'started_at'))).toMatchObject([{ opens: at('07:12:34') }]);
  });

  test('an end after the marker was made is none, and no deploy takes longer than one that never ends', () => {
    const future = marker({ deployed_at: '2099-01-01T00:00:00Z', recorded_at: '2025-12-14T08:12:35Z' });
    expect(deploysOf(future)).toMatchObject([{ closes: at('08:22:35') }]);
    const long = marker({ started_at: '2025-12-01T00:00:00Z' });
    expect(deploysOf(long)).toMatchObject([{ opens: at('02:10:34') }]);
  });

  test('a start after the marker was made is none: nobody opens a window for tomorrow', () => {
    const early = marker(
      { status: 'running', started_at: '2025-12-14T09:30:00Z', recorded_at: '2025-12-14T02:00:00Z' },
      'deployed_at',
    );
    expect(deploysOf(early)).toMatchObject([
      { startedAt: at('02:00:00'), opens: at('01:58:00'), closes: at('08:00:00') },
    ]);
    const pending = marker({ ...early, status: 'pending' }, 'deployed_at');
    expect(deploysOf(pending)).toMatchObject([{ closes: at('08:00:00') }]);
  });

  test('a time after the store took the marker in is none', () => {
    const ahead = { deployed_at: '2025-12-14T11:00:00Z', recorded_at: '2025-12-14T11:00:01Z' };
    expect(deploysOf({ ...marker(ahead), storedAt: at('08:30:00') })).toMatchObject([
      { closes: at('08:40:00'), recordedAt: at('08:30:00') },
    ]);
    expect(deploysOf({ ...marker(), storedAt: at('09:30:00') })).toMatchObject([
      { closes: at('08:22:34'), recordedAt: at('08:12:35') },
    ]);
  });

  test.each([
    ['2025-12-14T14:12:34Z', true],
    ['2025-12-14T14:12:35Z', false],
  ])('what was recorded at %s was told in time: %s', (recorded_at, isInTime) => {
    const [deploy] = deploysOf(marker({ recorded_at }));
    expect(deploy?.open.has(at('08:10:00'))).toBe(true);
    expect(deploy?.openInTime.has(at('08:10:00'))).toBe(isInTime);
  });

  test('a deploy that is tried again has a window for each time', () => {
    const again = marker({
      uid: 'again',
      started_at: '2025-12-14T09:00:00Z',
      deployed_at: '2025-12-14T09:05:00Z',
      recorded_at: '2025-12-14T09:05:01Z',
    });
    expect(deploysOf(marker(), again)).toMatchObject([
      {
        spans: [
          { opens: at('08:03:10'), closes: at('08:22:34') },
          { opens: at('08:58:00'), closes: at('09:15:00') },
        ],
      },
    ]);
  });
});

describe('a deploy of several jobs', () => {
  test('keeps every session, and has failed if one component has', () => {
    const failed = marker({ uid: 'f', component: 'lambda:b', status: 'failed', role_session_name: 'job-b' });
    const [deploy] = deploysOf(failed, marker());
    expect(deploy?.marker.status).toBe('failed');
    expect(deploy?.identities.map(({ session }) => session).toSorted()).toEqual(['ci-prod-a1b2c3d', 'job-b']);
  });
});

describe('an explanation', () => {
  test('is no deploy', () => {
    const attestation = sampleMarker();
    const { deploys, attestations } = readMarkers([attestation, marker({ uid: 'd' })], DEFAULT_WINDOW, NOW);
    expect(deploys.map(({ uids }) => uids)).toEqual([['d']]);
    expect([...attestations]).toEqual([[attestation.explains, [attestation]]]);
  });
});

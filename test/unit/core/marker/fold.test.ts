import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldMarkers } from '../../../../src/core/marker/fold.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { formatUtcTime } from '../../../../src/core/time/utc.ts';
import { sampleMarker } from './sample-marker.ts';

const anyMarkers = (): fc.Arbitrary<Marker[]> =>
  fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }))
      .map(([uid, at]) => sampleMarker({ uid: `u${uid}`, recorded_at: formatUtcTime(at * 1000) })),
  );

describe('foldMarkers', () => {
  test('keeps of each uid the copy recorded first, in order of first appearance', () => {
    fc.assert(
      fc.property(anyMarkers(), markers => {
        const folded = foldMarkers(markers);
        expect(folded.map(({ uid }) => uid)).toEqual([...new Set(markers.map(({ uid }) => uid))]);
        for (const { uid, recorded_at } of folded) {
          const times = markers.filter(marker => marker.uid === uid).map(marker => marker.recorded_at);
          expect(recorded_at).toBe(times.sort()[0]);
        }
      }),
    );
  });

  test('folding twice is folding once', () => {
    fc.assert(
      fc.property(anyMarkers(), markers => {
        expect(foldMarkers(foldMarkers(markers))).toEqual(foldMarkers(markers));
      }),
    );
  });

  test('of copies recorded in the same second the first stays', () => {
    const first = sampleMarker({ reason: 'first' });
    expect(foldMarkers([first, sampleMarker({ reason: 'second' })])).toEqual([first]);
  });

  test('by the time of the store where it tells one, whatever a marker says of itself', () => {
    const forged = {
      ...sampleMarker({ recorded_at: '2025-01-01T00:00:00Z', reason: 'forged' }),
      storedAt: 2000,
    };
    const own = { ...sampleMarker(), storedAt: 1000 };
    const inFile = sampleMarker({ recorded_at: '2024-01-01T00:00:00Z', reason: 'in a file' });
    for (const markers of [
      [forged, own, inFile],
      [inFile, own, forged],
      [own, inFile, forged],
    ]) {
      expect(foldMarkers(markers)).toEqual([own]);
    }
  });
});

describe('two contents of one uid', () => {
  const conflictsOf = (...markers: readonly Marker[]): number => {
    let conflicts = 0;
    foldMarkers(markers, () => {
      conflicts += 1;
    });
    return conflicts;
  };

  test.each<[string, Partial<Marker>]>([
    ['session', { role_session_name: 'eve' }],
    ['role', { role_arn: 'arn:aws:iam::123456789012:role/other' }],
    ['component', { component: 'lambda:other' }],
    ['account', { account: '999999999999' }],
    ['deploy', { deploy_id: 'other' }],
    ['status', { status: 'failed' }],
    ['reason', { reason: 'other' }],
    ['label', { labels: { team: 'billing', 'cost.centre': '8' } }],
    ['labels', { labels: { team: 'billing' } }],
    ['start', { started_at: '2025-12-14T05:05:10Z' }],
    ['end', { deployed_at: '2025-12-14T08:42:34Z' }],
  ])('are told, where the %s differs', (_, fields) => {
    expect(conflictsOf(sampleMarker(), sampleMarker(fields))).toBe(1);
    expect(conflictsOf(sampleMarker(fields), sampleMarker())).toBe(1);
  });

  test('are none where a step of a job ran again', () => {
    const again = sampleMarker({
      deployed_at: '2025-12-14T08:20:00Z',
      recorded_at: '2025-12-14T08:20:01Z',
      labels: { 'cost.centre': '7', team: 'billing' },
    });
    expect(conflictsOf(sampleMarker(), again, sampleMarker({ recorded_at: '2026-01-01T00:00:00Z' }))).toBe(0);
  });

  test('are told where one of them tells no start', () => {
    const { started_at: _, ...startless } = sampleMarker();
    expect(conflictsOf(sampleMarker(), startless)).toBe(1);
  });
});

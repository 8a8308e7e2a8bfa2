import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldMarkers } from '../../../src/core/fold.ts';
import type { Marker } from '../../../src/core/marker.ts';
import { formatUtcTime } from '../../../src/core/utc-time.ts';
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
});

import { describe, expect, test } from 'vitest';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { UidIndex } from '../../../../src/core/marker/uid-index.ts';
import { sampleMarker } from './sample-marker.ts';

describe('UidIndex', () => {
  test('tells new markers, copies and clashes apart over many thousands', () => {
    const index = new UidIndex();
    const count = 12_000;
    const markerAt = (i: number): Marker => sampleMarker({ uid: `uid-${i}`, reason: `r${i}` });
    const positions = Array.from({ length: count }, (_, i) => i + 1);
    expect(positions.filter(i => index.add(markerAt(i), i).kind !== 'new')).toEqual([]);
    expect(positions.filter(i => index.add(markerAt(i), count + i).kind !== 'copy')).toEqual([]);
    const clashes = positions.map(i => index.add({ ...markerAt(i), reason: 'other' }, count + i));
    expect(clashes).toEqual(positions.map(earlier => ({ kind: 'clash', earlier })));
  });

  test('a copy may be recorded at another time, and list its labels in another order', () => {
    const index = new UidIndex();
    index.add(sampleMarker({ labels: { a: '1', b: '2' } }), 3);
    expect(
      index.add(sampleMarker({ labels: { b: '2', a: '1' }, recorded_at: '2025-12-15T00:00:00Z' }), 4),
    ).toEqual({
      kind: 'copy',
    });
    expect(index.add(sampleMarker({ labels: { a: '2', b: '1' } }), 5)).toEqual({ kind: 'clash', earlier: 3 });
  });

  test('keeps the first position of a clash, however often it comes', () => {
    const index = new UidIndex();
    index.add(sampleMarker(), 1);
    expect(index.add(sampleMarker({ status: 'failed' }), 2)).toEqual({ kind: 'clash', earlier: 1 });
    expect(index.add(sampleMarker({ status: 'failed' }), 3)).toEqual({ kind: 'clash', earlier: 1 });
    expect(index.add(sampleMarker(), 4)).toEqual({ kind: 'copy' });
  });
});

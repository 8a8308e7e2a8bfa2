import type { Marker } from './marker.ts';

/**
 * Folds copies of one marker into one: of markers with equal `uid` the earliest recorded one stays.
 *
 * CloudTrail does not recognise an event that it already has, so that a retry after an answer that got lost stores a
 * second copy; everything that reads markers folds them first. Order is that of first appearance.
 */
export function foldMarkers(markers: Iterable<Marker>): Marker[] {
  const byUid = new Map<string, Marker>();
  for (const marker of markers) {
    const known = byUid.get(marker.uid);
    if (known === undefined || marker.recorded_at < known.recorded_at) byUid.set(marker.uid, marker);
  }
  return [...byUid.values()];
}

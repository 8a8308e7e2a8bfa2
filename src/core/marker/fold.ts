import type { Marker } from './marker.ts';
import { MARKER_FIELDS } from './marker.ts';
import type { StoredMarker } from './stored.ts';

/**
 * Folds copies of one marker into one: of markers with equal `uid` the one stays that a store took in first, by the store's own
 * clock; where no store tells, the one that says that it was recorded first.
 *
 * CloudTrail does not recognise an event that it already has, so that a retry after an answer that got lost stores a
 * second copy; everything that reads markers folds them first. Order is that of first appearance.
 *
 * @example
 * foldMarkers([marker, marker]).length; // 1
 * @param onConflict is told of each copy that says something else than the one that was known before it
 */
export function foldMarkers<M extends StoredMarker>(
  markers: Iterable<M>,
  onConflict?: (one: M, other: M) => void,
): M[] {
  const byUid = new Map<string, M>();
  for (const marker of markers) {
    const known = byUid.get(marker.uid);
    if (known === undefined || isBefore(marker, known)) byUid.set(marker.uid, marker);
    if (known !== undefined && onConflict !== undefined && !saysTheSame(known, marker))
      onConflict(known, marker);
  }
  return [...byUid.values()];
}

/** A time that a store tells comes before one that a marker tells of itself, which whoever wrote it chose. */
function isBefore(a: StoredMarker, b: StoredMarker): boolean {
  if (a.storedAt !== b.storedAt) {
    return (a.storedAt ?? Number.POSITIVE_INFINITY) < (b.storedAt ?? Number.POSITIVE_INFINITY);
  }
  return a.recorded_at < b.recorded_at;
}

/** A step that runs again in its job tells new times; by more than this they are another deploy's. Milliseconds. */
const SAME_STEP_MS = 15 * 60_000;

type Text = Exclude<(typeof MARKER_FIELDS)[number], 'labels'>;
const TIMES: readonly Text[] = ['started_at', 'deployed_at'];
const SAYS = MARKER_FIELDS.filter(
  (name): name is Text => name !== 'labels' && name !== 'recorded_at' && !TIMES.includes(name),
);

/**
 * Whether two copies of a marker have the same content. When they were recorded is none of it, and a step that runs again tells other
 * times, of up to 15 minutes, for the start and the end of the same deploy.
 */
export function saysTheSame(a: Marker, b: Marker): boolean {
  return (
    SAYS.every(name => a[name] === b[name]) &&
    TIMES.every(name => isSameTime(a[name], b[name])) &&
    isSameLabels(a.labels ?? {}, b.labels ?? {})
  );
}

function isSameTime(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_STEP_MS;
}

function isSameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
}

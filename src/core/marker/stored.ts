import type { Marker } from './marker.ts';
import { type Checked, parseMarkerInput } from './schema.ts';

/** A marker as a store gave it. */
export interface StoredMarker extends Marker {
  /**
   * When the store took it in, by the store's own clock, which no marker can set. Milliseconds since the epoch; absent where the
   * store does not tell, as a file.
   */
  readonly storedAt?: number;
}

/** Parses a marker as sinks keep it: with what `emit` fills in, without which copies could not be folded. */
export function parseStoredMarker(record: unknown): Checked<Marker> {
  const checked = parseMarkerInput(record, undefined, true);
  if (checked.value === undefined) return checked;
  const { uid, deploy_id, recorded_at } = checked.value;
  if (uid !== undefined && deploy_id !== undefined && recorded_at !== undefined) {
    return { value: { ...checked.value, uid, deploy_id, recorded_at }, problems: [] };
  }
  const missing = Object.entries({ uid, deploy_id, recorded_at }).filter(([, value]) => value === undefined);
  return {
    value: undefined,
    problems: missing.map(([name]) => ({ path: `/${name}`, message: 'is required of a stored marker' })),
  };
}

/** The marker with the time at which its store took it in, where the store tells a time that can be read. */
export function withStoredAt(marker: Marker, storedAt: number | undefined): StoredMarker {
  return storedAt === undefined || !(storedAt > 0) ? marker : { ...marker, storedAt };
}

/**
 * When the marker was made: what it says itself, and no later than its store took it in. Milliseconds since the epoch. A marker
 * may lie in a spool for days before a store takes it, so that it may say an earlier time.
 */
export function recordedAtOf({ recorded_at, storedAt }: StoredMarker): number {
  return Math.min(Date.parse(recorded_at), storedAt ?? Number.POSITIVE_INFINITY);
}

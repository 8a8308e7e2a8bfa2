import type { Marker } from './marker.ts';
import { type Checked, parseMarkerInput } from './marker-schema.ts';

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

import { describeProblems } from '../../core/base/problem.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { parseStoredMarker } from '../../core/marker/stored.ts';

/** A marker out of the bytes of its object, or what is wrong with them. */
export function parseMarkerText(body: Uint8Array): { readonly value?: Marker; readonly problem: string } {
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return { problem: 'it is not JSON in UTF-8' };
  }
  const { value, problems } = parseStoredMarker(record);
  return value === undefined ? { problem: describeProblems(problems) } : { value, problem: '' };
}

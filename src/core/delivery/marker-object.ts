import type { S3Folder } from '../base/s3-address.ts';
import type { Marker } from '../marker/marker.ts';
import { toTimestamp } from './log-events.ts';

/** A marker as an object of S3. */
export interface MarkerObject {
  readonly uid: string;
  /** `prefix/yyyy/mm/dd/uid.json`. */
  readonly key: string;
  /** The marker as JSON on one line, as the file sink writes it: Athena reads objects line by line. */
  readonly body: string;
}

/** The object of a marker: its day is that on which the deploy ended or, where it has not, on which the marker was made; in UTC. */
export function toMarkerObject(marker: Marker, { prefix }: S3Folder): MarkerObject {
  const key = `${withSlash(prefix)}${dayOf(toTimestamp(marker))}/${marker.uid}.json`;
  return { uid: marker.uid, key, body: `${JSON.stringify(marker)}\n` };
}

/** Milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** What comes before the keys of all markers whose time lies in a range, and after those of the days before. */
export function firstKeyOf({ from }: Span, { prefix }: S3Folder): string {
  return `${withSlash(prefix)}${dayOf(from)}/`;
}

/** Whether a key, which comes after {@link firstKeyOf}, may be one of a marker whose time lies in the range. */
export function isBeforeEnd(key: string, { until }: Span, { prefix }: S3Folder): boolean {
  const rest = key.slice(withSlash(prefix).length);
  return rest.slice(0, 'yyyy/mm/dd'.length) <= dayOf(until);
}

/** The last moment of the year 9999: what is later, or never, is not told from it. */
const LATEST = 253_402_300_799_999;

function dayOf(time: number): string {
  return new Date(Math.min(Math.max(time, 0), LATEST))
    .toISOString()
    .slice(0, 'yyyy-mm-dd'.length)
    .replaceAll('-', '/');
}

function withSlash(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

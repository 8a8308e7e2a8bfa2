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

const DAY_MS = 24 * 3_600_000;

/** The object of a marker: its day is that on which the deploy ended or, where it has not, on which the marker was made; in UTC. */
export function toMarkerObject(marker: Marker, { prefix }: S3Folder): MarkerObject {
  const key = `${withSlash(prefix)}${dayOf(toTimestamp(marker))}/${marker.uid}.json`;
  return { uid: marker.uid, key, body: `${JSON.stringify(marker)}\n` };
}

/** What the keys of all markers begin with whose time lies in a range; one for each day, in order. Milliseconds since the epoch. */
export function* dayPrefixesOf(
  { from, until }: { readonly from: number; readonly until: number },
  { prefix }: S3Folder,
): Generator<string> {
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < until; day += DAY_MS)
    yield `${withSlash(prefix)}${dayOf(day)}/`;
}

/** The uid that a key tells; undefined where it is no key of a marker. */
export function uidOfKey(key: string): string | undefined {
  return /(?:^|\/)\d{4}\/\d\d\/\d\d\/([-_A-Za-z0-9]{1,128})\.json$/.exec(key)?.[1];
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 'yyyy-mm-dd'.length).replaceAll('-', '/');
}

function withSlash(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

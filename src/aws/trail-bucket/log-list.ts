import type { TimeRange } from '../../core/time/range.ts';
import { hasLogEnding, isEventLog, isOfOtherService } from '../../io/trail/bucket-layout.ts';
import { type ListedObject, listObjects } from '../s3/list.ts';
import type { S3Call } from '../s3/object.ts';
import { commonFolder, dayFolder, stampOf, toStamp } from './delivered.ts';
import type { PassedNames } from './passed-names.ts';
import type { PlaceFilter, TrailPlace } from './places.ts';

const OF_LOG = /^(\d{12})_CloudTrail_([a-z0-9-]+)_/;

/** What is listed of a place. */
export interface LogQuery {
  readonly bucket: string;
  /** When the logs were delivered. */
  readonly delivered: TimeRange;
  readonly noLogs: PassedNames;
}

/**
 * The logs of a place that were delivered in a time, in the order of their delivery. The list begins and ends with that time: what lies
 * before and after it is not asked for. What is not called like a log is counted; a log without a time in its name is always one of them.
 */
export async function* listLogs(
  place: TrailPlace,
  { bucket, delivered, noLogs }: LogQuery,
  call: S3Call,
): AsyncGenerator<ListedObject> {
  const prefix = narrower(place.prefix, place.folder + commonFolder(delivered));
  if (prefix === undefined) return;
  const name = `${place.account ?? ''}_CloudTrail_${place.region}_${toStamp(delivered.from)}`;
  const startAfter = `${place.folder}${dayFolder(delivered.from)}${place.account === undefined ? '' : name}`;
  const lastDay = place.folder + dayFolder(delivered.until);
  for await (const object of listObjects({ bucket, prefix, startAfter }, call)) {
    const { key } = object;
    // `0` is what follows a slash.
    if (key >= `${lastDay.slice(0, -1)}0`) return;
    if (!isLogName(baseOf(key), noLogs)) continue;
    const time = stampOf(baseOf(key));
    if (time === undefined || isIn(time, delivered)) yield object;
    else if (time > delivered.until && place.account !== undefined) return;
  }
}

/** Those of logs outside of AWS's layout that are asked for, as far as their names tell. */
export function chooseLoose(
  objects: readonly ListedObject[],
  delivered: TimeRange,
  { accounts, regions }: PlaceFilter,
): ListedObject[] {
  return objects.filter(({ key }) => {
    const name = baseOf(key);
    const time = isEventLog(name) ? stampOf(name) : undefined;
    if (time !== undefined && !isIn(time, delivered)) return false;
    const { account, region } = ownerOf(key);
    const fits = (chosen: readonly string[], own: string | undefined): boolean =>
      chosen.length === 0 || own === undefined || chosen.includes(own);
    return fits(accounts, account) && fits(regions, region);
  });
}

/** The account and Region in the name of a log. */
export function ownerOf(key: string): { readonly account?: string; readonly region?: string } {
  const [, account, region] = OF_LOG.exec(baseOf(key)) ?? [];
  return account === undefined || region === undefined ? {} : { account, region };
}

function isLogName(name: string, noLogs: PassedNames): boolean {
  if (name === '') return false;
  const isLog = isEventLog(name) || (hasLogEnding(name) && !isOfOtherService('outside', name, false));
  if (!isLog) noLogs.add(name);
  return isLog;
}

/** The minute of the name began before its logs were delivered. */
function isIn(time: number, { from, until }: TimeRange): boolean {
  return from - 60_000 < time && time <= until;
}

/** Of two prefixes the one inside of the other; undefined where neither is. */
function narrower(a: string, b: string): string | undefined {
  if (a.startsWith(b)) return a;
  return b.startsWith(a) ? b : undefined;
}

function baseOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

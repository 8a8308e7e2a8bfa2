import type { TimeRange } from '../../core/time/range.ts';
import { type ListedObject, listObjects } from '../s3/list.ts';
import type { S3Call } from '../s3/object.ts';
import { commonFolder, dayFolder, stampOf } from './delivered.ts';
import type { TrailPlace } from './places.ts';

/** Digests of one trail, by the time of their end, the first first. */
export interface DigestList {
  /** Of logs that were delivered long before. */
  readonly isBackfill: boolean;
  readonly digests: readonly ListedDigest[];
}

/** A digest, and when the time that it is about ended, in milliseconds since the epoch. */
export interface ListedDigest extends ListedObject {
  readonly end: number;
}

/** A digest of the hour in which a log was delivered ends up to an hour after that. */
const HOUR = 3_600_000;
const NAME = /^\d{12}_CloudTrail-Digest_(.+)_\d{8}T\d{6}Z(_backfill)?\.json\.gz$/;

/** The digests of a time, a list for each trail of the place that writes them. */
export async function listDigests(
  { folder }: TrailPlace,
  { bucket, delivered }: { readonly bucket: string; readonly delivered: TimeRange },
  call: S3Call,
): Promise<DigestList[]> {
  const root = digestFolder(folder);
  const span = { from: delivered.from, until: delivered.until + HOUR };
  const prefix = root + commonFolder(span);
  const startAfter = root + dayFolder(span.from);
  const end = `${root}${dayFolder(span.until).slice(0, -1)}0`;
  const chains = new Map<string, ListedDigest[]>();
  for await (const object of listObjects({ bucket, prefix, startAfter }, call)) {
    if (object.key >= end) break;
    const [, trail, backfill = ''] = NAME.exec(object.key.slice(object.key.lastIndexOf('/') + 1)) ?? [];
    const time = stampOf(object.key);
    if (trail === undefined || time === undefined || time < span.from || time > span.until) continue;
    const chain = chains.get(trail + backfill) ?? [];
    chains.set(trail + backfill, chain);
    chain.push({ ...object, end: time });
  }
  return [...chains].map(([name, digests]) => ({
    isBackfill: name.endsWith('_backfill'),
    digests: digests.toSorted((a, b) => a.end - b.end),
  }));
}

/** Beside the folder of the logs. */
function digestFolder(folder: string): string {
  return folder.replace(/CloudTrail\/([^/]+\/)$/, 'CloudTrail-Digest/$1');
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createSeededRandom } from './seeded-random.ts';
import type { TrailRecord } from './trail-record.ts';

/** What was written. */
export interface TrailLogs {
  /** Paths of the files, in the order in which they were written. */
  readonly files: readonly string[];
  readonly records: number;
  /** Size of the JSON before it was compressed. */
  readonly bytes: number;
}

/** A file that is being filled; one per account and Region, as a trail's are. */
interface Open {
  readonly texts: string[];
  readonly first: TrailRecord;
}

/**
 * Writes records as a trail delivers them to its bucket: `{"Records":[…]}`, gzipped, in
 * `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD`. Takes a stream and holds no more than the open files.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export function writeTrailLogs(options: {
  readonly folder: string;
  readonly records: Iterable<TrailRecord>;
  readonly perFile: number;
}): TrailLogs {
  const { folder, perFile } = options;
  const random = createSeededRandom('trail-logs');
  const open = new Map<string, Open>();
  const files: string[] = [];
  let records = 0;
  let bytes = 0;

  const close = (place: string, { texts, first }: Open): void => {
    const json = Buffer.from(`{"Records":[${texts.join(',')}]}`);
    const path = join(folder, pathOf(first, random.hex(16)));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, gzipSync(json));
    files.push(path);
    bytes += json.length;
    open.delete(place);
  };

  for (const record of options.records) {
    const place = `${record.recipientAccountId}/${record.awsRegion}`;
    const file = open.get(place) ?? { texts: [], first: record };
    open.set(place, file);
    file.texts.push(JSON.stringify(record));
    records += 1;
    if (file.texts.length === perFile) close(place, file);
  }
  for (const [place, file] of open) close(place, file);
  return { files, records, bytes };
}

function pathOf({ recipientAccountId, awsRegion, eventTime }: TrailRecord, unique: string): string {
  const [year = '', month = '', day = ''] = eventTime.slice(0, 10).split('-');
  const stamp = `${year}${month}${day}T${eventTime.slice(11, 13)}${eventTime.slice(14, 16)}Z`;
  const name = `${recipientAccountId}_CloudTrail_${awsRegion}_${stamp}_${unique}.json.gz`;
  return join('AWSLogs', recipientAccountId, 'CloudTrail', awsRegion, year, month, day, name);
}

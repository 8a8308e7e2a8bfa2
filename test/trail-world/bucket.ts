import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createSeededRandom } from './seeded-random.ts';
import type { TrailRecord } from './trail-record.ts';

/** An object as the strict server keeps it. */
export interface BucketObject {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A key pair that CloudTrail signs digests with. */
export interface DigestKey {
  readonly fingerprint: string;
  /** PKCS #1 in DER, as ListPublicKeys gives it. */
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

/** Which layout. */
export interface BucketPlan {
  readonly bucket: string;
  /** Before `AWSLogs/`, without a slash at its end; default none. */
  readonly prefix?: string;
  /** Of an organisation's trail. */
  readonly organization?: string;
  readonly trail?: string;
  /** Default the first of the records. */
  readonly homeRegion?: string;
  readonly records: Iterable<TrailRecord>;
  /** Places that are there whether anything happened in them or not: `ACCOUNT/REGION`. */
  readonly places?: readonly string[];
  /** How long after its first record a log is delivered, in milliseconds; default five minutes. */
  readonly delay?: number;
  /** Signs digests of every hour of the span; without it there are none. */
  readonly key?: DigestKey;
  /** From when to when digests are made; default from the first to the hour after the last log. */
  readonly digested?: { readonly from: number; readonly until: number };
}

const HOUR = 3_600_000;
const DELIVERY = 5 * 60_000;

/** Makes a key pair as CloudTrail has one for each Region. */
export function makeDigestKey(): DigestKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'pkcs1', format: 'der' });
  return { fingerprint: createHash('md5').update(der).digest('hex'), publicKey: der, privateKey };
}

/** An object of these bytes. */
export function toObject(body: Buffer, modifiedAt: number, metadata?: Record<string, string>): BucketObject {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const told = { body, contentType: 'application/json', etag, modifiedAt };
  return metadata === undefined ? told : { ...told, metadata };
}

/** A log of one place: all records of five minutes, delivered together. */
interface Log {
  readonly account: string;
  readonly region: string;
  readonly delivered: number;
  readonly records: TrailRecord[];
}

/** The objects that a trail and its neighbours leave in a bucket, by key, in the order of their keys. */
export function makeBucket(plan: BucketPlan): Map<string, BucketObject> {
  const random = createSeededRandom('bucket');
  const objects = new Map<string, BucketObject>();
  const logs = collectLogs(plan);
  const keys = new Map<Log, string>();
  for (const log of logs) {
    const key = logKey(plan, log, random.hex(16));
    keys.set(log, key);
    objects.set(key, toObject(gzipSync(JSON.stringify({ Records: log.records })), log.delivered));
  }
  const places = new Set([
    ...(plan.places ?? []),
    ...logs.map(({ account, region }) => `${account}/${region}`),
  ]);
  for (const place of places) {
    const [account = '', region = ''] = place.split('/');
    addNeighbours(objects, rootOf(plan), { account, region, time: logs[0]?.delivered ?? 0 });
    if (plan.key === undefined) continue;
    const own = logs.filter(log => log.account === account && log.region === region);
    const files = own.map(log => ({ time: log.delivered, key: keys.get(log) ?? '' }));
    addDigests(objects, plan, { account, region, files });
  }
  return new Map([...objects].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function collectLogs({ records, delay = DELIVERY }: BucketPlan): Log[] {
  const open = new Map<string, Log>();
  for (const record of records) {
    const { recipientAccountId: account, awsRegion: region } = record;
    const span = Math.floor(Date.parse(record.eventTime) / DELIVERY) * DELIVERY;
    const delivered = span + DELIVERY + delay;
    const name = `${account}/${region}/${delivered}`;
    const log = open.get(name) ?? { account, region, delivered, records: [] };
    open.set(name, log);
    log.records.push(record);
  }
  return [...open.values()].toSorted((a, b) => a.delivered - b.delivered);
}

function rootOf({ prefix, organization }: BucketPlan): string {
  return [prefix, 'AWSLogs', organization].filter(Boolean).join('/');
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
}

/** `YYYYMMDDTHHMMSSZ`, or without its seconds. */
function stampOf(time: number, length: 13 | 15): string {
  return `${new Date(time).toISOString().replaceAll(/[-:]/g, '').slice(0, length)}Z`;
}

function logKey(plan: BucketPlan, { account, region, delivered }: Log, unique: string): string {
  const name = `${account}_CloudTrail_${region}_${stampOf(delivered, 13)}_${unique}.json.gz`;
  return `${rootOf(plan)}/${account}/CloudTrail/${region}/${dayOf(delivered)}/${name}`;
}

/** What other services write beside the logs of a Control Tower bucket. */
function addNeighbours(
  objects: Map<string, BucketObject>,
  root: string,
  { account, region, time }: { readonly account: string; readonly region: string; readonly time: number },
): void {
  const [year = '', month = '', day = ''] = dayOf(time).split('/');
  const stamp = stampOf(time, 15);
  const put = (path: string, text: string): void => {
    objects.set(`${root}/${account}/${path}`, toObject(gzipSync(text), time));
  };
  put(
    `Config/${region}/${year}/${Number(month)}/${Number(day)}/ConfigHistory/${account}_Config_${region}_ConfigHistory_AWS::S3::Bucket_${stamp}_${stamp}_1.json.gz`,
    '{"fileVersion":"1.0","configurationItems":[]}',
  );
  put(
    `elasticloadbalancing/${region}/${dayOf(time)}/${account}_elasticloadbalancing_${region}_app.web.1_${stamp}_10.0.0.1_x.log.gz`,
    'http 2026-06-01T00:00:00.000000Z app/web/1 10.0.0.2:1 -',
  );
  put(
    `CloudTrail-Insight/${region}/${dayOf(time)}/${account}_CloudTrail-Insight_${region}_${stampOf(time, 13)}_x.json.gz`,
    '{"Records":[{"insightDetails":{"state":"Start"}}]}',
  );
}

/** Where digests are, and what they are of. */
export interface DigestPlace {
  readonly account: string;
  readonly region: string;
  readonly files: readonly { readonly time: number; readonly key: string }[];
}

/** A digest as it stands in the bucket. */
export interface Digest {
  readonly key: string;
  readonly text: string;
  readonly signature: string;
}

/** Adds a chain of digests, one an hour. */
function addDigests(objects: Map<string, BucketObject>, plan: BucketPlan, place: DigestPlace): void {
  const times = place.files.map(({ time }) => time);
  const { from = Math.min(...times), until = Math.max(...times) + HOUR } = plan.digested ?? {};
  if (!Number.isFinite(from)) return;
  let previous: Digest | undefined;
  for (let start = Math.floor(from / HOUR) * HOUR; start < until; start += HOUR) {
    const span = { start, end: start + HOUR };
    const files = place.files.filter(({ time }) => span.start <= time && time < span.end);
    previous = addDigest(objects, plan, { ...place, files, ...span, previous });
  }
}

/** Adds one digest, signed, that goes on from the one before it. */
export function addDigest(
  objects: Map<string, BucketObject>,
  plan: BucketPlan,
  digest: DigestPlace & {
    readonly start: number;
    readonly end: number;
    readonly previous: Digest | undefined;
    /** Made later, of old logs: when. */
    readonly backfilled?: number;
  },
): Digest {
  const { key: signer, bucket, trail = 'management-events' } = plan;
  if (signer === undefined) throw new Error('there is no key to sign with');
  const { account, region, files, start, end, previous, backfilled } = digest;
  const home = plan.homeRegion ?? region;
  const tail = backfilled === undefined ? '' : '_backfill';
  const name = `${account}_CloudTrail-Digest_${region}_${trail}_${home}_${stampOf(end, 15)}${tail}.json.gz`;
  const key = `${rootOf(plan)}/${account}/CloudTrail-Digest/${region}/${dayOf(end)}/${name}`;
  const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
  const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
  const text = JSON.stringify({
    awsAccountId: account,
    digestStartTime: time(start),
    digestEndTime: time(end),
    digestS3Bucket: bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: signer.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: time(end),
    oldestEventTime: time(start),
    previousDigestS3Bucket: previous === undefined ? null : bucket,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous === undefined ? null : hash(previous.text),
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: files.map(file => ({
      s3Bucket: bucket,
      s3Object: file.key,
      hashValue: hash(contentOf(objects, file.key)),
      hashAlgorithm: 'SHA-256',
      newestEventTime: time(file.time),
      oldestEventTime: time(file.time),
    })),
  });
  const signed = `${time(end)}\n${bucket}/${key}\n${hash(text)}\n${previous?.signature ?? 'null'}`;
  const signature = sign('sha256', Buffer.from(signed), signer.privateKey).toString('hex');
  objects.set(
    key,
    toObject(gzipSync(text), end, {
      signature,
      'signature-algorithm': 'SHA256withRSA',
      ...(backfilled === undefined ? {} : { 'backfill-generation-timestamp': time(backfilled) }),
    }),
  );
  return { key, text, signature };
}

function contentOf(objects: ReadonlyMap<string, BucketObject>, key: string): Buffer {
  const object = objects.get(key);
  if (object === undefined) throw new Error(`there is no ${key}`);
  return gunzipSync(object.body);
}

import { describeS3Folder, type S3Folder } from '../../core/base/s3-address.ts';
import type { ChangeQuery, ChangeSource, ReadOptions } from '../../core/source/source.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import { readTrailLogs, sourcesFor, type TrailLog } from '../../io/trail/log-reader.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openS3 } from '../s3/client.ts';
import type { ListedObject } from '../s3/list.ts';
import type { S3Call } from '../s3/object.ts';
import { BucketProgress } from './bucket-progress.ts';
import { deliveredIn } from './delivered.ts';
import { chooseLoose, listLogs, ownerOf } from './log-list.ts';
import { ObjectLogs } from './object-log.ts';
import { ObjectQueue } from './object-queue.ts';
import { PassedNames } from './passed-names.ts';
import { findPlaces, type TrailPlace, type TrailPlaces } from './places.ts';
import { ReadLogs } from './read-logs.ts';
import { verifyBucket } from './verify-bucket.ts';

/** Accounts that are read with one set of credentials. */
export interface BucketReader {
  /** None are all. */
  readonly accounts: readonly string[];
  readonly service: ServiceOptions;
}

/** Which bucket, and what of it. */
export interface TrailBucketOptions {
  readonly from: S3Folder;
  readonly readers: readonly BucketReader[];
  /** None are all. */
  readonly regions: readonly string[];
  /** How long logs are waited for beyond the end of what is asked, in milliseconds. */
  readonly late: number;
  /** Whether what is read is held against CloudTrail's digests, and what time it is, in milliseconds since the epoch. */
  readonly verifiedAt?: number | undefined;
}

/** Requests a second: S3 takes 5,500 reads of each prefix. https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html */
const MAX_RATE = 2000;
/** Logs read, and places listed, side by side. */
const LOGS_AT_ONCE = 8;
const PLACES_AT_ONCE = 4;
/** Logs that are listed ahead of being read: two pages of a list. */
const MOST_WAITING = 2000;

/** One reader at work. */
interface Reading {
  readonly reader: BucketReader;
  readonly call: S3Call;
  readonly found: TrailPlaces;
}

/** A log that is to be read, and with what. */
interface Item {
  readonly object: ListedObject;
  readonly call: S3Call;
}

/**
 * CloudTrail logs in the bucket of a trail, also one of a whole organisation, in constant memory: only the folders of the days that are asked,
 * and the logs that were delivered in that time or up to `late` after it. Logs that fail are at most one gap for each code. What is asked for
 * by name and is not there is TRAIL_NOT_SEEN.
 */
export function createTrailBucket(options: TrailBucketOptions): ChangeSource {
  const title = describeS3Folder(options.from);
  return {
    title,
    kind: 'files',
    async read(query, take, readOptions) {
      const run = new BucketRun(options, query, readOptions);
      try {
        return await run.read(take);
      } finally {
        run.close();
      }
    },
  };
}

class BucketRun {
  readonly #options: TrailBucketOptions;
  readonly #query: ChangeQuery;
  readonly #read: ReadOptions;
  readonly #delivered: TimeRange;
  readonly #folded = new FoldedFailures('object');
  readonly #noLogs = new PassedNames();
  readonly #queue = new ObjectQueue<Item>(MOST_WAITING);
  readonly #progress: BucketProgress;
  readonly #logs: ReadLogs | undefined;
  readonly #opened: { destroy(): void }[] = [];

  constructor(options: TrailBucketOptions, query: ChangeQuery, read: ReadOptions) {
    this.#options = options;
    this.#query = query;
    this.#read = read;
    this.#delivered = deliveredIn(query, options.late);
    this.#logs = options.verifiedAt === undefined ? undefined : new ReadLogs();
    this.#progress = new BucketProgress((done, detail) => read.onProgress?.(done, detail));
  }

  close(): void {
    this.#queue.close();
    for (const client of this.#opened) client.destroy();
  }

  async read(take: (record: unknown) => void): Promise<readonly DeployMarkerError[]> {
    const readings: Reading[] = [];
    for (const reader of this.#options.readers) readings.push(await this.#find(reader));
    const unseen = this.#unseen(readings);
    // Who lists waits for who reads: a failure of either ends the other.
    const listing = this.#listAll(readings);
    listing.catch(() => {});
    const { services } = this.#query;
    try {
      await readTrailLogs(this.#inTurn(), LOGS_AT_ONCE, {
        sources: sourcesFor(services),
        take,
        glance: take,
        signal: this.#read.signal,
        onRead: bytes => this.#progress.readSome(bytes),
        onFailure: (failure, problems) => this.#folded.add(failure, problems),
      });
    } finally {
      this.#queue.close();
    }
    await listing;
    this.#tellPassed(readings);
    const { verifiedAt: now, from } = this.#options;
    if (this.#logs !== undefined && now !== undefined) {
      const what = { bucket: from.bucket, delivered: this.#delivered, logs: this.#logs, now };
      for (const gap of await verifyBucket(what, readings, this.#read)) this.#folded.add(gap);
    }
    return [...unseen, ...this.#folded.toErrors()];
  }

  async #find(reader: BucketReader): Promise<Reading> {
    const service = openS3({ ...reader.service, maxRate: MAX_RATE });
    this.#opened.push(service.client);
    const call = { service, signal: this.#read.signal };
    const filter = { accounts: reader.accounts, regions: this.#options.regions };
    return { reader, call, found: await findPlaces(this.#options.from, filter, call) };
  }

  /** Lists all places, a few side by side, as far as logs are wanted. */
  async #listAll(readings: readonly Reading[]): Promise<void> {
    const places = readings.flatMap(({ found, call }) => found.places.map(place => ({ place, call })));
    this.#progress.addPlaces(places.length);
    const queue = places.values();
    const work = async (): Promise<void> => {
      for (const { place, call } of queue) await this.#listPlace(place, call);
    };
    try {
      for (const { reader, call, found } of readings) {
        const filter = { accounts: reader.accounts, regions: this.#options.regions };
        for (const object of chooseLoose(found.loose, this.#delivered, filter))
          await this.#put({ object, call });
      }
      await Promise.all(Array.from({ length: PLACES_AT_ONCE }, work));
      this.#queue.close();
    } catch (reason) {
      this.#queue.close({ reason });
      throw reason;
    }
  }

  async #listPlace(place: TrailPlace, call: S3Call): Promise<void> {
    const query = { bucket: this.#options.from.bucket, delivered: this.#delivered, noLogs: this.#noLogs };
    for await (const object of listLogs(place, query, call)) {
      if (!(await this.#put({ object, call }))) return;
    }
    this.#progress.endPlace();
  }

  #put(item: Item): Promise<boolean> {
    this.#progress.found(item.object.bytes);
    return this.#queue.put(item);
  }

  async *#inTurn(): AsyncGenerator<TrailLog> {
    const logs = new ObjectLogs(this.#options.from.bucket);
    for await (const { object, call } of this.#queue) {
      this.#progress.readObject();
      yield logs.toLog(object, call, this.#logs?.watch(object.key));
    }
  }

  /** What is asked for by its name, and is not in the bucket. */
  #unseen(readings: readonly Reading[]): DeployMarkerError[] {
    const title = describeS3Folder(this.#options.from);
    const seen = { accounts: new Set<string>(), regions: new Set<string>(), met: new Set<string>() };
    for (const { found } of readings) {
      for (const kind of ['accounts', 'regions', 'met'] as const) {
        for (const name of found[kind]) seen[kind].add(name);
      }
      for (const { key } of found.loose) {
        const { account, region } = ownerOf(key);
        // Of such a log only its records tell whose it is.
        if (account === undefined || region === undefined) return [];
        seen.accounts.add(account);
        seen.regions.add(region);
        seen.met.add(account);
      }
    }
    const { regions } = this.#options;
    const accounts = this.#options.readers.flatMap(reader => reader.accounts);
    const lacking = [
      ...accounts.filter(account => !seen.accounts.has(account)).map(account => `the account ${account}`),
      ...regions.filter(region => !seen.regions.has(region)).map(region => `the Region ${region}`),
    ];
    const elsewhere = accounts.filter(account => seen.accounts.has(account) && !seen.met.has(account));
    if (lacking.length > 0) return [notSeen(`${title} has no logs of ${lacking.join(', ')}`)];
    if (seen.regions.size === 0)
      return [notSeen(`${title} holds no CloudTrail log, and no folder of a trail`)];
    if (elsewhere.length === 0) return [];
    const where = regions.length === 0 ? 'any Region' : regions.join(', ');
    return [notSeen(`${title} has no logs of ${elsewhere.join(', ')} in ${where}`)];
  }

  #tellPassed(readings: readonly Reading[]): void {
    const beside = new PassedNames();
    for (const { found } of readings) {
      beside.addAll(found.passed);
      this.#noLogs.addAll(found.noLogs);
    }
    const told = [
      beside.toLeftOut('folders or objects by AWS or others beside the logs of events'),
      this.#noLogs.toLeftOut('objects that are not called like logs'),
    ];
    for (const leftOut of told) if (leftOut !== undefined) this.#read.onLeftOut?.(leftOut);
  }
}

function notSeen(message: string): DeployMarkerError {
  return new DeployMarkerError('TRAIL_NOT_SEEN', message);
}

import type { LogFault, LogIntegrity } from '../../core/source/integrity.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readTrailLogs } from '../../io/trail/log-reader.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { listFolder } from '../s3/list.ts';
import type { S3Call } from '../s3/object.ts';
import { stampOf } from './delivered.ts';
import type { Digest } from './digest.ts';
import { type DigestChain, walkChain } from './digest-chain.ts';
import { type DigestList, listDigests } from './digest-list.ts';
import { ObjectLogs } from './object-log.ts';
import type { TrailPlace } from './places.ts';
import { type PublicKeys, readPublicKeys } from './public-keys.ts';
import { LogHash, type PlaceLogs } from './read-logs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** CloudTrail writes a digest each hour, and delivers it some minutes later: a log that is older has one. Our own choice. */
const DIGESTED_AFTER = 2.5 * HOUR;
/** A log that is delivered as an hour ends is in the digest of that hour, or of the next. */
const EDGE = 10 * MINUTE;

/** What is verified: the logs of one place that were read. */
export interface PlaceToVerify {
  readonly bucket: string;
  readonly place: TrailPlace;
  readonly delivered: TimeRange;
  readonly logs: PlaceLogs;
  readonly service: ServiceOptions;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What came of it, and why something could not be verified. */
export interface PlaceVerdict {
  readonly integrity: LogIntegrity;
  readonly gaps: readonly DeployMarkerError[];
}

/** Holds the logs of one account and Region against CloudTrail's digests, as `aws cloudtrail validate-logs` does. It fails as lists do. */
export async function verifyPlace(what: PlaceToVerify, call: S3Call): Promise<PlaceVerdict> {
  const lists = await listDigests(what.place, what, call);
  const check = new PlaceCheck(what, call);
  for (const list of lists) check.add(await walkList(list, what, check, call));
  return check.end();
}

async function walkList(
  list: DigestList,
  what: PlaceToVerify,
  check: PlaceCheck,
  call: S3Call,
): Promise<DigestChain> {
  const { bucket, place, delivered, service, signal } = what;
  const own = { ...service, region: place.region };
  const known = new Map<number, Promise<PublicKeys>>();
  const keysAt = (range: TimeRange): Promise<PublicKeys> => {
    const keys = known.get(range.from) ?? readPublicKeys(own, range, signal).then(requireKeys(place.region));
    known.set(range.from, keys);
    return keys;
  };
  return walkChain(
    list,
    {
      bucket,
      from: delivered.from,
      take: logs => check.take(logs),
      keysFor(metadata) {
        if (!list.isBackfill) return keysAt({ from: delivered.from, until: delivered.until + 2 * HOUR });
        const made = Date.parse(metadata['backfill-generation-timestamp'] ?? '');
        if (Number.isNaN(made)) throw new Error('it does not say when it was made');
        return keysAt({ from: made - HOUR, until: made + HOUR });
      },
    },
    call,
  );
}

/** Without any key nothing holds, and nobody is to blame. */
function requireKeys(region: string): (keys: PublicKeys) => PublicKeys {
  return keys => {
    if (keys.size > 0) return keys;
    throw unverified(`CloudTrail gives no public key of ${region} for the time that is asked for`);
  };
}

class PlaceCheck {
  readonly #what: PlaceToVerify;
  readonly #call: S3Call;
  readonly #digests: TimeRange[] = [];
  readonly #chainFaults: LogFault[] = [];
  readonly #faults: LogFault[] = [];
  /** Objects among the faults. */
  readonly #faulty = new Set<string>();
  readonly #elsewhere = new Set<string>();
  readonly #spans: TimeRange[] = [];
  readonly #gaps: DeployMarkerError[] = [];
  #valid = 0;
  #pending = 0;

  constructor(what: PlaceToVerify, call: S3Call) {
    this.#what = what;
    this.#call = call;
  }

  /** Checks the logs that one digest tells of. */
  async take(logs: Digest['logs']): Promise<void> {
    for (const { bucket, key, hash } of logs) {
      if (bucket === this.#what.bucket) await this.#checkSigned(key, hash);
      else if (this.#isAsked(key)) this.#elsewhere.add(`s3://${bucket}`);
    }
  }

  /** Takes what came of a chain, beside its logs. */
  add({ digests, faults, gaps }: DigestChain): void {
    for (const digest of digests) this.#digests.push(digest);
    for (const fault of faults) this.#chainFaults.push(fault);
    for (const gap of gaps) this.#spans.push(gap);
  }

  /** What came of all chains. */
  end(): PlaceVerdict {
    if (this.#elsewhere.size > 0)
      this.#tellGap(`logs of that time are in ${[...this.#elsewhere].join(', ')}, which is not read`);
    this.#checkUnsigned();
    for (const gap of this.#spans) {
      const span = `${formatUtcTime(gap.from)} to ${formatUtcTime(gap.until)}`;
      this.#tellGap(`the digests have a gap from ${span}: what was logged in it cannot be verified`);
    }
    const { account = '', region } = this.#what.place;
    return {
      integrity: {
        account,
        region,
        digests: this.#digests.length,
        logs: this.#valid,
        pending: this.#pending,
        faults: [...this.#chainFaults, ...this.#faults],
      },
      gaps: this.#gaps,
    };
  }

  /** A log that CloudTrail signed for: one that was read, or should have been. It may be in two digests, of which one came later. */
  async #checkSigned(key: string, hash: string): Promise<void> {
    const { logs } = this.#what;
    const wasRead = logs.has(key);
    if (!wasRead && !this.#isAsked(key)) return;
    const isFirst = logs.sign(key);
    const found = logs.hashOf(key) ?? (await this.#hashAgain(key));
    if (found === 'unreadable') return;
    if (found === hash) this.#valid += isFirst || !wasRead ? 1 : 0;
    else if (found === 'missing') this.#addFault('missing', key, 'it is signed for and is not there');
    else this.#addFault('changed', key, 'its content is not what CloudTrail signed for');
  }

  /** Whether a log lies where and when logs were listed. */
  #isAsked(key: string): boolean {
    const { place, delivered } = this.#what;
    const time = stampOf(key);
    return (
      key.startsWith(place.prefix) && time !== undefined && delivered.from <= time && time <= delivered.until
    );
  }

  /** Of a log that was not read to its end. */
  async #hashAgain(key: string): Promise<string> {
    const call = this.#call;
    const { bucket, signal } = this.#what;
    const { objects } = await listFolder({ bucket, prefix: key }, call);
    const object = objects.find(each => each.key === key);
    if (object === undefined) return 'missing';
    const hash = new LogHash();
    let failure: DeployMarkerError | undefined;
    const log = new ObjectLogs(bucket).toLog(object, call, hash);
    // Whatever is no record was told when the log was read.
    const ignoring = { ...log, readWhole: () => undefined };
    await readTrailLogs([ignoring], 1, {
      sources: [],
      take: () => {},
      signal,
      onFailure(error) {
        failure ??= error;
      },
    });
    if (hash.value !== undefined) return hash.value;
    if (failure === undefined || failure.code === 'TRAIL_LOG_INVALID') return 'broken';
    this.#tellGap(`${failure.message}, and so is not verified`);
    return 'unreadable';
  }

  /** Logs that no digest tells of: too new, of a time without digests, or put there by somebody else. */
  #checkUnsigned(): void {
    let open = 0;
    let example = '';
    for (const key of this.#what.logs.unsigned()) {
      const time = stampOf(key) ?? 0;
      if (this.#isCovered(time) && this.#isCovered(time + EDGE)) {
        this.#addFault('extra', key, 'no digest of its time tells of it');
      } else if (time > this.#what.now - DIGESTED_AFTER) this.#pending += 1;
      else {
        open += 1;
        example ||= key;
      }
    }
    if (open === 0) return;
    const logs = open === 1 ? '1 log' : `${open.toLocaleString('en')} logs`;
    this.#tellGap(`${logs} of a time without valid digests cannot be verified, such as ${example}`);
  }

  #isCovered(time: number): boolean {
    return this.#digests.some(({ from, until }) => from <= time && time < until);
  }

  #addFault(kind: LogFault['kind'], key: string, message: string): void {
    const object = `s3://${this.#what.bucket}/${key}`;
    if (this.#faulty.has(object)) return;
    this.#faulty.add(object);
    this.#faults.push({ kind, object, message, time: stampOf(key) ?? 0 });
  }

  #tellGap(message: string): void {
    const { account = '', region } = this.#what.place;
    this.#gaps.push(unverified(`${account} ${region}: ${message}`));
  }
}

/** What cannot be verified, and why. */
export function unverified(message: string, cause?: unknown): DeployMarkerError {
  const hint = isDeployMarkerError(cause) ? cause.hint : undefined;
  return new DeployMarkerError('TRAIL_UNVERIFIED', message, hint === undefined ? {} : { hint, cause });
}

import { setImmediate } from 'node:timers/promises';
import { ProblemList } from '../../core/base/problem-list.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { isAll, type ServiceChoice } from '../../core/services/choice.ts';
import {
  DeployMarkerError,
  type ErrorDetails,
  isDeployMarkerError,
} from '../../errors/deploy-marker-error.ts';
import { unpackPieces } from './gzip-members.ts';
import { PlainRecords } from './plain/plain-records.ts';
import { type ByteFilter, RecordFilter } from './record-filter.ts';
import type { TakeRecord } from './record-forms.ts';
import { RecordSplitter } from './record-splitter.ts';
import { WriteFilter } from './write-filter.ts';

/** Size of the pieces in which a log is read and unpacked: large enough that a step for each of them costs nothing. */
export const PIECE = 262_144;

const NO_RECORD_HINT = 'name a CloudTrail log, or a folder of them, and nothing else';

/** A CloudTrail log, wherever it lies. */
export interface TrailLog {
  /** For people. */
  readonly path: string;
  /** Size as it is stored, for progress; where nobody knows it, 0. */
  readonly bytes: number;
  /** All of it, unpacked, where that takes one step; undefined where a stream does better, also for what is damaged. */
  readWhole(signal: AbortSignal): Buffer | undefined | Promise<Buffer | undefined>;
  /** Its bytes as they are stored. */
  open(signal: AbortSignal): AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>;
  /** Is shown what it holds, unpacked, up to its end or its fault. */
  readonly watch?: ContentWatch | undefined;
  /** What an error of its storage is; undefined if it is none of this log's alone. */
  toFailure(error: unknown): DeployMarkerError | undefined;
}

/** Looks at the content of a log while it is read. */
export interface ContentWatch {
  update(piece: Buffer): void;
  /** It is not one stream of gzip and nothing else. */
  tellOdd(): void;
  /** All of it was shown. */
  end(): void;
}

/** What to read of the logs. */
export interface LogReadOptions {
  /** Values of `eventSource`, `lambda.amazonaws.com`, say, or `writes` of all; with none, every record is taken. */
  readonly sources: readonly string[] | 'writes';
  /**
   * Called for each record of these, and for others that bytes alone do not tell from them. The order is that of the log, but logs
   * take turns.
   */
  readonly take: TakeRecord;
  /** Called for a few of the other records, the first and the last of each log among them, so that a trail shows that it lives. */
  readonly glance?: TakeRecord;
  readonly signal: AbortSignal;
  /** Called with the stored bytes that were read since the last call, for progress. */
  readonly onRead?: (bytes: number) => void;
  /**
   * Called for each log that was not read to its end (INPUT_UNREADABLE, TRAIL_LOG_INVALID), holds something else than records
   * (TRAIL_LOG_INVALID), or is one page of several (ANSWER_INCOMPLETE); in the order of the logs, whichever is read first.
   */
  readonly onFailure: TakeFailure;
}

/** What to read of logs for the changes of services: calls to STS too, for AssumeRole ties roles to sessions. */
export function sourcesFor(services: ServiceChoice): LogReadOptions['sources'] {
  return isAll(services) ? 'writes' : [...new Set([...services, 'sts'])].map(name => `${name}.amazonaws.com`);
}

/** @param problems all behind the failure, where there are several */
type TakeFailure = (failure: DeployMarkerError, problems?: ProblemList) => void;

/**
 * Reads CloudTrail logs, gzipped or not, in constant memory. A log that fails does not keep the others from being read,
 * and its records before the fault have been taken.
 *
 * @param atOnce as many are read side by side
 * @returns how many records were seen, taken or not, those of logs that broke off included
 * @throws the signal's reason when it aborts, and what `take` throws
 */
export async function readTrailLogs(
  logs: Iterable<TrailLog> | AsyncIterable<TrailLog>,
  atOnce: number,
  options: LogReadOptions,
): Promise<number> {
  const filter = toFilter(options.sources);
  let records = 0;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const queue = oneByOne(logs);
  const plain = new PlainRecords();
  const turns = new Turns();
  const work = async (): Promise<void> => {
    for await (const [rank, log] of { [Symbol.asyncIterator]: () => queue }) {
      const splitter = new RecordSplitter(filter, options.take, { glance: options.glance, plain });
      const failures: Parameters<TakeFailure>[] = [];
      await readLog(log, splitter, { ...options, signal, onFailure: (...failure) => failures.push(failure) });
      records += splitter.count;
      turns.end(rank, () => {
        for (const failure of failures) options.onFailure(...failure);
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    stop.abort();
  }
  return records;
}

/** Several take from it, each item with its rank from 0, and none of them ends it for the others. */
function oneByOne<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterator<readonly [rank: number, item: T]> {
  const iterator = (async function* () {
    let rank = 0;
    for await (const item of items) yield [rank++, item] as const;
  })();
  return { next: () => iterator.next() };
}

/** What is done side by side, and told in its order. */
class Turns {
  readonly #ended = new Map<number, () => void>();
  #next = 0;

  /** @param tell is called once all before it have ended */
  end(rank: number, tell: () => void): void {
    this.#ended.set(rank, tell);
    for (let next = this.#ended.get(this.#next); next !== undefined; next = this.#ended.get(this.#next)) {
      this.#ended.delete(this.#next);
      this.#next += 1;
      next();
    }
  }
}

function toFilter(sources: LogReadOptions['sources']): ByteFilter | undefined {
  if (sources === 'writes') return new WriteFilter();
  return sources.length === 0 ? undefined : new RecordFilter(sources);
}

async function readLog(log: TrailLog, splitter: RecordSplitter, options: LogReadOptions): Promise<void> {
  const { signal, onFailure } = options;
  try {
    if (await splitWhole(log, splitter, options)) {
      // Signals and timers come between two logs.
      await setImmediate();
      signal.throwIfAborted();
    } else await splitStream(log, splitter, options);
    log.watch?.end();
    splitter.end();
  } catch (error) {
    signal.throwIfAborted();
    onFailure(toFailure(error, log, splitter.count));
  }
  tellRest(splitter, log.path, onFailure);
}

/** What a log that can be read holds beside records, or lacks. */
function tellRest({ refused, isPage, count }: RecordSplitter, path: string, onFailure: TakeFailure): void {
  const { problems: found, hint } = refused;
  const problems = new ProblemList();
  problems.addAll(found, line => `${path}: ${line}`);
  if (problems.count > 0) {
    const message = `${path}: ${found.count} of ${count} records are not read: ${found.first}`;
    const lines = problems.count === 1 ? undefined : problems.toLines();
    const details = withoutUndefined({ hint: hint ?? NO_RECORD_HINT, problems: lines });
    onFailure(new DeployMarkerError('TRAIL_LOG_INVALID', message, details), problems);
  }
  if (isPage) {
    const message = `${path} is not all of an answer: it names a next page`;
    const hint = 'run the command that wrote it without --max-items and --no-paginate';
    onFailure(new DeployMarkerError('ANSWER_INCOMPLETE', message, { hint }));
  }
}

/** Its bytes may go as soon as they are split: they are the largest part of all memory. @returns false if a stream does better */
async function splitWhole(
  log: TrailLog,
  splitter: RecordSplitter,
  { signal, onRead }: LogReadOptions,
): Promise<boolean> {
  const whole = await log.readWhole(signal);
  if (whole === undefined) return false;
  log.watch?.update(whole);
  splitter.push(whole);
  onRead?.(log.bytes);
  return true;
}

async function splitStream(log: TrailLog, splitter: RecordSplitter, options: LogReadOptions): Promise<void> {
  const stored = counted(await log.open(options.signal), options);
  const onOdd = (): void => log.watch?.tellOdd();
  try {
    for await (const piece of unpackPieces(stored, PIECE, onOdd)) {
      options.signal.throwIfAborted();
      log.watch?.update(piece);
      splitter.push(piece);
    }
  } finally {
    // Nobody waits for a piece that may never come.
    stored.return(undefined).catch(() => {});
  }
}

async function* counted(pieces: AsyncIterable<Buffer>, { onRead }: LogReadOptions): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    onRead?.(piece.length);
    yield piece;
  }
}

/** @throws what is no fault of the log */
function toFailure(error: unknown, log: TrailLog, records: number): DeployMarkerError {
  const invalid = (why: string, details: ErrorDetails = {}): DeployMarkerError =>
    new DeployMarkerError('TRAIL_LOG_INVALID', `${log.path} is not a whole CloudTrail log: ${why}`, {
      cause: error,
      ...details,
    });
  if (isDeployMarkerError(error) && error.code === 'TRAIL_LOG_INVALID') {
    return invalid(error.message, { hint: error.hint });
  }
  if (isGzipFault(error)) {
    return invalid(`its gzip data breaks off after ${records} records (${error.message})`);
  }
  const failure = log.toFailure(error);
  if (failure !== undefined) return failure;
  throw error;
}

function isGzipFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ProblemList } from '../../core/base/problem-list.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import {
  DeployMarkerError,
  type ErrorDetails,
  isDeployMarkerError,
} from '../../errors/deploy-marker-error.ts';
import { openByteStream } from '../records/byte-stream.ts';
import { type TrailFile, unreadable } from './folder.ts';
import { gunzipWhole, isGzip, unpackPieces } from './gzip-members.ts';
import { type ByteFilter, RecordFilter } from './record-filter.ts';
import type { TakeRecord } from './record-forms.ts';
import { RecordSplitter } from './record-splitter.ts';
import { WriteFilter } from './write-filter.ts';

/** Size of the pieces in which a log is read and unpacked: large enough that a step for each of them costs nothing. */
const PIECE = 262_144;
/** Up to this size on disk a file is read in one step, unless it unpacks to more than the second figure. */
const SMALL = 131_072;
const LARGEST_UNPACKED = 8_000_000;
/** Files read side by side: while the records of one are parsed, the other is unpacked on another thread. */
const AT_ONCE = 2;

const NO_RECORD_HINT = 'name a CloudTrail log, or a folder of them, and nothing else';

/** What to read of the logs. */
export interface TrailReadOptions {
  /** Values of `eventSource`, `lambda.amazonaws.com`, say, or `writes` of all; with none, every record is taken. */
  readonly sources: readonly string[] | 'writes';
  /**
   * Called for each record of these, and for others that bytes alone do not tell from them. The order is that of the file, but files
   * take turns.
   */
  readonly take: TakeRecord;
  /** Called for a few of the other records, the first and the last of each file among them, so that a trail shows that it lives. */
  readonly glance?: TakeRecord;
  readonly signal: AbortSignal;
  /** Called with the bytes on disk that were read since the last call, for progress. */
  readonly onRead?: (bytes: number) => void;
  /**
   * Called for each file that was not read to its end (INPUT_UNREADABLE, TRAIL_LOG_INVALID), holds something else than records
   * (TRAIL_LOG_INVALID), or is one page of several (ANSWER_INCOMPLETE).
   */
  readonly onFailure: TakeFailure;
}

/** @param problems all behind the failure, where there are several */
type TakeFailure = (failure: DeployMarkerError, problems?: ProblemList) => void;

/**
 * Reads CloudTrail logs, gzipped or not, in constant memory. A file that fails does not keep the others from being read,
 * and its records before the fault have been taken.
 *
 * @returns how many records were seen, taken or not, those of files that broke off included
 * @throws the signal's reason when it aborts, and what `take` throws
 */
export async function readTrailFiles(
  files: readonly TrailFile[],
  options: TrailReadOptions,
): Promise<number> {
  const filter = toFilter(options.sources);
  let records = 0;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      const splitter = new RecordSplitter(filter, options.take, options.glance);
      await readFile(file, splitter, { ...options, signal });
      records += splitter.count;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    stop.abort();
  }
  return records;
}

function toFilter(sources: TrailReadOptions['sources']): ByteFilter | undefined {
  if (sources === 'writes') return new WriteFilter();
  return sources.length === 0 ? undefined : new RecordFilter(sources);
}

async function readFile(file: TrailFile, splitter: RecordSplitter, options: TrailReadOptions): Promise<void> {
  const { signal, onRead, onFailure } = options;
  try {
    const whole = readSmall(file);
    if (whole === undefined) await splitStream(file, splitter, options);
    else {
      splitter.push(whole);
      onRead?.(file.bytes);
      // Signals and timers come between two files.
      await setImmediate();
      signal.throwIfAborted();
    }
    splitter.end();
  } catch (error) {
    signal.throwIfAborted();
    onFailure(toFailure(error, file.path, splitter.count));
  }
  tellRest(splitter, file.path, onFailure);
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

/** A small file in one step: streams take a hundred times as long as its few records, and trails write many such files. */
function readSmall({ path, bytes }: TrailFile): Buffer | undefined {
  if (bytes === 0 || bytes > SMALL) return undefined;
  try {
    const content = readFileSync(path);
    return isGzip(content) ? gunzipWhole(content, LARGEST_UNPACKED) : content;
  } catch {
    // The stream takes the records before the fault, and names it.
    return undefined;
  }
}

async function splitStream(
  file: TrailFile,
  splitter: RecordSplitter,
  options: TrailReadOptions,
): Promise<void> {
  const source = await openByteStream(file.path, options.signal, PIECE);
  let read = 0;
  const report = (): void => {
    options.onRead?.(source.bytesRead - read);
    read = source.bytesRead;
  };
  try {
    for await (const piece of unpackPieces(source, PIECE)) {
      options.signal.throwIfAborted();
      splitter.push(piece);
      report();
    }
  } finally {
    source.destroy();
    report();
  }
}

/** @throws what is no fault of the file */
function toFailure(error: unknown, path: string, records: number): DeployMarkerError {
  const invalid = (why: string, details: ErrorDetails = {}): DeployMarkerError =>
    new DeployMarkerError('TRAIL_LOG_INVALID', `${path} is not a whole CloudTrail log: ${why}`, {
      cause: error,
      ...details,
    });
  if (isDeployMarkerError(error) && error.code === 'TRAIL_LOG_INVALID') {
    return invalid(error.message, { hint: error.hint });
  }
  if (isGzipFault(error)) {
    return invalid(`its gzip data breaks off after ${records} records (${error.message})`);
  }
  if (error instanceof Error && 'syscall' in error) return unreadable(path, error);
  throw error;
}

function isGzipFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

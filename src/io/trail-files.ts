import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { DeployMarkerError, type ErrorDetails, isDeployMarkerError } from '../errors/deploy-marker-error.ts';
import { openByteStream } from './byte-stream.ts';
import { RecordSplitter, type TakeRecord } from './record-splitter.ts';
import { type TrailFile, unreadable } from './trail-folder.ts';

/** Size of the pieces in which a log is read and unpacked: large enough that a step for each of them costs nothing. */
const PIECE = 262_144;
/** Up to this size on disk a file is read in one step, unless it unpacks to more than the second figure. */
const SMALL = 131_072;
const LARGEST_UNPACKED = 8_000_000;
/** Files read side by side: while the records of one are parsed, the other is unpacked on another thread. */
const AT_ONCE = 2;

/** What to read of the logs. */
export interface TrailReadOptions {
  /** Texts as they stand in the log, `"lambda.amazonaws.com"` with its quotes, say; with none, every record is taken. */
  readonly needles: readonly string[];
  /** Called for each record that holds a needle. The order is that of the file, but files take turns. */
  readonly take: TakeRecord;
  /** Called for a few of the other records, the first and the last of each file among them, so that a trail shows that it lives. */
  readonly glance?: TakeRecord;
  readonly signal: AbortSignal;
  /** Called with the bytes on disk that were read since the last call, for progress. */
  readonly onRead?: (bytes: number) => void;
}

/** What became of the files. */
export interface TrailReadResult {
  /** Records seen, taken or not, those of files that broke off included. */
  readonly records: number;
  /** INPUT_UNREADABLE or TRAIL_LOG_INVALID for each file that was not read to its end. */
  readonly failures: readonly DeployMarkerError[];
}

/**
 * Reads CloudTrail logs, gzipped or not, in constant memory. A file that fails does not keep the others from being read,
 * and its records before the fault have been taken.
 *
 * @throws the signal's reason when it aborts, and what `take` throws
 */
export async function readTrailFiles(
  files: readonly TrailFile[],
  options: TrailReadOptions,
): Promise<TrailReadResult> {
  const failures: DeployMarkerError[] = [];
  let records = 0;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      const result = await readFile(file, { ...options, signal });
      records += result.records;
      failures.push(...result.failures);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    stop.abort();
  }
  return { records, failures };
}

async function readFile(file: TrailFile, options: TrailReadOptions): Promise<TrailReadResult> {
  const { needles, take, glance, signal, onRead } = options;
  const splitter = new RecordSplitter(needles, take, glance);
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
    return { records: splitter.count, failures: [] };
  } catch (error) {
    signal.throwIfAborted();
    return { records: splitter.count, failures: [toFailure(error, file.path, splitter.count)] };
  }
}

/** A small file in one step: streams take a hundred times as long as its few records, and trails write many such files. */
function readSmall({ path, bytes }: TrailFile): Buffer | undefined {
  if (bytes === 0 || bytes > SMALL) return undefined;
  try {
    const content = readFileSync(path);
    return isGzip(content) ? gunzipSync(content, { maxOutputLength: LARGEST_UNPACKED }) : content;
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
  let unpacked: Readable = source;
  try {
    // Not by its name: the first bytes tell, and stay in the stream.
    await once(source, 'readable');
    const head: unknown = source.read();
    if (Buffer.isBuffer(head)) source.unshift(head);
    if (Buffer.isBuffer(head) && isGzip(head)) unpacked = source.pipe(createGunzip({ chunkSize: PIECE }));
    source.once('error', error => unpacked.destroy(error));
    for await (const piece of unpacked) {
      options.signal.throwIfAborted();
      splitter.push(piece);
      report();
    }
  } finally {
    source.destroy();
    unpacked.destroy();
    report();
  }
}

/** Whether bytes begin as gzip does. Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
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

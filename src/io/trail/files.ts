import { readFileSync } from 'node:fs';
import { openByteStream } from '../records/byte-stream.ts';
import { type TrailFile, unreadable } from './folder.ts';
import { gunzipWhole, isGzip } from './gzip-members.ts';
import { type LogReadOptions, PIECE, readTrailLogs, type TrailLog } from './log-reader.ts';

/** Up to this size on disk a file is read in one step, unless it unpacks to more than the second figure. */
const SMALL = 1_000_000;
const LARGEST_UNPACKED = 16_000_000;
/** Files read side by side: while the records of one are parsed, the other is unpacked on another thread. */
const AT_ONCE = 2;

/** Reads logs that are files, as {@link readTrailLogs} does. */
export function readTrailFiles(files: readonly TrailFile[], options: LogReadOptions): Promise<number> {
  return readTrailLogs(files.map(toLog), AT_ONCE, options);
}

function toLog(file: TrailFile): TrailLog {
  return {
    ...file,
    readWhole: () => readSmall(file),
    open: signal => openByteStream(file.path, signal, PIECE),
    toFailure: error =>
      error instanceof Error && 'syscall' in error ? unreadable(file.path, error) : undefined,
  };
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

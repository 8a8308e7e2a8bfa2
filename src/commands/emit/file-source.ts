import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeFileFault } from '../../io/file/file-fault.ts';
import type { Io } from '../../io/io.ts';
import { openByteStream } from '../../io/records/byte-stream.ts';
import { readJsonRecords } from '../../io/records/json-records.ts';
import type { RecordSource } from './source.ts';

/** How much of a file is read at a time: a few dozen lines, whose markers then die young. Larger blocks only take memory. */
const BLOCK_BYTES = 1 << 14;

/**
 * The records of a file, or of stdin or another pipe, which is first copied to a temporary file with mode 0600, for it
 * can be read only once.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE
 */
export async function createFileSource(path: string, io: Io): Promise<RecordSource> {
  const name = path === '-' ? 'stdin' : path;
  const given = resolve(io.cwd, path);
  const mustCopy = path === '-' || !(await isRegular(given, name));
  const file = mustCopy
    ? await copy(path === '-' ? io.stdin : await openByteStream(given, io.signal), name, io.signal)
    : given;
  return {
    name,
    async *records(pass) {
      const signal = pass === 'check' ? io.signal : undefined;
      try {
        yield* readJsonRecords(createReadStream(file, { highWaterMark: BLOCK_BYTES, signal }));
      } catch (error) {
        signal?.throwIfAborted();
        throw unreadable(name, error);
      }
    },
    close: async () => {
      if (mustCopy) await rm(file, { force: true });
    },
  };
}

async function isRegular(file: string, name: string): Promise<boolean> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error('it is a directory');
    return found.isFile();
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function copy(bytes: AsyncIterable<Uint8Array>, name: string, signal: AbortSignal): Promise<string> {
  const file = join(tmpdir(), `deploy-marker-${crypto.randomUUID()}.jsonl`);
  try {
    await pipeline(bytes, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
    return file;
  } catch (error) {
    await rm(file, { force: true });
    signal.throwIfAborted();
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): DeployMarkerError {
  if (error instanceof DeployMarkerError) return error;
  return new DeployMarkerError(
    'INPUT_UNREADABLE',
    `${quote(name)} cannot be read: ${describeFileFault(error, 'read')}`,
    {
      hint: 'name a readable file of JSON Lines with --from, or - for stdin',
      cause: error,
    },
  );
}

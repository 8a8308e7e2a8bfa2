import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';

/** A file that is read in pieces. */
export interface ByteStream extends Readable {
  /** So far. */
  readonly bytesRead: number;
}

/**
 * Opens a file or a pipe for reading, until the signal aborts. A pipe is waited for outside of the thread pool, where a call that
 * blocks would keep the process from ending. Fails as Node.js does.
 */
export async function openByteStream(
  path: string,
  signal: AbortSignal,
  highWaterMark = 65_536,
): Promise<ByteStream> {
  signal.throwIfAborted();
  // What cannot be looked at fails again below, as it should.
  if (!statSync(path, { throwIfNoEntry: false })?.isFIFO())
    return createReadStream(path, { highWaterMark, signal });
  const { Socket } = await import('node:net');
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return addAbortSignal(signal, new Socket({ fd, readable: true, writable: false }));
}

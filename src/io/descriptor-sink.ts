import { writeSync } from 'node:fs';
import { isCode } from './file/error-code.ts';
import type { TextSink } from './io.ts';

/** A sink whose end can be waited for. */
export interface DescriptorSink extends TextSink {
  /** Resolves when all that was written is out, or will never be. */
  drain(): Promise<void>;
}

/**
 * A sink that writes straight to a file descriptor, for Node's stream over it takes long to set up.
 *
 * Where the descriptor cannot take more at once (a full pipe that does not block), the rest and all that follows go to
 * the stream, which waits. `write` never throws: a reader that has gone away is no failure, and any other, such as a
 * full disk, is kept in `failure`, for what the program does matters more than what it says.
 */
export function createDescriptorSink(
  descriptor: number,
  openStream: () => NodeJS.WritableStream,
): DescriptorSink {
  let stream: NodeJS.WritableStream | undefined;
  let failure: Error | undefined;
  let isClosed = false;
  const fail = (error: unknown): void => {
    isClosed = true;
    if (!isCode(error, 'EPIPE')) failure ??= error instanceof Error ? error : new Error(String(error));
  };
  const toStream = (bytes: Uint8Array): void => {
    if (stream === undefined) {
      stream = openStream();
      stream.on('error', fail);
    }
    stream.write(bytes);
  };
  return {
    get failure() {
      return failure;
    },
    write(text) {
      let rest = Buffer.from(text);
      if (stream !== undefined) return toStream(rest);
      try {
        while (!isClosed && rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        if (isCode(error, 'EAGAIN')) return toStream(rest);
        fail(error);
      }
      return undefined;
    },
    drain: () =>
      new Promise(resolve => {
        if (stream === undefined || isClosed) resolve();
        else stream.write('', () => resolve());
      }),
  };
}

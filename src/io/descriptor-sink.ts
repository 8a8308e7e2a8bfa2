import { writeSync } from 'node:fs';
import type { TextSink } from './io.ts';

/**
 * A sink that writes straight to a file descriptor, for Node's stream over it takes long to set up.
 *
 * Where the descriptor cannot take more at once (a full pipe that does not block), the rest and all that follows go to
 * the stream, which waits. A reader that has gone away is no failure: what was done stays done.
 */
export function createDescriptorSink(descriptor: number, openStream: () => NodeJS.WritableStream): TextSink {
  let stream: NodeJS.WritableStream | undefined;
  let isClosed = false;
  const toStream = (bytes: Uint8Array): void => {
    if (stream === undefined) {
      stream = openStream();
      stream.on('error', error => {
        if (!isCode(error, 'EPIPE')) throw error;
      });
    }
    stream.write(bytes);
  };
  return {
    write(text) {
      let rest = Buffer.from(text);
      if (stream !== undefined) return toStream(rest);
      try {
        while (!isClosed && rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        if (isCode(error, 'EAGAIN')) return toStream(rest);
        if (!isCode(error, 'EPIPE')) throw error;
        isClosed = true;
      }
      return undefined;
    },
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

import { openByteStream } from './records/byte-stream.ts';

/** Bytes of what is kept in memory as a whole: the limit of every JSON document here. */
const LARGEST = 16_000_000;

/**
 * The text of a small file or pipe, which is waited for until the signal aborts. Fails as Node.js does, and where it does not end within
 * 16 MB.
 */
export async function readSmallFile(path: string, signal: AbortSignal): Promise<string> {
  return (await readSmallBytes(path, signal)).toString();
}

/** The bytes of one, in the same way. */
export async function readSmallBytes(path: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await openByteStream(path, signal)) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST) throw new Error(`it is longer than ${LARGEST / 1e6} MB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

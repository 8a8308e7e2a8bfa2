import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const { O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Appends bytes as a whole or not at all: what a full disk took of them is cut off again. If another process has appended since, its
 * lines stay, and ours become blank ones in their place, for which a full disk has room.
 *
 * @param file open for reading, and for appending
 * @throws Error as Node.js does, or if the disk took only a part
 */
export async function appendWhole(file: FileHandle, path: string, bytes: Buffer): Promise<void> {
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten === bytes.length) return;
  const written = bytes.subarray(0, bytesWritten);
  const { size } = await file.stat();
  const start = size - written.length;
  const tail = await file.read(Buffer.alloc(written.length), 0, written.length, start);
  if (tail.buffer.equals(written)) await file.truncate(start);
  else await blankOut(file, path, written);
  throw new Error(`the disk took ${bytesWritten} of ${bytes.length} bytes; none of them stay`);
}

async function blankOut(file: FileHandle, path: string, written: Buffer): Promise<void> {
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
  const at = buffer.lastIndexOf(written);
  if (at === -1) return;
  // What is opened for appending writes at the end, wherever it is told to.
  const inPlace = await open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    await inPlace.write(Buffer.alloc(written.length, '\n'), 0, written.length, at);
  } finally {
    await inPlace.close();
  }
}

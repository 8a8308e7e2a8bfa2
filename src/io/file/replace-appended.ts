import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFileLock } from './lock.ts';
import { appendPrivately, readPrivately, replacePrivately } from './private.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Who has opened the file before it was replaced has written by then: a shell opens, writes and closes at once. */
const SETTLING_MS = 25;
const MOST_ROUNDS = 40;
const BYTES = 'latin1';

/**
 * Replaces a file that others append to, and loses no line of theirs: what they append while it is replaced is carried over. Nothing
 * happens if there is no file, or `edit` gives back what it got.
 *
 * @param edit takes and gives text of one character a byte
 * @param signal ends the wait for somebody else who replaces it
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function replaceAppended(
  path: string,
  edit: (text: string) => string,
  signal?: AbortSignal,
): Promise<void> {
  const first = await readPrivately(path);
  if (first === undefined || edit(first.text) === first.text) return;
  const replace = async (): Promise<void> => {
    const old = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { mode } = await old.stat();
      const text = await old.readFile(BYTES);
      await replacePrivately(path, edit(text), { mode: mode & 0o777 });
      await carryOver(old, path, text.length);
    } finally {
      await old.close();
    }
  };
  await withFileLock(`${path}.deploy-marker.lock`, replace, signal);
}

/** Appends to the new file what others still append to the old one, until they have all come over. */
async function carryOver(old: FileHandle, path: string, length: number): Promise<void> {
  let known = length;
  for (let round = 0, quiet = 0; quiet < 2 && round < MOST_ROUNDS; round += 1) {
    const { size } = await old.stat();
    quiet = size > known ? 0 : quiet + 1;
    if (size > known) {
      const { buffer } = await old.read(Buffer.alloc(size - known), 0, size - known, known);
      known = size;
      await appendPrivately(path, buffer);
    }
    if (quiet < 2) await sleep(SETTLING_MS);
  }
}

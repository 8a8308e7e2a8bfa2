import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCode } from './error-code.ts';

/**
 * Makes a folder and those above it, so that they outlive a loss of power. Node's own `recursive` never ends where the system
 * refuses to make any, as in /proc. Fails as Node.js does.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    const parent = dirname(folder);
    if (!isCode(error, 'ENOENT') || parent === folder) throw error;
    await makeFolder(parent, mode);
    await mkdir(folder, { mode }).catch((again: unknown) => {
      if (!isCode(again, 'EEXIST')) throw again;
    });
  }
  await syncFolder(dirname(folder));
}

/** Makes a rename outlive a loss of power. Windows opens no folders, and needs no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}

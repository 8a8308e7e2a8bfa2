import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BATCH, REJECTED } from './spool.ts';

/** Folders that are gone through below the one that was named, and how deep, before we give up looking. */
const MOST_FOLDERS = 1000;
const DEEPEST = 5;

/**
 * Folders below `folder` in which batches lie, as where artifacts of several jobs were laid side by side. Those that cannot be
 * read are passed over: nobody named them.
 */
export async function findSpoolsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  let level = [folder];
  let visited = 0;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next: string[] = [];
    for (const parent of level) {
      visited += 1;
      if (visited > MOST_FOLDERS) return found;
      const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
      if (depth > 0 && entries.some(entry => entry.isFile() && BATCH.test(entry.name))) found.push(parent);
      for (const entry of entries)
        if (entry.isDirectory() && entry.name !== REJECTED) next.push(join(parent, entry.name));
    }
    level = next;
  }
  return found;
}

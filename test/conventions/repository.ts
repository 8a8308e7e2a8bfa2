import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the repository; the path is relative to its root, with `/` between. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

// Made by tools and not committed.
const MADE =
  /^(?:\.git|node_modules|dist|coverage|\.venv)(?:\/|$)|^THIRD-PARTY-LICENSES\.txt$|\.(?:tgz|cpuprofile)$/;

/** Every text file that is or may be committed below `folder`, sorted by path. */
export async function readFiles(folder = ''): Promise<TextFile[]> {
  const paths = await listFiles(join(ROOT, folder));
  const files = await Promise.all(
    paths.map(async path => ({ path, bytes: await readFile(join(ROOT, path)) })),
  );
  return files
    .filter(({ bytes }) => !bytes.includes(0))
    .map(({ path, bytes }) => ({ path, text: bytes.toString() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(entry => {
      const path = relative(ROOT, join(folder, entry.name)).split(sep).join('/');
      if (MADE.test(path)) return [];
      if (entry.isDirectory()) return listFiles(join(folder, entry.name));
      return entry.isFile() ? [path] : [];
    }),
  );
  return lists.flat();
}

/** The one file at `path`. */
export async function readOne(path: string): Promise<TextFile> {
  return { path, text: await readFile(join(ROOT, path), 'utf8') };
}

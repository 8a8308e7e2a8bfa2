import { readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { isCode } from './error-code.ts';

/**
 * Where a file lies that is about to be replaced by rename: behind symbolic links, which stay. There may be nothing yet, also
 * behind a link. Fails as Node.js does, and where there is something else than a regular file.
 */
export async function findTarget(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    return await realpath(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    const link = await readlink(path).catch(() => undefined);
    if (link === undefined) return path;
    // Not normalised: what `..` means, only the system can tell.
    return findTarget(isAbsolute(link) ? link : `${await realpath(dirname(path))}/${link}`);
  }
}

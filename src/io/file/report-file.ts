import { constants } from 'node:fs';
import { access, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from './error-code.ts';
import { describeFileFault } from './file-fault.ts';
import { makeFolder } from './folder.ts';
import { findTarget } from './target.ts';

/** Names of what a process has open; behind them may be a file that somebody else is writing. */
const DESCRIPTOR = /^\/(?:dev\/(?:std|fd\/)|proc\/)/;

/**
 * Makes sure, as far as that can be known, that {@link writeReportFile} will write this file: before somebody waits for what is to
 * be in it. Nothing is made or changed.
 *
 * @param path absolute
 * @param title the path as it was given
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function requireReportFile(path: string, title: string): Promise<void> {
  try {
    if (await isStream(path)) await access(path, constants.W_OK);
    else await access(await folderFor(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(error, title);
  }
}

/** The folder that takes the file. Behind a link none is made. Fails as Node.js does. */
async function folderFor(path: string): Promise<string> {
  const target = await findTarget(path);
  return target === path ? nearestFolder(dirname(path)) : dirname(target);
}

/** The folder, or the one above it in which it can be made. Fails as Node.js does. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    // What is no folder fails by this.
    await access(`${folder}/.`);
    return folder;
  } catch (error) {
    const parent = dirname(folder);
    if (!isCode(error, 'ENOENT') || parent === folder) throw error;
    return nearestFolder(parent);
  }
}

/**
 * Writes a whole file, and the folders above it. A file that is there is replaced in one step, so that nobody reads half of it;
 * symbolic links to it stay. A terminal, a pipe or `/dev/null` is written to.
 *
 * @param path absolute
 * @param title the path as it was given
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function writeReportFile(path: string, text: string, title: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await ((await isStream(path)) ? append(path, text) : replace(await findTarget(path), text));
  } catch (error) {
    throw unwritable(error, title);
  }
}

function unwritable(error: unknown, title: string): DeployMarkerError {
  const why = describeFileFault(error, 'write');
  return new DeployMarkerError('FILE_UNWRITABLE', `${title} cannot be written: ${why}`, {
    hint: 'name a file in a folder that you may write to',
    cause: error,
  });
}

async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isCharacterDevice() || found?.isFIFO() || (found?.isFile() && DESCRIPTOR.test(path)) || false;
}

async function append(path: string, text: string): Promise<void> {
  // Held open, so that the next call does not wait for ever for somebody who reads the pipe: without one, this fails.
  const reader = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    await writeFile(path, text, { flag: 'a' });
  } finally {
    await reader.close();
  }
}

async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFile(fresh, text, { flag: 'wx' });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw error;
  }
}

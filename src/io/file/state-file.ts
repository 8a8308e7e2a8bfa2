import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateStore } from '../../core/findings/state-store.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from './error-code.ts';
import { describeFileFault } from './file-fault.ts';
import { makeFolder } from './folder.ts';
import { withFileLock } from './lock.ts';
import { replacePrivately, toBytes } from './private.ts';
import { findTarget } from './target.ts';

/**
 * Keeps a text in a file, which is replaced by rename and gets mode 0600; symbolic links to it stay. Reading makes its folder, and
 * fails with FILE_UNWRITABLE where nothing can be written to it afterwards. What was read first is replaced only if it is still there:
 * of two runs at once, the later one fails with STATE_CONFLICT.
 *
 * @param title how people call the file
 */
export function openStateFile(path: string, title = path): StateStore {
  function toFailure(code: 'INPUT_UNREADABLE' | 'FILE_UNWRITABLE', error: unknown): DeployMarkerError {
    const what = code === 'INPUT_UNREADABLE' ? 'read' : 'write';
    return new DeployMarkerError(code, `cannot ${what} ${title}: ${describeFileFault(error, what)}`, {
      hint: 'name a regular file that you may read and write',
      cause: error,
    });
  }

  async function readText(signal: AbortSignal | undefined): Promise<string | undefined> {
    try {
      return await readFile(await findTarget(path), { encoding: 'utf8', signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (isCode(error, 'ENOENT')) return undefined;
      throw toFailure('INPUT_UNREADABLE', error);
    }
  }

  let held: string | undefined;
  let isRead = false;

  async function requireUnchanged(signal: AbortSignal | undefined): Promise<void> {
    if (!isRead || (await readText(signal)) === held) return;
    throw new DeployMarkerError('STATE_CONFLICT', `${title} was changed by somebody else meanwhile`);
  }

  return {
    title,
    async read(signal) {
      const text = await readText(signal);
      try {
        await makeFolder(dirname(path));
        await access(dirname(await findTarget(path)), constants.W_OK);
      } catch (error) {
        throw toFailure('FILE_UNWRITABLE', error);
      }
      held = text;
      isRead = true;
      return text;
    },
    async write(text, signal) {
      signal?.throwIfAborted();
      const target = await findTarget(path).catch((error: unknown) => {
        throw toFailure('FILE_UNWRITABLE', error);
      });
      const replace = async (): Promise<void> => {
        await requireUnchanged(signal);
        await replacePrivately(target, toBytes(text), { title });
        held = text;
      };
      // What nobody read replaces whatever is there.
      await (isRead ? withFileLock(`${target}.lock`, replace, signal) : replace());
    },
  };
}

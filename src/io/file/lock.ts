import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

const RETRY_MS = 50;
const LONGEST_WAIT_MS = 10_000;
/** The work under a lock is one small file; a lock this old was left by a process that was killed. */
const STALE_MS = 30_000;

/**
 * Runs `work` while no other process that asks for the same lock file runs its own. The signal ends the wait for it, and nothing else.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE if the lock cannot be had within ten seconds.
 */
export async function withFileLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!(await tryLock(lockFile))) {
    if (performance.now() > deadline) {
      throw new DeployMarkerError('FILE_UNWRITABLE', `another process holds ${lockFile}`, {
        hint: `if no other deploy-marker runs here, remove ${lockFile}`,
      });
    }
    await sleep(RETRY_MS);
    signal?.throwIfAborted();
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function tryLock(lockFile: string): Promise<boolean> {
  try {
    const file = await open(lockFile, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw new DeployMarkerError('FILE_UNWRITABLE', `cannot make the lock ${lockFile}: ${String(error)}`, {
        hint: 'name a file in a folder that you may write to',
        cause: error,
      });
    }
    await removeIfStale(lockFile);
    return false;
  }
}

async function removeIfStale(lockFile: string): Promise<void> {
  const found = await stat(lockFile).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS)
    // A folder in its place stays, and is told after the wait.
    await rm(lockFile, { force: true }).catch(() => {});
}

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { isCode } from './error-code.ts';

/** A file that holds a CloudTrail log. */
export interface TrailFile {
  readonly path: string;
  /** Size on disk; of a pipe, 0. */
  readonly bytes: number;
}

/** What was found at the given paths. */
export interface TrailFiles {
  /** Each file once, by name inside of each folder, which is by time in a trail's bucket. */
  readonly files: readonly TrailFile[];
  /** INPUT_UNREADABLE for each path that cannot be read, and for each folder that has no log. */
  readonly failures: readonly DeployMarkerError[];
}

const HINT = 'name a CloudTrail log, or a folder of them';
const LOG_NAME = /\.json(?:\.gz)?$/;
/**
 * Folders and files that trails deliver beside their logs.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
const NO_LOG_NAME = /^(?:\d+_)?CloudTrail-(?:Digest|Insight)(?:_|$)/;

/**
 * Finds the logs of trails: a file that is named counts whatever it is called; of a folder, all `.json` and `.json.gz`
 * files at any depth, without digests and Insights events.
 *
 * @throws the signal's reason when it aborts
 */
export async function findTrailFiles(paths: readonly string[], signal: AbortSignal): Promise<TrailFiles> {
  const found = new TrailFolderWalk(signal);
  for (const path of paths) await found.visitNamed(path);
  return found;
}

class TrailFolderWalk implements TrailFiles {
  readonly files: TrailFile[] = [];
  readonly failures: DeployMarkerError[] = [];
  /** How many logs there are at each real path, so that a link makes no folder endless and no file counts twice. */
  readonly #seen = new Map<string, number>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async visitNamed(path: string): Promise<void> {
    const failures = this.failures.length;
    const count = await this.#visitLink(path, true);
    if (count > 0 || this.failures.length > failures) return;
    const message = `the folder ${path} holds no CloudTrail log (*.json, *.json.gz)`;
    this.failures.push(new DeployMarkerError('INPUT_UNREADABLE', message, { hint: HINT }));
  }

  /** A path that may be a symbolic link. */
  async #visitLink(path: string, isNamed = false): Promise<number> {
    try {
      const entry = statSync(path);
      // A pipe, as the shell's <(…) makes one, has no real path.
      const real = entry.isFile() || entry.isDirectory() ? realpathSync(path) : path;
      if (entry.isDirectory()) return await this.#visitFolder(path, real);
      const isLog = isNamed || (entry.isFile() && LOG_NAME.test(path));
      return isLog ? this.#add(path, real, entry.size) : 0;
    } catch (error) {
      return this.#fail(path, error);
    }
  }

  /** @returns how many logs there are, also those that were found before */
  async #visitFolder(path: string, real: string): Promise<number> {
    const before = this.#seen.get(real);
    if (before !== undefined) return before;
    this.#seen.set(real, 0);
    let count = 0;
    // A year of logs is hundreds of thousands of files, which synchronous calls find five times as fast.
    await setImmediate();
    this.#signal.throwIfAborted();
    const entries = readdirSync(real, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!NO_LOG_NAME.test(entry.name)) count += await this.#visitEntry(entry, path, real);
    }
    this.#seen.set(real, count);
    return count;
  }

  async #visitEntry(entry: Dirent, folder: string, realFolder: string): Promise<number> {
    const path = join(folder, entry.name);
    const real = join(realFolder, entry.name);
    if (entry.isSymbolicLink()) return this.#visitLink(path);
    try {
      if (entry.isDirectory()) return await this.#visitFolder(path, real);
      const isLog = entry.isFile() && LOG_NAME.test(entry.name);
      return isLog ? this.#add(path, real, statSync(real).size) : 0;
    } catch (error) {
      return this.#fail(path, error);
    }
  }

  #fail(path: string, error: unknown): number {
    this.#signal.throwIfAborted();
    this.failures.push(unreadable(path, error));
    return 0;
  }

  #add(path: string, real: string, bytes: number): number {
    if (!this.#seen.has(real)) this.files.push({ path, bytes });
    this.#seen.set(real, 1);
    return 1;
  }
}

/** The error for a path that the system does not let us read. */
export function unreadable(path: string, error: unknown): DeployMarkerError {
  const why = isCode(error, 'ENOENT') ? 'does not exist' : `cannot be read: ${String(error)}`;
  return new DeployMarkerError('INPUT_UNREADABLE', `${path} ${why}`, { hint: HINT, cause: error });
}

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from '../file/error-code.ts';
import { describeFileFault } from '../file/file-fault.ts';
import {
  hasLogEnding,
  isEventLog,
  isOfOtherService,
  type Layer,
  layerInside,
  layerOfPath,
} from './bucket-layout.ts';
import { mayHoldRecords } from './log-head.ts';

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
  /** Files that are known to be of other services, or no logs of events, by where they are and what they are called. */
  readonly passedOver: Passed;
  /** Files that are not called like logs, and whose first bytes do not speak of records. */
  readonly noLogs: Passed;
}

/** Files that are left out. */
export interface Passed {
  readonly count: number;
  /** Names of some of their folders, or of some files, for people. */
  readonly names: ReadonlySet<string>;
}

const HINT = 'name a CloudTrail log, or a folder of them';
const MOST_NAMES = 5;

/** A folder without a log that holds lines of JSON is one of markers, as `--markers` takes it. */
function hintFor(path: string): string {
  const hasLines = readdirSync(path).some(name => name.endsWith('.jsonl'));
  return hasLines ? 'it looks like a folder of markers; pass it with --markers' : HINT;
}

/**
 * Finds the logs of trails: a file that is named counts whatever it is called; of a folder, all `.json` and `.json.gz`
 * files at any depth, and others that speak of records. What AWS writes beside them into the same bucket is passed over.
 *
 * @throws the signal's reason when it aborts
 */
export async function findTrailFiles(paths: readonly string[], signal: AbortSignal): Promise<TrailFiles> {
  const found = new TrailFolderWalk(signal);
  for (const path of paths) await found.visitNamed(path);
  return found;
}

/** A folder that is gone through. */
interface Folder {
  readonly path: string;
  readonly real: string;
  readonly layer: Layer;
  /** The name under which all in it is passed over. */
  readonly other: string | undefined;
}

class PassedFiles implements Passed {
  count = 0;
  readonly names = new Set<string>();

  /** @returns how many logs that makes */
  add(name: string): 0 {
    this.count += 1;
    if (this.names.size < MOST_NAMES) this.names.add(name);
    return 0;
  }
}

class TrailFolderWalk implements TrailFiles {
  readonly files: TrailFile[] = [];
  readonly failures: DeployMarkerError[] = [];
  readonly passedOver = new PassedFiles();
  readonly noLogs = new PassedFiles();
  /** How many logs there are at each real path, so that a link makes no folder endless and no file counts twice. */
  readonly #seen = new Map<string, number>();
  /** Folders of other services, kept apart: a link in one of them may lead to logs. */
  readonly #others = new Set<string>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async visitNamed(path: string): Promise<void> {
    const failures = this.failures.length;
    const count = await this.#visitLink(path, layerOfPath(resolve(path)));
    if (count > 0 || this.failures.length > failures) return;
    const message = `the folder ${path} holds no CloudTrail log (*.json, *.json.gz)`;
    this.failures.push(new DeployMarkerError('INPUT_UNREADABLE', message, { hint: hintFor(path) }));
  }

  /**
   * A path that may be a symbolic link.
   *
   * @param from the folder in which it is; for a path that was named its own layer
   */
  async #visitLink(path: string, from: Layer | Folder, name = path): Promise<number> {
    try {
      const entry = statSync(path);
      // A pipe, as the shell's <(…) makes one, has no real path.
      const real = entry.isFile() || entry.isDirectory() ? realpathSync(path) : path;
      if (typeof from !== 'string') return await this.#visit(entry, name, { path, real, from });
      const named = { path, real, layer: from, other: undefined };
      return entry.isDirectory() ? await this.#visitFolder(named) : this.#add(path, real, entry.size);
    } catch (error) {
      return this.#fail(path, error);
    }
  }

  /** @returns how many logs there are, also those that were found before */
  async #visitFolder(folder: Folder): Promise<number> {
    const before = folder.other === undefined ? this.#seen.get(folder.real) : this.#passedBefore(folder.real);
    if (before !== undefined) return before;
    if (folder.other === undefined) this.#seen.set(folder.real, 0);
    let count = 0;
    // A year of logs is hundreds of thousands of files, which synchronous calls find five times as fast.
    await setImmediate();
    this.#signal.throwIfAborted();
    const entries = readdirSync(folder.real, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder.path, entry.name);
      const real = join(folder.real, entry.name);
      count += entry.isSymbolicLink()
        ? await this.#visitLink(path, folder, entry.name)
        : await this.#visitEntry(entry, { path, real, from: folder });
    }
    if (folder.other === undefined) this.#seen.set(folder.real, count);
    return count;
  }

  #passedBefore(real: string): number | undefined {
    const isThere = this.#others.has(real);
    this.#others.add(real);
    return isThere ? 0 : undefined;
  }

  async #visitEntry(
    entry: Dirent,
    at: { readonly path: string; readonly real: string; readonly from: Folder },
  ): Promise<number> {
    try {
      return await this.#visit(entry, entry.name, at);
    } catch (error) {
      return this.#fail(at.path, error);
    }
  }

  async #visit(
    entry: Pick<Dirent, 'isFile' | 'isDirectory'>,
    name: string,
    { path, real, from }: { readonly path: string; readonly real: string; readonly from: Folder },
  ): Promise<number> {
    const isOther = isOfOtherService(from.layer, name, entry.isDirectory());
    if (entry.isDirectory()) {
      const other = from.other ?? (isOther ? name : undefined);
      return this.#visitFolder({ path, real, layer: layerInside(from.layer, name), other });
    }
    const isPassed = (from.other !== undefined || isOther) && !isEventLog(name);
    if (isPassed) return this.passedOver.add(from.other ?? name);
    if (!entry.isFile()) return this.#fail(path, new Error('it is neither a file nor a folder'));
    if (!hasLogEnding(name) && !mayHoldRecords(real)) return this.noLogs.add(name);
    return this.#add(path, real, statSync(real).size);
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
  const why = isCode(error, 'ENOENT')
    ? 'does not exist'
    : `cannot be read: ${describeFileFault(error, 'read')}`;
  return new DeployMarkerError('INPUT_UNREADABLE', `${path} ${why}`, { hint: HINT, cause: error });
}

import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, FailedMarker } from '../core/delivery.ts';
import type { Marker } from '../core/marker.ts';
import { type Destination, parseSpoolText, type SpoolFile, toSpoolText } from '../core/spool-file.ts';
import { ERROR_CODES } from '../errors/codes.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { isCode } from './error-code.ts';
import { makeFolder, syncFolder } from './folder.ts';
import { replacePrivately, toBytes } from './private-file.ts';

/** A batch of markers that lies on the disk until the other side has confirmed them. */
export interface SpooledBatch {
  readonly destination: Destination;
  readonly markers: readonly Marker[];
  /**
   * Brings the spool up to date with what became of the markers: those that were stored go, those that were refused for
   * good go to `rejected/` with the reason, the others stay.
   *
   * @returns the UIDs that stay
   * @throws DeployMarkerError SPOOL_UNWRITABLE
   */
  settle(delivery: Delivery): Promise<readonly string[]>;
}

/** A folder of batches. Several processes may use it at once. */
export interface Spool {
  readonly folder: string;
  /**
   * Writes a batch. Once this resolves, the batch outlives the process and a loss of power.
   *
   * @throws DeployMarkerError SPOOL_UNWRITABLE
   */
  put(destination: Destination, markers: readonly Marker[]): Promise<SpooledBatch>;
  /**
   * The batches that lie there, the oldest first, each read when it is asked for. Files of others are passed over. One that
   * does not hold goes to `rejected/` and is told to `onBroken`.
   *
   * @throws DeployMarkerError INPUT_UNREADABLE or SPOOL_UNWRITABLE
   */
  batches(onBroken: (error: DeployMarkerError) => void): AsyncGenerator<SpooledBatch>;
}

const BATCH = /^\d{8}T\d{9}Z-[0-9a-f-]{36}\.json$/;
/** What a process left that was killed before the rename; its markers do not count yet. */
const LEFTOVER = /^\d{8}T\d{9}Z-[0-9a-f-]{36}\.json\.[0-9a-f-]{36}\.tmp$/;
const LEFTOVER_AGE_MS = 3_600_000;
const REJECTED = 'rejected';
/** Of folders. */
const ONLY_US = 0o700;
/** Codes of single events that may go through later, of all sinks. */
const TRANSIENT: readonly string[] = ['Throttling', 'InternalFailure', 'Unknown'];

/** Opens the spool in `folder`, which is made with its first batch. */
export function openSpool(folder: string): Spool {
  return {
    folder,
    put: (destination, markers) => putBatch(folder, { ...destination, markers }),
    async *batches(onBroken) {
      for (const name of await listBatches(folder)) {
        const text = await readBatch(join(folder, name));
        // Another process may have delivered it meanwhile.
        if (text === undefined) continue;
        const file = parseSpoolText(text);
        if (typeof file === 'string') onBroken(await setAside(folder, name, file));
        else yield toBatch(folder, join(folder, name), file);
      }
    },
  };
}

async function putBatch(folder: string, file: SpoolFile): Promise<SpooledBatch> {
  return toBatch(folder, await writeBatch(folder, file), file);
}

function toBatch(folder: string, path: string, { sink, target, markers }: SpoolFile): SpooledBatch {
  const destination = { sink, target };
  return {
    destination,
    markers,
    async settle({ delivered, failed }) {
      const stored = new Set(delivered.map(({ uid }) => uid));
      const refusals = failed.filter(isRefusedForGood);
      const refused = new Set(refusals.map(({ uid }) => uid));
      const left = markers.filter(({ uid }) => !stored.has(uid) && !refused.has(uid));
      if (left.length < markers.length) {
        // What is new is written before what it replaces goes: a crash between the two leaves a copy, never a gap.
        if (refusals.length > 0) {
          const rejected = markers.filter(({ uid }) => refused.has(uid));
          await writeBatch(join(folder, REJECTED), { ...destination, markers: rejected, refusals });
        }
        if (left.length > 0) await writeBatch(folder, { ...destination, markers: left });
        await orUnwritable(folder, rm(path, { force: true }));
      }
      return left.map(({ uid }) => uid);
    },
  };
}

/** Whether the service refused this very event, which asking again does not change. */
function isRefusedForGood({ errorCode }: FailedMarker): boolean {
  return !Object.hasOwn(ERROR_CODES, errorCode) && !TRANSIENT.includes(errorCode);
}

async function writeBatch(folder: string, file: SpoolFile): Promise<string> {
  const time = new Date().toISOString().replace(/[-:.]/g, '');
  const path = join(folder, `${time}-${crypto.randomUUID()}.json`);
  await orUnwritable(folder, makeFolder(folder, ONLY_US));
  await orUnwritable(folder, replacePrivately(path, toBytes(toSpoolText(file))));
  await orUnwritable(folder, syncFolder(folder));
  return path;
}

async function listBatches(folder: string): Promise<string[]> {
  const names = await readFolder(folder);
  await Promise.all(
    names.filter(name => LEFTOVER.test(name)).map(name => removeLeftover(join(folder, name))),
  );
  return names.filter(name => BATCH.test(name)).sort();
}

/** A folder that does not exist is one to which nothing had to be written. */
async function readFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder).catch(unlessMissing)) ?? [];
  } catch (error) {
    throw new DeployMarkerError('INPUT_UNREADABLE', `cannot read the spool ${folder}: ${reasonOf(error)}`, {
      hint: 'name the folder that --spool wrote to',
      cause: error,
    });
  }
}

async function removeLeftover(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) await rm(path, { force: true });
}

async function readBatch(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8').catch(unlessMissing);
  } catch (error) {
    throw new DeployMarkerError('INPUT_UNREADABLE', `cannot read ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Moves a file that does not hold out of the way of those that do. */
async function setAside(folder: string, name: string, problem: string): Promise<DeployMarkerError> {
  const place = join(folder, REJECTED);
  await orUnwritable(folder, makeFolder(place, ONLY_US));
  await orUnwritable(folder, rename(join(folder, name), join(place, name)).catch(unlessMissing));
  return new DeployMarkerError('MARKER_INVALID', `${join(folder, name)} is no batch of markers: ${problem}`, {
    hint: `look at it in ${place}`,
  });
}

async function orUnwritable<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new DeployMarkerError('SPOOL_UNWRITABLE', `cannot write the spool ${folder}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** What is missing was delivered, or set aside, by another process. */
function unlessMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT')) return undefined;
  throw error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, FailedMarker } from '../../core/delivery/delivery.ts';
import {
  type Destination,
  type ParsedSpoolFile,
  parseSpoolText,
  type SpoolFile,
  toBrokenText,
  toSpoolText,
} from '../../core/delivery/spool-file.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { isOwnCode } from '../../errors/codes.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from '../file/error-code.ts';
import { describeFileFault } from '../file/file-fault.ts';
import { makeFolder, syncFolder } from '../file/folder.ts';
import { replacePrivately, toBytes } from '../file/private.ts';

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
   * The batches that lie there, the oldest first, each read when it is asked for. Files of others are passed over. What does
   * not hold (a file, one marker of it, a folder or a pipe that is called like one) goes to `rejected/` and is told to
   * `onBroken`, and so is a file that cannot be read; nothing of it keeps the others back.
   *
   * @throws DeployMarkerError INPUT_UNREADABLE if the folder cannot be read, or SPOOL_UNWRITABLE
   */
  batches(onBroken: (error: DeployMarkerError) => void): AsyncGenerator<SpooledBatch>;
}

/** How files of batches are called. */
export const BATCH = /^\d{8}T\d{9}Z-[0-9a-f-]{36}\.json$/;
/** What a process left that was killed before the rename; its markers do not count yet. */
const LEFTOVER = /^\d{8}T\d{9}Z-[0-9a-f-]{36}\.json\.[0-9a-f-]{36}\.tmp$/;
const LEFTOVER_AGE_MS = 3_600_000;
/** The folder inside of a spool for what does not hold. */
export const REJECTED = 'rejected';
/** Of folders. */
const ONLY_US = 0o700;
/** Our own bound, in bytes: a batch holds at most a hundred events of 256 kB, or a body of CloudWatch Logs. */
const LARGEST_BATCH = 64_000_000;
/** Codes of single events that may go through later, of all sinks. */
const TRANSIENT: readonly string[] = ['Throttling', 'InternalFailure', 'Unknown'];

/** Opens the spool in `folder`, which is made with its first batch. */
export function openSpool(folder: string): Spool {
  return {
    folder,
    put: (destination, markers) => putBatch(folder, { ...destination, markers }),
    async *batches(onBroken) {
      for (const name of await listBatches(folder)) {
        const file = await readBatch(folder, name, onBroken);
        if (file !== undefined) yield toBatch(folder, file.path, file);
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
  return !isOwnCode(errorCode) && !TRANSIENT.includes(errorCode);
}

function writeBatch(folder: string, file: SpoolFile): Promise<string> {
  return writeText(folder, toSpoolText(file));
}

async function writeText(folder: string, text: string): Promise<string> {
  const time = new Date().toISOString().replace(/[-:.]/g, '');
  const path = join(folder, `${time}-${crypto.randomUUID()}.json`);
  await orUnwritable(folder, makeFolder(folder, ONLY_US));
  await orUnwritable(folder, replacePrivately(path, toBytes(text)));
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
    throw new DeployMarkerError(
      'INPUT_UNREADABLE',
      `cannot read the spool ${folder}: ${describeFileFault(error, 'read')}`,
      {
        hint: 'name the folder that --spool wrote to',
        cause: error,
      },
    );
  }
}

async function removeLeftover(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) await rm(path, { force: true });
}

/** A batch and where it lies. */
type FoundBatch = SpoolFile & { readonly path: string };

/** Undefined if it does not hold, or if another process has delivered it meanwhile. */
async function readBatch(
  folder: string,
  name: string,
  onBroken: (error: DeployMarkerError) => void,
): Promise<FoundBatch | undefined> {
  const path = join(folder, name);
  try {
    const found = await lstat(path).catch(unlessMissing);
    if (found === undefined) return undefined;
    const odd = oddity(found);
    const text = odd === undefined ? await readFile(path, 'utf8').catch(unlessMissing) : '';
    if (text === undefined) return undefined;
    const file = odd ?? parseSpoolText(text);
    if (typeof file !== 'string') return await withoutBroken(folder, { ...file, path }, onBroken);
    onBroken(await setAside(folder, name, file));
  } catch (error) {
    if (isDeployMarkerError(error)) throw error;
    onBroken(
      new DeployMarkerError('INPUT_UNREADABLE', `cannot read ${path}: ${describeFileFault(error, 'read')}`, {
        cause: error,
      }),
    );
  }
  return undefined;
}

/** Why this is no file that we wrote; undefined if it may be one. */
function oddity(found: Stats): string | undefined {
  if (!found.isFile()) return found.isDirectory() ? 'it is a folder' : 'it is not a regular file';
  return found.size > LARGEST_BATCH ? `it is larger than ${LARGEST_BATCH} bytes` : undefined;
}

/** Takes what is no marker out of a batch, so that it is told once. */
async function withoutBroken(
  folder: string,
  file: ParsedSpoolFile & FoundBatch,
  onBroken: (error: DeployMarkerError) => void,
): Promise<FoundBatch> {
  const { sink, target, markers, broken, path } = file;
  if (broken.length === 0) return file;
  const rest = { sink, target, markers };
  // What is new is written before what it replaces goes, as in settle.
  await writeText(join(folder, REJECTED), toBrokenText(file));
  const kept = await writeBatch(folder, rest);
  await orUnwritable(folder, rm(path, { force: true }));
  const message = `${path} has ${broken.length === 1 ? '1 marker' : `${broken.length} markers`} that do not hold`;
  const hint = `look at what lies in ${join(folder, REJECTED)}`;
  onBroken(new DeployMarkerError('MARKER_INVALID', message, { hint }));
  return { ...rest, path: kept };
}

/** Moves what does not hold out of the way of what does. */
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
    throw new DeployMarkerError(
      'SPOOL_UNWRITABLE',
      `cannot write the spool ${folder}: ${describeFileFault(error, 'write')}`,
      {
        cause: error,
      },
    );
  }
}

/** What is missing was delivered, or set aside, by another process. */
function unlessMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT')) return undefined;
  throw error;
}

import { constants } from 'node:fs';
import { access, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from './error-code.ts';
import { describeFileFault } from './file-fault.ts';
import { appendWhole } from './whole-write.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
const ONLY_US = 0o600;
const OTHERS_MAY_READ = 0o044;
const OTHERS_MAY_WRITE = 0o022;
/** A character for each byte, so that what is not ours comes back as it was, UTF-8 or not. */
const BYTES = 'latin1';

/** What {@link appendPrivately} saw of the file. */
export interface Appended {
  /** Other users can read the file, by the mode it had before, or because it is theirs. */
  readonly readableByOthers: boolean;
  /** The same of writing. */
  readonly writableByOthers: boolean;
}

/**
 * Appends text or bytes to a file in one write, on a line of its own: all of it, or nothing where the disk is full. A new file gets mode 0600; an existing one keeps its own.
 * Symbolic links are not followed, and only regular files are written.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function appendPrivately(path: string, text: string | Buffer): Promise<Appended> {
  return withFile(path, O_RDWR | O_APPEND | O_CREAT, async file => {
    const { size, mode, uid } = await file.stat();
    const start = size > 0 ? await breakAfter(file, size) : '';
    await appendWhole(file, path, Buffer.concat([Buffer.from(start), Buffer.from(text)]));
    const foreign = isOfAnother(uid);
    return {
      readableByOthers: foreign || (mode & OTHERS_MAY_READ) !== 0,
      writableByOthers: foreign || (mode & OTHERS_MAY_WRITE) !== 0,
    };
  });
}

/**
 * Checks that {@link appendPrivately} can write the file, and changes nothing.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function checkAppendable(path: string): Promise<void> {
  try {
    await withFile(path, O_RDWR | O_APPEND, async () => {});
  } catch (error) {
    if (!(error instanceof DeployMarkerError && isCode(error.cause, 'ENOENT'))) throw error;
    await access(dirname(path), constants.W_OK).catch((reason: unknown) => {
      throw toUnwritable(path, reason);
    });
  }
}

/** Reads a regular file that is not a symbolic link, one character a byte; undefined if there is none. */
export async function readPrivately(path: string): Promise<{ text: string; mode: number } | undefined> {
  try {
    return await withFile(path, O_RDONLY, async file => ({
      text: await file.readFile(BYTES),
      mode: (await file.stat()).mode & 0o777,
    }));
  } catch (error) {
    if (error instanceof DeployMarkerError && isCode(error.cause, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Text as {@link readPrivately} would give it back from a UTF-8 file. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString(BYTES);
}

/** How a file is replaced. */
export interface Replacement {
  /** Of the new file; default 0600. */
  readonly mode?: number | undefined;
  /** How people call the file; default the path. */
  readonly title?: string;
}

/**
 * Replaces a file's content by rename, so that nobody ever reads half of it.
 *
 * @param text one character a byte
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function replacePrivately(
  path: string,
  text: string,
  { mode = ONLY_US, title = path }: Replacement = {},
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await withFile(temporary, O_WRONLY | O_CREAT | O_EXCL, async file => {
      await file.chmod(mode);
      await file.writeFile(text, BYTES);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const cause = error instanceof DeployMarkerError ? error.cause : error;
    throw toUnwritable(title, cause);
  }
}

async function withFile<T>(path: string, flags: number, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    // O_NONBLOCK keeps a FIFO in the file's place from hanging us; regular files ignore it.
    const file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK, ONLY_US);
    try {
      if (!(await file.stat()).isFile()) throw new Error('it is not a regular file');
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toUnwritable(path, error);
  }
}

function isOfAnother(owner: number): boolean {
  try {
    const { uid } = userInfo();
    // Windows has no such ids and says -1.
    return uid >= 0 && uid !== owner;
  } catch {
    // A container may run under an id that no user has; then nothing is known.
    return false;
  }
}

/** What has to come before a line of its own: a shell takes the line after a backslash for the rest of the one before. */
async function breakAfter(file: FileHandle, size: number): Promise<string> {
  const length = Math.min(size, 2);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const [last, open] = /(\\?)(\n?)$/.exec(buffer.toString(BYTES))?.slice(1).reverse() ?? [];
  return `${last ? '' : '\n'}${open ? '\n' : ''}`;
}

function toUnwritable(path: string, error: unknown): DeployMarkerError {
  if (error instanceof DeployMarkerError) return error;
  const why = isCode(error, 'ELOOP')
    ? 'it is a symbolic link, which is not followed'
    : describeFileFault(error, 'write');
  return new DeployMarkerError('FILE_UNWRITABLE', `cannot write ${path}: ${why}`, { cause: error });
}

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { acceptToken, MAX_TOKEN_LENGTH, type OidcToken } from './token-text.ts';

/** Room for the longest token (a JWT is ASCII, so characters are bytes) and for what too much looks like. */
const READ_BYTES = MAX_TOKEN_LENGTH + 1_000;

/** Which file, and how careful to be. */
export interface TokenFileOptions {
  readonly path: string;
  /** What a relative path is relative to. */
  readonly cwd: string;
  /** Whether the path itself may be a symbolic link. Links in the folders above it are always followed. */
  readonly followLink: boolean;
  /** The flag or variable that named the file. */
  readonly namedBy: string;
}

/**
 * The token in a file.
 *
 * Only a regular file is read: a FIFO could block for ever, and a link may have been put there to make us send
 * somebody else's file to a server.
 *
 * @throws DeployMarkerError OIDC_TOKEN_UNREADABLE if there is no such file, it is a link, a directory or no regular file,
 * or what it holds is no token
 */
export async function readTokenFile(options: TokenFileOptions): Promise<OidcToken> {
  const path = resolve(options.cwd, options.path);
  const source = `the file ${path}`;
  let text: string;
  try {
    text = await readRegularFile(path, options.followLink);
  } catch (error) {
    throw new DeployMarkerError(
      'OIDC_TOKEN_UNREADABLE',
      `the token file ${quote(path)} cannot be read: ${describeFault(error)}`,
      { hint: `check the path in ${options.namedBy}`, cause: error },
    );
  }
  return acceptToken(text, source);
}

async function readRegularFile(path: string, followLink: boolean): Promise<string> {
  // O_NONBLOCK: opening a FIFO returns at once, and is then refused as no regular file.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW);
  const file = await open(path, flags);
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw new Error('it is a directory');
    if (!status.isFile()) throw new Error('it is not a regular file');
    return await readStart(file);
  } finally {
    await file.close();
  }
}

async function readStart(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(READ_BYTES);
  let length = 0;
  while (length < READ_BYTES) {
    const { bytesRead } = await file.read(buffer, length, READ_BYTES - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.toString('latin1', 0, length);
}

function describeFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  // What Linux and macOS, and FreeBSD, answer to O_NOFOLLOW.
  if (code === 'ELOOP' || code === 'EMLINK') return 'it is a symbolic link, and links are not followed';
  if (code === 'EISDIR') return 'it is a directory';
  return error instanceof Error ? error.message : String(error);
}

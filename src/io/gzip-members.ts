import { once } from 'node:events';
import { createGunzip, type Gunzip, gunzipSync } from 'node:zlib';

/** Whether bytes begin as gzip does. Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Unpacks gzip that is there as a whole, if that takes one step: all of it is used, and it is not more than `most` bytes.
 *
 * @throws what zlib throws
 */
export function gunzipWhole(packed: Buffer, most: number): Buffer | undefined {
  const result: unknown = gunzipSync(packed, { maxOutputLength: most, info: true });
  if (typeof result !== 'object' || result === null || !('buffer' in result && 'engine' in result)) return;
  const { buffer, engine } = result;
  const isAll = isEngine(engine) && engine.bytesWritten === packed.length;
  return isAll && Buffer.isBuffer(buffer) ? buffer : undefined;
}

function isEngine(value: unknown): value is { readonly bytesWritten: number } {
  return typeof value === 'object' && value !== null && 'bytesWritten' in value;
}

/**
 * Unpacks gzip of one or more members. Node.js takes a zero behind a member for the end of all, and forgets what follows; writers
 * that fill up blocks put zeros between two members as well, so the next one is looked for behind them.
 *
 * Fails as zlib does, also where something else than gzip follows.
 *
 * @param pieces the packed bytes
 * @param chunkSize of what is handed over
 */
export async function* gunzipMembers(
  pieces: AsyncIterator<Buffer>,
  chunkSize: number,
): AsyncGenerator<Buffer> {
  let rest = await nextPiece(pieces);
  while (rest !== undefined) {
    const gunzip = createGunzip({ chunkSize });
    const fed = feed(gunzip, rest, pieces);
    // It is waited for below; what it fails with ends the reading of `gunzip` first.
    fed.catch(error => gunzip.destroy(error));
    yield* gunzip;
    rest = await skipZeros(await fed, pieces);
  }
}

/** Writes pieces until one is not used up. @returns what is left of that one; undefined after the last */
async function feed(
  gunzip: Gunzip,
  first: Buffer,
  pieces: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  const closed = once(gunzip, 'close').then(
    () => false,
    () => false,
  );
  let written = 0;
  for (let piece: Buffer | undefined = first; piece !== undefined; piece = await nextPiece(pieces)) {
    const bytes = piece;
    written += bytes.length;
    const taken = new Promise<boolean>(resolve => gunzip.write(bytes, () => resolve(true)));
    // Where a member ends in the middle, no word comes of the piece: the reader is told that all is over.
    if (!(await Promise.race([taken, closed])))
      return bytes.subarray(bytes.length - (written - gunzip.bytesWritten));
  }
  gunzip.end();
  return undefined;
}

async function skipZeros(
  rest: Buffer | undefined,
  pieces: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  for (let piece = rest; piece !== undefined; piece = await nextPiece(pieces)) {
    const start = piece.findIndex(byte => byte !== 0);
    if (start !== -1) return piece.subarray(start);
  }
  return undefined;
}

async function nextPiece(pieces: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const { done, value } = await pieces.next();
  return done ? undefined : value;
}

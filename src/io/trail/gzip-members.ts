import { once } from 'node:events';
import { createGunzip, type Gunzip, gunzipSync } from 'node:zlib';

/** Whether bytes begin as gzip does. Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** A tail that lies about the length makes many small blocks of it, and no smaller ones than these. */
const LEAST_BLOCK = 65_536;
/** Header and tail of gzip. Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
const FRAME = 18;

/**
 * Unpacks gzip that is there as a whole, if that takes one step: all of it is used, it is whole, and not more than `most` bytes. The
 * last four bytes tell how much there is, if they tell the truth: then all of it goes into one block, which is not copied again.
 * Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
 *
 * @returns undefined for all else, damaged or not, which a stream goes through in pieces
 */
export function gunzipWhole(packed: Buffer, most: number): Buffer | undefined {
  const told = packed.length < FRAME ? most : packed.readUInt32LE(packed.length - 4);
  if (told >= most) return undefined;
  try {
    // With a byte to spare, or zlib would ask for another block.
    const chunkSize = Math.max(told + 1, LEAST_BLOCK);
    const result: unknown = gunzipSync(packed, { maxOutputLength: most, info: true, chunkSize });
    if (typeof result !== 'object' || result === null || !('buffer' in result && 'engine' in result)) return;
    const { buffer, engine } = result;
    const isAll = isEngine(engine) && engine.bytesWritten === packed.length;
    return isAll && Buffer.isBuffer(buffer) ? buffer : undefined;
  } catch {
    return undefined;
  }
}

function isEngine(value: unknown): value is { readonly bytesWritten: number } {
  return typeof value === 'object' && value !== null && 'bytesWritten' in value;
}

/**
 * Bytes as they are, or unpacked if they are gzip, which the first of them tell.
 *
 * @param chunkSize of what is unpacked
 * @param onOdd is called if they are not one member of gzip and nothing else
 */
export async function* unpackPieces(
  source: AsyncIterable<Buffer>,
  chunkSize: number,
  onOdd: () => void = () => {},
): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]();
  let first = (await nextPiece(pieces)) ?? Buffer.alloc(0);
  // A pipe may give a single byte.
  while (first.length < 2) {
    const next = await nextPiece(pieces);
    if (next === undefined) break;
    first = Buffer.concat([first, next]);
  }
  const all = prepend(first, pieces);
  if (isGzip(first)) {
    yield* gunzipMembers(all, chunkSize, onOdd);
  } else {
    onOdd();
    yield* all;
  }
}

async function* prepend(first: Buffer, pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let piece: Buffer | undefined = first; piece !== undefined; piece = await nextPiece(pieces)) {
    if (piece.length > 0) yield piece;
  }
}

/**
 * Unpacks gzip of one or more members. Node.js takes a zero behind a member for the end of all, and forgets what follows; writers
 * that fill up blocks put zeros between two members as well, so the next one is looked for behind them.
 *
 * Fails as zlib does, also where something else than gzip follows.
 */
async function* gunzipMembers(
  pieces: AsyncIterator<Buffer>,
  chunkSize: number,
  onOdd: () => void,
): AsyncGenerator<Buffer> {
  let rest = await nextPiece(pieces);
  while (rest !== undefined) {
    const gunzip = createGunzip({ chunkSize });
    const fed = feed(gunzip, rest, pieces);
    // It is waited for below; what it fails with ends the reading of `gunzip` first.
    fed.catch(error => gunzip.destroy(error));
    yield* gunzip;
    const left = await fed;
    if (left !== undefined) onOdd();
    rest = await skipZeros(left, pieces);
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
    // Where a member ends in the middle of a piece, some versions say no more of the piece: then the end of all does.
    await Promise.race([new Promise<void>(resolve => gunzip.write(bytes, () => resolve())), closed]);
    const unused = written - gunzip.bytesWritten;
    if (unused > 0) {
      gunzip.end();
      return bytes.subarray(bytes.length - unused);
    }
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

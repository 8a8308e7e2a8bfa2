import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Delivery, DeliveryError } from '../../core/delivery/delivery.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { isCode } from './error-code.ts';
import { describeFileFault } from './file-fault.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
/** What markers begin with, as JSON Lines. */
const OPEN_BRACE = 0x7b;
const LINE_BREAK = 0x0a;

/** Where the file is. */
export interface FileSinkOptions {
  readonly path: string;
  /** What people call the file; default the path. */
  readonly title?: string;
}

/**
 * A sink that appends markers to a JSON Lines file and flushes them to the disk.
 *
 * Each chunk is one write with O_APPEND, which the kernel does not interleave with that of another process; a line
 * that an earlier crash cut short is ended first, as one that readers pass over, so that it spoils no marker but its
 * own. Where the disk takes less than the whole, the file is cut back to the last marker that it holds, and those before
 * it count as delivered.
 *
 * Symbolic links are not followed, and what does not begin as JSON Lines is not touched: a path out of a checkout's settings
 * must not append to somebody's script.
 *
 * @example
 * await createFileSink({ path: 'deploys.jsonl' }).deliver([marker]);
 */
export function createFileSink(options: FileSinkOptions): MarkerSink {
  const { path, title = path } = options;
  return {
    name: 'file',
    title,
    chunkSize: 1000,
    concurrency: 1,
    check: () => {},
    async deliver(markers) {
      let stored = 0;
      let fault: unknown;
      try {
        stored = await appendMarkers(path, markers);
        if (stored < markers.length)
          fault = new Error(`the disk took ${stored} of ${markers.length} markers`);
      } catch (error) {
        fault = error;
      }
      const delivered = markers
        .slice(0, stored)
        .map(({ uid, component }) => ({ uid, component, eventId: null }));
      if (fault === undefined) return { delivered, failed: [] } satisfies Delivery;
      throw toDeliveryError(title, { delivered, left: markers.slice(stored) }, fault);
    },
    preview: async markers => [{ target: `append to ${title}`, body: toLines(markers) }],
  };
}

function toLines(markers: readonly Marker[]): string {
  return markers.map(marker => `${JSON.stringify(marker)}\n`).join('');
}

/** @returns how many of the markers the file holds, from the first */
async function appendMarkers(path: string, markers: readonly Marker[]): Promise<number> {
  // O_NONBLOCK keeps a FIFO in the file's place from hanging us; regular files ignore it.
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW, 0o644);
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a regular file');
    if (!(await holdsMarkers(file))) throw new Error('it holds something else than markers');
    const bytes = Buffer.from(`${await endOfLastLine(file)}${toLines(markers)}`);
    const { bytesWritten } = await file.write(bytes);
    const isWhole = bytesWritten === bytes.length;
    const stored = isWhole ? markers.length : await keepWholeLines(file, bytes.subarray(0, bytesWritten));
    await file.datasync();
    return stored;
  } finally {
    await file.close();
  }
}

/** Cuts off the line that the disk took only in part. @returns how many markers stay */
async function keepWholeLines(file: FileHandle, written: Buffer): Promise<number> {
  const whole = written.lastIndexOf(LINE_BREAK) + 1;
  const { size } = await file.stat();
  const tail = await file.read(Buffer.alloc(written.length), 0, written.length, size - written.length);
  // If another process has appended since, it has ended the torn line, and what is its own must stay.
  if (tail.buffer.equals(written)) await file.truncate(size - written.length + whole);
  const lines = written.toString('latin1', 0, whole).split('\n');
  return lines.filter(line => line.startsWith('{')).length;
}

/** Blank lines may come before the first marker; half a marker of a crash begins like one, too. */
async function holdsMarkers(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
  const head = buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\ufeff/, '')
    .trimStart();
  return head === '' || head.charCodeAt(0) === OPEN_BRACE;
}

/** What has to come before the next line. */
async function endOfLastLine(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  if (size === 0) return '';
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === LINE_BREAK ? '' : (await import('./torn-line.ts')).endOfOpenLine(file);
}

function toDeliveryError(
  title: string,
  { delivered, left }: { readonly delivered: Delivery['delivered']; readonly left: readonly Marker[] },
  error: unknown,
): DeliveryError {
  const why = isCode(error, 'ELOOP')
    ? 'it is a symbolic link, which is not followed'
    : describeFileFault(error, 'write');
  const errorMessage = `cannot write ${title}: ${why}`;
  const failed = left.map(({ uid, component }) => ({
    uid,
    component,
    errorCode: 'FILE_UNWRITABLE',
    errorMessage,
  }));
  const hint =
    'name a file of markers, or a new one, in a folder that exists and that you may write to, with --file';
  return new DeliveryError('FILE_UNWRITABLE', errorMessage, { delivered, failed }, { hint, cause: error });
}

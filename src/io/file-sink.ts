import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Delivery, DeliveryError } from '../core/delivery.ts';
import type { Marker } from '../core/marker.ts';
import type { MarkerSink } from '../core/ports.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDWR } = constants;

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
 * that an earlier crash cut short is ended first, so that it spoils no marker but its own.
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
      try {
        await appendLines(path, toLines(markers));
      } catch (error) {
        throw toDeliveryError(title, markers, error);
      }
      const delivered = markers.map(({ uid, component }) => ({ uid, component, eventId: null }));
      return { delivered, failed: [] } satisfies Delivery;
    },
    preview: async markers => [{ target: `append to ${title}`, body: toLines(markers) }],
  };
}

function toLines(markers: readonly Marker[]): string {
  return markers.map(marker => `${JSON.stringify(marker)}\n`).join('');
}

async function appendLines(path: string, lines: string): Promise<void> {
  // O_NONBLOCK keeps a FIFO in the file's place from hanging us; regular files ignore it.
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o644);
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a regular file');
    const bytes = Buffer.from((await endsInsideLine(file)) ? `\n${lines}` : lines);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length)
      throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

function toDeliveryError(title: string, markers: readonly Marker[], error: unknown): DeliveryError {
  const errorMessage = `cannot write ${title}: ${error instanceof Error ? error.message : String(error)}`;
  const failed = markers.map(({ uid, component }) => ({
    uid,
    component,
    errorCode: 'FILE_UNWRITABLE',
    errorMessage,
  }));
  const hint = 'name a file in a folder that exists and that you may write to, with --file';
  return new DeliveryError(
    'FILE_UNWRITABLE',
    errorMessage,
    { delivered: [], failed },
    { hint, cause: error },
  );
}

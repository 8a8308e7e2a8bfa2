import type { FileHandle } from 'node:fs/promises';
import { parseJson } from '../../core/base/json-record.ts';

/**
 * What ends a line that a crash cut short, before its line break: CAN, ASCII's sign that what comes before it is not to be used. Readers
 * know the line by it, which otherwise would look like a marker that somebody spoiled.
 */
export const CANCELLED = '\x18';

const LINE_BREAK = 0x0a;
/** More than a marker has; a longer line is ended, and looked at no closer. */
const LONGEST_TAIL = 1_000_000;

/** What ends the last line of a file of JSON Lines that has no end yet. */
export async function endOfOpenLine(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(size, LONGEST_TAIL);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const last = buffer.toString('utf8', buffer.lastIndexOf(LINE_BREAK) + 1);
  return last.startsWith('{') && parseJson(last) === undefined ? `${CANCELLED}\n` : '\n';
}

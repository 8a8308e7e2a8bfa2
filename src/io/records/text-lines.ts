import { isUtf8 } from 'node:buffer';
import { CANCELLED } from '../file/torn-line.ts';

/** One line of a text, without its line break. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  /**
   * Undefined where the bytes are not UTF-8, or too many. Of an object of JSON that a crash cut within a character, what is there of that
   * becomes U+FFFD.
   */
  readonly text: string | undefined;
  /** There are more than {@link LONGEST_LINE} bytes. */
  readonly isTooLong?: true;
  /** Nothing ends it: the text does. */
  readonly isOpen?: true;
}

/** Bytes of the longest line that is kept: our own bound, so that a file that is no text does not fill the memory. */
export const LONGEST_LINE = 16_000_000;

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
/** The least byte that a character of several begins with. */
const LEAD = 0xc2;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Splits bytes into lines at `\n` or `\r\n`, and at nothing else: JSON allows U+2028 inside a string, where
 * `node:readline` would cut. Memory is that of the longest line, and of {@link LONGEST_LINE} at the most.
 *
 * @returns the lines in blocks, for an asynchronous step for each line would take longer than reading it
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly TextLine[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: TextLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      number += 1;
      const line = bytes.subarray(start, end);
      lines.push(toLine(number, rest.length === 0 ? line : Buffer.concat([...rest, line]), size));
      rest = [];
      size = 0;
      start = end + 1;
    }
    if (start < bytes.length) {
      size += bytes.length - start;
      if (size <= LONGEST_LINE) rest.push(bytes.subarray(start));
      else rest = [];
    }
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [{ ...toLine(number + 1, Buffer.concat(rest), size, true), isOpen: true }];
}

/** @param before bytes of the line in earlier chunks, kept or not */
function toLine(number: number, bytes: Buffer, before: number, isOpen = false): TextLine {
  if (before > LONGEST_LINE || bytes.length > LONGEST_LINE)
    return { number, text: undefined, isTooLong: true };
  if (!isUtf8(bytes) && !isCutInCharacter(bytes, isOpen)) return { number, text: undefined };
  const text = bytes.toString('utf8').replace(/\r$/, '');
  return { number, text: number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
}

/** Whether nothing but the last character is amiss, in a line that a crash cut short: the last one, or one that was ended so later. */
function isCutInCharacter(bytes: Buffer, isOpen: boolean): boolean {
  const isEnded = bytes.at(-1) === CANCELLED.charCodeAt(0);
  if (bytes[0] !== OPEN_BRACE || !(isOpen || isEnded)) return false;
  const end = isEnded ? bytes.length - 1 : bytes.length;
  return [1, 2, 3].some(kept => (bytes[end - kept] ?? 0) >= LEAD && isUtf8(bytes.subarray(0, end - kept)));
}

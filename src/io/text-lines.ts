import { isUtf8 } from 'node:buffer';

/** One line of a text, without its line break. `text` is undefined where the bytes are not UTF-8. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Splits bytes into lines at `\n` or `\r\n`, and at nothing else: JSON allows U+2028 inside a string, where
 * `node:readline` would cut. Memory is that of the longest line.
 *
 * @returns the lines in blocks, for an asynchronous step for each line would take longer than reading it
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly TextLine[]> {
  let number = 0;
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: TextLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      number += 1;
      const line = bytes.subarray(start, end);
      lines.push(toLine(number, rest.length === 0 ? line : Buffer.concat([...rest, line])));
      rest = [];
      start = end + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [toLine(number + 1, Buffer.concat(rest))];
}

function toLine(number: number, bytes: Buffer): TextLine {
  if (!isUtf8(bytes)) return { number, text: undefined };
  const text = bytes.toString('utf8').replace(/\r$/, '');
  return { number, text: number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
}

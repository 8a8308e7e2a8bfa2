/** Cells of a terminal's line that no line of a report passes. */
export const LINE_CELLS = 80;

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;
// Blocks that terminals draw two cells wide. https://www.unicode.org/reports/tr11/ (East Asian Width W and F)
const WIDE =
  /[\u1100-\u115f\u231a-\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_CELL = /[\p{Mn}\p{Me}]/u;
// It asks for the picture of a character that is narrow without it.
const EMOJI_STYLE = '\ufe0f';

/**
 * The text with everything that a reader cannot see as `\u001b`: controls, escape sequences, marks that turn the writing
 * direction, line breaks, lone surrogates, code points that are no characters. What is left is legal in XML 1.0 as well.
 */
export function toVisible(text: string): string {
  return text.replace(UNSEEN, character => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** Cells of a terminal that the text takes at most; terminals that join characters to one picture need fewer. */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let cells = 0;
  for (const character of text) {
    if (character === EMOJI_STYLE) cells += 1;
    else if (WIDE.test(character)) cells += 2;
    else if (!NO_CELL.test(character)) cells += 1;
  }
  return cells;
}

/** The text, visible, in at most so many cells: its middle gives way to `…`, as both ends of a name tell names apart. */
export function shorten(text: string, cells: number): string {
  const line = toVisible(text);
  if (cellWidth(line) <= cells) return line;
  // Of a very long text only the ends can show.
  const ends = line.length > 800 ? toVisible(line.slice(0, 400)) + toVisible(line.slice(-400)) : line;
  const parts = [...new Intl.Segmenter('en').segment(ends)].map(({ segment }) => segment);
  let head = '';
  let tail = '';
  for (;;) {
    const isHead = cellWidth(head) <= cellWidth(tail);
    const part = (isHead ? parts.shift() : parts.pop()) ?? '';
    if (cellWidth(head) + cellWidth(part) + cellWidth(tail) >= cells) return `${head}…${tail}`;
    if (isHead) head += part;
    else tail = part + tail;
  }
}

/** The text in exactly so many cells. */
export function pad(text: string, cells: number): string {
  const line = shorten(text, cells);
  return line + ' '.repeat(cells - cellWidth(line));
}

/** How a text is laid out in lines. */
export interface Indent {
  /** Before the first line; the others are indented as far. */
  readonly first: string;
  /** Lines at most; the last one is cut in its middle. */
  readonly most?: number;
}

/** The text in lines of at most {@link LINE_CELLS}, broken between words. */
export function wrap(text: string, { first, most = 3 }: Indent): string[] {
  const room = LINE_CELLS - cellWidth(first);
  const words = toVisible(text).split(' ');
  const lines: string[] = [];
  while (words.length > 0 && lines.length < most - 1) {
    let line = words.shift() ?? '';
    while (words[0] !== undefined && cellWidth(`${line} ${words[0]}`) <= room) line += ` ${words.shift()}`;
    lines.push(shorten(line, room));
  }
  if (words.length > 0) lines.push(shorten(words.join(' '), room));
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(cellWidth(first))) + line);
}

/** A count with its noun. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

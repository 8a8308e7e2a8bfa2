import { type StyledLine, type Tone, toPlainText } from '../core/base/styled-line.ts';
import { toVisible } from '../errors/visible-text.ts';

/** Cells of a terminal's line that no line of a report passes. */
export const LINE_CELLS = 80;
// Longer than any name and any message of AWS's: the longest name is that of a parameter of Systems Manager, with 2,048
// characters. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
const HEAD_CHARACTERS = 3_000;
const TAIL_CHARACTERS = 1_000;

// It asks for the picture of a character that is narrow without it.
const EMOJI_STYLE = '\ufe0f';

/** Takes out of a text what must not be shown. It is done before a text is laid out, as a secret in two lines is not found. */
export type Clean = (text: string) => string;

/** A text that is still to be laid out in lines. */
export interface Paragraph {
  /** May hold anything. */
  readonly text: string;
  /** Our own words before the first line; none by default. */
  readonly first?: string;
  /** Before every other line; by default as many blanks as `first` takes. */
  readonly rest?: string;
  /** What `first` and `text` are to be seen as, where there are colours. */
  readonly tones?: { readonly first?: Tone; readonly text?: Tone };
}

/** Cells of a terminal that the text takes at most; terminals that join characters to one picture need fewer. */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  // Blocks that terminals draw two cells wide. https://www.unicode.org/reports/tr11/ (East Asian Width W and F)
  const wide =
    /[\u1100-\u115f\u231a-\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
  const noCell = /\p{Mn}|\p{Me}/u;
  let cells = 0;
  for (const character of text) {
    if (character === EMOJI_STYLE) cells += 1;
    else if (wide.test(character)) cells += 2;
    else if (!noCell.test(character)) cells += 1;
  }
  return cells;
}

/** The text, with blanks up to so many cells; what is longer stays whole. */
export function pad(text: string, cells: number): string {
  const line = toVisible(text);
  return line + ' '.repeat(Math.max(0, cells - cellWidth(line)));
}

/** All lines of a text for a terminal, each ended by a line feed, of at most {@link LINE_CELLS}; nothing in them steers it. */
export function layOut(paragraphs: readonly Paragraph[], clean: Clean): string {
  return toPlainText(layOutLines(paragraphs, clean));
}

/** The lines of {@link layOut} in pieces that may be coloured. */
export function layOutLines(paragraphs: readonly Paragraph[], clean: Clean): StyledLine[] {
  return paragraphs.flatMap(paragraph => {
    const { first = '', rest = ' '.repeat(cellWidth(first)), tones = {} } = paragraph;
    return wrap({ ...paragraph, text: clean(paragraph.text) }).map((line, rank): StyledLine => {
      const start = rank === 0 ? first.length : rest.length;
      return [
        { text: line.slice(0, start), tone: rank === 0 ? tones.first : undefined },
        { text: line.slice(start), tone: tones.text },
      ];
    });
  });
}

// A terminal breaks it itself, and still opens it at a click and copies it whole. Longer ones are of no page that a CI system has.
const LINK = /^\(?https:\/\/[!-~]{1,300}$/;

/**
 * A paragraph in lines of at most {@link LINE_CELLS}, broken between words, and where a word is longer than a line, in it; a link
 * that is longer than a line stays whole.
 */
export function wrap({ text, first = '', rest = ' '.repeat(cellWidth(first)) }: Paragraph): string[] {
  const told = bound(toVisible(text));
  const isLine = !told.startsWith(' ') && cellWidth(first) + cellWidth(told) <= LINE_CELLS;
  if (isLine) return [`${first}${told}`.trimEnd()];
  const lines: string[] = [];
  // Where what stands before takes a whole line, each line has one character more all the same.
  const inFirst = Math.max(1, LINE_CELLS - cellWidth(first));
  const whole = Math.max(1, LINE_CELLS - cellWidth(rest));
  let line = '';
  const leftAfter = (start: string): number => (lines.length === 0 ? inFirst : whole) - cellWidth(start);
  const end = (): void => {
    if (line.trim() !== '' || lines.length === 0)
      lines.push(`${lines.length === 0 ? first : rest}${line}`.trimEnd());
    line = '';
  };
  for (const word of told.split(' ')) {
    let start = line === '' ? '' : `${line} `;
    let tail = word;
    let cells = cellWidth(word);
    let left = leftAfter(start);
    // A word that no line holds begins where half a line is left.
    const isLink = word.includes('https://') && LINK.test(word);
    const fits = cells <= whole;
    const isMoved = (start !== '' || (isLink && fits)) && (fits || isLink || left < whole / 2);
    if (cells > left && isMoved) {
      end();
      start = '';
      left = leftAfter(start);
    }
    while (!isLink && cells > left) {
      const head = headOf(tail, left);
      line = start + head;
      end();
      start = '';
      left = leftAfter(start);
      tail = tail.slice(head.length);
      cells = cellWidth(tail);
    }
    line = start + tail;
  }
  end();
  return lines;
}

/** A count with its noun. */
export function count(number: number, noun: string): string {
  // Loading what knows of languages takes as long as half of a whole start.
  const digits = number < 1000 ? String(number) : number.toLocaleString('en');
  return `${digits} ${noun}${number === 1 ? '' : 's'}`;
}

/** Both ends of a text that is longer than any that is meant to be read, and between them how much is left out. */
export function bound(text: string): string {
  if (text.length <= HEAD_CHARACTERS + TAIL_CHARACTERS) return text;
  const head = text.slice(0, HEAD_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(-TAIL_CHARACTERS).replace(/^[\udc00-\udfff]/, '');
  const left = text.length - head.length - tail.length;
  return `${head} [… ${count(left, 'character')} left out, see --json …] ${tail}`;
}

// Where the parts of an ARN and of a name end.
const PARTS_END = [/[/:,]/, /[-_.=@]/];

/** As much of a word as so many cells hold, up to where a part of it ends if that is in the second half. */
function headOf(word: string, cells: number): string {
  const taken: string[] = [];
  let used = 0;
  // A character with the marks on it; more marks than any writing has count as characters.
  for (const [piece] of word.matchAll(/.(?:\p{Mn}|\p{Me}){0,8}/gsu)) {
    used += cellWidth(piece);
    if (used > cells && taken.length > 0) break;
    taken.push(piece);
  }
  for (const end of PARTS_END) {
    const at = taken.findLastIndex(piece => end.test(piece));
    if (at >= taken.length / 2) return taken.slice(0, at + 1).join('');
  }
  return taken.join('');
}

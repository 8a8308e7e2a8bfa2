const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const KEY = Buffer.from('eventSource');
/** Longer than any name of a service. */
const LONGEST_SOURCE = 100;
const SOURCE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/;
/** An endpoint of a Region may be that of any service. */
const REGION = /\.[a-z]{2}(?:-[a-z]+)+-\d\./;
/** The escapes that can stand for a part of a key, or of a service's name. Others, such as `\u003d`, are common in logs. */
const ESCAPED_NAME = /\\u00(?:[4-7]|2[de]|3\d)/i;
/** How escapes of characters that names have begin. */
export const ESCAPE = Buffer.from('\\u00');
/** More services than AWS has; a log that names more is not what the memory is for. */
const MOST_KNOWN = 2000;

/** Where the bytes of a record are, and what stands in them. */
export interface RecordPlace {
  readonly start: number;
  readonly end: number;
  /** Behind the key `eventSource` of the record itself; undefined if there is none, or more than one. */
  readonly sourceKey: number | undefined;
}

/** Whether the record that stands there is left out. */
export type PlaceTest = (place: RecordPlace) => boolean;

/** Tells records that need not be parsed by their bytes. */
export interface ByteFilter {
  /** A test for the records in these bytes, which are to be asked for in their order; true leaves one out. */
  open(bytes: Buffer): PlaceTest;
}

/**
 * Tells records that nobody asked for by their bytes, so that they need not be parsed. Whatever is not certain is wanted: a record is
 * left out only if its own `eventSource` is plainly that of another service, and none that is wanted stands behind such a key anywhere
 * in it: where a log is damaged, or an entry holds a text, that may be another record.
 */
export class RecordFilter implements ByteFilter {
  readonly #wanted: ReadonlySet<string>;
  /** Their bytes, each as a character. */
  readonly #spelt: readonly string[];
  readonly #longest: number;
  readonly #known = new Map<string, boolean>();

  /** @param sources values of `eventSource`, for example `lambda.amazonaws.com` */
  constructor(sources: readonly string[]) {
    this.#wanted = new Set(sources.map(source => source.toLowerCase()));
    this.#spelt = [...this.#wanted].map(source => Buffer.from(source).toString('latin1'));
    this.#longest = this.#spelt.reduce((most, { length }) => Math.max(most, length), 0);
  }

  open(bytes: Buffer): PlaceTest {
    const keys = new Finder(bytes, KEY);
    const escapes = new Finder(bytes, ESCAPE);
    const isWantedIn = (start: number, end: number): boolean => {
      // One search for the key, and not one for each service.
      for (let at = keys.next(start, end); at !== undefined; at = keys.next(at + 1, end))
        if (this.#isWantedBehind(bytes, at + KEY.length)) return true;
      return false;
    };
    return ({ start, end, sourceKey }) => {
      if (sourceKey === undefined || !this.#isOther(readText(bytes, sourceKey))) return false;
      if (isWantedIn(start, end)) return false;
      return !escapes.isBetween(start, end) || !hasEscapedName(bytes, start, end);
    };
  }

  #isOther(source: string): boolean {
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    const isOther = isPlainSource(source) && !this.#wanted.has(source);
    if (this.#known.size < MOST_KNOWN) this.#known.set(source, isOther);
    return isOther;
  }

  /** Whether a wanted service follows a key, as often as the quotes between may be escaped. */
  #isWantedBehind(bytes: Buffer, key: number): boolean {
    let at = key;
    while (isPunctuation(bytes[at])) at += 1;
    const text = bytes.toString('latin1', at, at + this.#longest);
    return this.#spelt.some(source => text.startsWith(source));
  }
}

/** Finds the places of one text, going forward only, so that the bytes are searched once. */
export class Finder {
  readonly #bytes: Buffer;
  readonly #needle: Buffer;
  #at = -2;

  constructor(bytes: Buffer, needle: Buffer) {
    this.#bytes = bytes;
    this.#needle = needle;
  }

  isBetween(start: number, end: number): boolean {
    return this.next(start, end) !== undefined;
  }

  /** The first place between two; undefined if there is none. */
  next(start: number, end: number): number | undefined {
    if (this.#at !== -1 && this.#at < start) this.#at = this.#bytes.indexOf(this.#needle, start);
    return this.#at !== -1 && this.#at < end ? this.#at : undefined;
  }
}

/** Whether a text is the `eventSource` of a service and nothing else, such as an endpoint of a Region. */
export function isPlainSource(text: string): boolean {
  return SOURCE.test(text) && !REGION.test(text);
}

/** Whether some of the bytes are escapes that can stand for a part of a key, or of a service's name. */
export function hasEscapedName(bytes: Buffer, start: number, end: number): boolean {
  return ESCAPED_NAME.test(bytes.toString('latin1', start, end));
}

function isPunctuation(byte: number | undefined): boolean {
  return byte === QUOTE || byte === COLON || byte === BACKSLASH || isBlank(byte);
}

/** The text behind a key as it stands there; empty if there is none, or a long one. */
export function readText(bytes: Buffer, key: number): string {
  const colon = skipBlanks(bytes, key);
  if (bytes[colon] !== COLON) return '';
  const from = skipBlanks(bytes, colon + 1) + 1;
  if (bytes[from - 1] !== QUOTE) return '';
  let end = from;
  while (end < from + LONGEST_SOURCE && bytes[end] !== QUOTE) end += 1;
  return bytes[end] === QUOTE ? bytes.toString('latin1', from, end) : '';
}

/** The place of the next byte that is no white space. */
export function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at += 1;
  return at;
}

/** Whether a key ends here; also if that is not known yet. */
export function isKeyEnd(bytes: Buffer, at: number): boolean {
  const next = bytes[skipBlanks(bytes, at)];
  return next === undefined || next === COLON;
}

/** Whether JSON takes the byte for white space. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Whether the byte may stand between documents: a byte order mark in UTF-8, zeros, to which some writers fill up, and the mark before each
 * text of a sequence.
 * Source: https://www.rfc-editor.org/rfc/rfc7464#section-2.2
 */
export function isPadding(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0x1e;
}

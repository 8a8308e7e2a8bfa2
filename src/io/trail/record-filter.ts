const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const KEY = 'eventSource';
/** Longer than any name of a service. */
const LONGEST_SOURCE = 100;
const SOURCE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/;
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

/** Tells records that need not be parsed by their bytes. */
export interface ByteFilter {
  /** A test for the records in these bytes, which are to be asked for in their order; true leaves one out. */
  open(bytes: Buffer): (place: RecordPlace) => boolean;
}

/**
 * Tells records that nobody asked for by their bytes, so that they need not be parsed. Whatever is not certain is wanted: a record is
 * left out only if its own `eventSource` is plainly that of another service, and none that is wanted stands behind such a key anywhere
 * in it: where a log is damaged, or an entry holds a text, that may be another record.
 */
export class RecordFilter implements ByteFilter {
  readonly #wanted: ReadonlySet<string>;
  readonly #needles: readonly Buffer[];
  readonly #known = new Map<string, boolean>();

  /** @param sources values of `eventSource`, for example `lambda.amazonaws.com` */
  constructor(sources: readonly string[]) {
    this.#wanted = new Set(sources.map(source => source.toLowerCase()));
    this.#needles = [...this.#wanted].map(source => Buffer.from(source));
  }

  open(bytes: Buffer): (place: RecordPlace) => boolean {
    const finders = this.#needles.map(needle => new Finder(bytes, needle, isBehindKey));
    const escapes = new Finder(bytes, ESCAPE, () => true);
    return ({ start, end, sourceKey }) => {
      if (sourceKey === undefined || !this.#isOther(readText(bytes, sourceKey))) return false;
      if (finders.some(finder => finder.isBetween(start, end))) return false;
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
}

/** Finds the places of one text, going forward only, so that the bytes are searched once. */
export class Finder {
  readonly #bytes: Buffer;
  readonly #needle: Buffer;
  readonly #counts: (bytes: Buffer, at: number) => boolean;
  #at = -2;

  /** @param counts whether a place is one that is looked for */
  constructor(bytes: Buffer, needle: Buffer, counts: (bytes: Buffer, at: number) => boolean) {
    this.#bytes = bytes;
    this.#needle = needle;
    this.#counts = counts;
  }

  isBetween(start: number, end: number): boolean {
    return this.next(start, end) !== undefined;
  }

  /** The first place between two; undefined if there is none. */
  next(start: number, end: number): number | undefined {
    if (this.#at !== -1 && this.#at < start) this.#at = this.#find(start);
    return this.#at !== -1 && this.#at < end ? this.#at : undefined;
  }

  #find(start: number): number {
    let at = this.#bytes.indexOf(this.#needle, start);
    while (at !== -1 && !this.#counts(this.#bytes, at)) at = this.#bytes.indexOf(this.#needle, at + 1);
    return at;
  }
}

/** Whether a text is the `eventSource` of a service and nothing else. */
export function isPlainSource(text: string): boolean {
  return SOURCE.test(text);
}

/** Whether some of the bytes are escapes that can stand for a part of a key, or of a service's name. */
export function hasEscapedName(bytes: Buffer, start: number, end: number): boolean {
  return ESCAPED_NAME.test(bytes.toString('latin1', start, end));
}

/** Whether the key before a text is `eventSource`, as often as it may be escaped. Services are named in other fields all the time. */
function isBehindKey(bytes: Buffer, at: number): boolean {
  let end = at;
  while (isPunctuation(bytes[end - 1])) end -= 1;
  return bytes.toString('latin1', Math.max(0, end - KEY.length), end) === KEY;
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

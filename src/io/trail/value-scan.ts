import { isKeyEnd } from './record-filter.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSED_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSED = 0x7d;
const SOURCE_KEY = Buffer.from('"eventSource"');

/** Looks for the end of one JSON text, list or object, which may come in pieces, and for its own key `eventSource` on the way. */
export class ValueScan {
  #depth = 0;
  #isDone = false;
  #sourceKey = 0;
  #sources = 0;
  #commas = 0;

  /** Whether the end was found. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The place behind the key; undefined if there is none, or more than one. */
  get sourceKey(): number | undefined {
    return this.#sources === 1 ? this.#sourceKey : undefined;
  }

  /** How many commas its own parts have between them. */
  get commas(): number {
    return this.#commas;
  }

  /** Begins a value. @param depth how many brackets and braces are open already */
  begin(depth: number): void {
    this.#depth = depth;
    this.#isDone = false;
    this.#sources = 0;
    this.#commas = 0;
  }

  /** Tells that the bytes are now elsewhere. */
  move(by: number): void {
    this.#sourceKey += by;
  }

  /** @returns the place after the end, or where to go on once there are more bytes. Strings are skipped by native search. */
  findEnd(bytes: Buffer, from: number): number {
    let depth = this.#depth;
    let at = from;
    let isFound = false;
    while (at < bytes.length && !isFound) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const end = findStringEnd(bytes, at + 1);
        // The whole string is read again when there is more of it.
        if (end === 0) break;
        if (depth === 1 && end - at === SOURCE_KEY.length) this.#seeText(bytes, at, end);
        at = end;
        isFound = depth === 0;
        continue;
      }
      // Most of what is between strings comes before brackets and braces.
      if (byte >= OPEN_LIST) {
        if (byte === OPEN || byte === OPEN_LIST) depth += 1;
        else if (byte === CLOSED || byte === CLOSED_LIST) {
          depth -= 1;
          isFound = depth === 0;
        }
      } else if (byte === COMMA && depth === 1) this.#commas += 1;
      at += 1;
    }
    this.#depth = depth;
    this.#isDone = isFound;
    return at;
  }

  #seeText(bytes: Buffer, start: number, end: number): void {
    for (let at = 0; at < SOURCE_KEY.length; at += 1) if (bytes[start + at] !== SOURCE_KEY[at]) return;
    if (!isKeyEnd(bytes, end)) return;
    this.#sources += 1;
    this.#sourceKey = end;
  }
}

/** The place after the closing quote; 0 if there is none. */
function findStringEnd(bytes: Buffer, start: number): number {
  for (let quote = bytes.indexOf(QUOTE, start); quote !== -1; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return 0;
}

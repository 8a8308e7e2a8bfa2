import { isTextAt } from './plain-json.ts';

/** More than the texts that come again in a log: names of services, calls, accounts, Regions, and times of one second. */
const PLACES = 2048;
/** Longer ones seldom come again, as ids do not. */
const LONGEST = 32;
/** 2 ** 32 by the golden ratio, as is usual for mixing: https://en.wikipedia.org/wiki/Hash_function#Fibonacci_hashing */
const FACTOR = 0x9e3779b1;

/** Makes texts of ASCII bytes. Those that come again are one text each, as long as no other takes their place. */
export class ShortTexts {
  readonly #texts: string[] = new Array<string>(PLACES).fill('');

  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return bytes.toString('latin1', start, end);
    let mixed = length;
    for (let at = start; at < end; at += 1) mixed = Math.imul(mixed ^ (bytes[at] ?? 0), FACTOR);
    const place = (mixed ^ (mixed >>> 15)) & (PLACES - 1);
    const known = this.#texts[place] ?? '';
    if (known.length === length && isTextAt(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#texts[place] = text;
    return text;
  }
}

/**
 * Bytes by which objects are found, as places behind the start: in an identity there are the caller's id and session. Any others would do:
 * all bytes are compared afterwards.
 */
const SAMPLE_FROM = 38;
const SAMPLE_UNTIL = 78;
/** Shorter ones are as well parsed again. */
const SHORTEST = 128;
/** As many are kept. An identity takes about 2 kB. */
const MOST = 1024;
/** As many of one sample, which are calls of one session for itself and for services. */
const MOST_ALIKE = 8;
/** So many bytes from the end tell most of those apart. */
const TAIL = 8;
const FACTOR = 0x9e3779b1;

/** An object that was there before. */
export interface KnownObject {
  readonly bytes: Buffer;
  /** Shared, and therefore not to be changed. */
  readonly value: unknown;
}

/** Remembers JSON objects by their bytes. One that comes again is neither gone through nor parsed: a session's identity is in each of its records. */
export class KnownObjects {
  readonly #known = new Map<number, KnownObject[]>();
  #size = 0;

  /** The object that begins here, if it is known: it ends where it ends, whatever stands behind it. */
  find(bytes: Buffer, at: number): KnownObject | undefined {
    if (at + SHORTEST > bytes.length) return undefined;
    for (const known of this.#known.get(sampleOf(bytes, at)) ?? [])
      if (isThere(known.bytes, bytes, at)) return known;
    return undefined;
  }

  /** Parses the plain JSON between two places, and remembers it. */
  parse(bytes: Buffer, start: number, end: number): unknown {
    const value: unknown = JSON.parse(bytes.toString('latin1', start, end));
    if (end - start < SHORTEST) return value;
    if (this.#size === MOST) {
      this.#known.clear();
      this.#size = 0;
    }
    const sample = sampleOf(bytes, start);
    const alike = this.#known.get(sample) ?? [];
    if (alike.length === MOST_ALIKE) alike.pop();
    else this.#size += 1;
    // The last ones come again soonest.
    alike.unshift({ bytes: Buffer.from(bytes.subarray(start, end)), value });
    this.#known.set(sample, alike);
    return value;
  }
}

function sampleOf(bytes: Buffer, start: number): number {
  let mixed = 0;
  for (let at = start + SAMPLE_FROM; at < start + SAMPLE_UNTIL; at += 1) {
    mixed = Math.imul(mixed ^ (bytes[at] ?? 0), FACTOR);
  }
  return mixed;
}

function isThere(known: Buffer, bytes: Buffer, start: number): boolean {
  const end = start + known.length;
  if (end > bytes.length) return false;
  for (let back = 1; back <= TAIL; back += 1)
    if (known[known.length - back] !== bytes[end - back]) return false;
  return bytes.compare(known, 0, known.length, start, end) === 0;
}

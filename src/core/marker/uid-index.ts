import { hash } from 'node:crypto';
import { MARKER_FIELDS, type Marker } from './marker.ts';

const WORDS_PER_ENTRY = 6;
const FIRST_CAPACITY = 1024;
const FULLEST = 0.7;

/** What {@link UidIndex.add} found: a new marker, a copy of an earlier one, or a clash with it. */
export type UidVerdict =
  | { readonly kind: 'new' | 'copy' }
  | { readonly kind: 'clash'; readonly earlier: number };

/**
 * Remembers which markers have gone by, in 24 bytes each, so that a file of any length can be checked for markers
 * that share a UID: hashes stand for UID (96 bits) and content (64 bits), beside the position of the first.
 */
export class UidIndex {
  #table = new Uint32Array(FIRST_CAPACITY * WORDS_PER_ENTRY);
  #capacity = FIRST_CAPACITY;
  #size = 0;
  /** Where an entry is written before its place is known. */
  readonly #entry = new Uint32Array(WORDS_PER_ENTRY);

  /** Alone there is nothing to hold it against: most calls have one marker, and hashing takes longer than all else of it. */
  #only: readonly [marker: Marker, position: number] | undefined;

  /** @param position what names the marker to people, from 1: its line or its rank. */
  add(marker: Marker, position: number): UidVerdict {
    if (this.#size === 0) {
      if (this.#only === undefined) {
        this.#only = [marker, position];
        return { kind: 'new' };
      }
      this.#put(...this.#only);
    }
    return this.#put(marker, position);
  }

  #put(marker: Marker, position: number): UidVerdict {
    if (this.#size >= this.#capacity * FULLEST) this.#grow();
    const entry = this.#entry;
    writeEntry(entry, marker, position);
    const at = this.#find(entry);
    if (this.#table[at + 5] === 0) {
      this.#table.set(entry, at);
      this.#size += 1;
      return { kind: 'new' };
    }
    const sameContent = this.#table[at + 3] === entry[3] && this.#table[at + 4] === entry[4];
    return sameContent ? { kind: 'copy' } : { kind: 'clash', earlier: this.#table[at + 5] ?? 0 };
  }

  /** Index of the entry with this UID, or of the free place where it belongs. */
  #find(entry: Uint32Array): number {
    let slot = (entry[0] ?? 0) % this.#capacity;
    for (;;) {
      const at = slot * WORDS_PER_ENTRY;
      const isFree = this.#table[at + 5] === 0;
      const isSame =
        this.#table[at] === entry[0] && this.#table[at + 1] === entry[1] && this.#table[at + 2] === entry[2];
      if (isFree || isSame) return at;
      slot = (slot + 1) % this.#capacity;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#capacity *= 2;
    this.#table = new Uint32Array(this.#capacity * WORDS_PER_ENTRY);
    for (let at = 0; at < old.length; at += WORDS_PER_ENTRY) {
      const entry = old.subarray(at, at + WORDS_PER_ENTRY);
      if (entry[5] !== 0) this.#table.set(entry, this.#find(entry));
    }
  }
}

function writeEntry(entry: Uint32Array, marker: Marker, position: number): void {
  const uid = hash('sha256', marker.uid, 'binary');
  const content = hash('sha256', contentOf(marker), 'binary');
  entry[0] = wordAt(uid, 0);
  entry[1] = wordAt(uid, 4);
  entry[2] = wordAt(uid, 8);
  entry[3] = wordAt(content, 0);
  entry[4] = wordAt(content, 4);
  entry[5] = position;
}

/** Two runs of one step differ in when they were recorded, and in nothing else. */
function contentOf(marker: Marker): string {
  const values: unknown[] = [];
  for (const name of MARKER_FIELDS)
    if (name !== 'recorded_at' && name !== 'labels') values.push(marker[name]);
  const { labels } = marker;
  values.push(labels && Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(values);
}

/** Four bytes of a text of bytes as a number. */
function wordAt(bytes: string, at: number): number {
  return (
    bytes.charCodeAt(at) |
    (bytes.charCodeAt(at + 1) << 8) |
    (bytes.charCodeAt(at + 2) << 16) |
    (bytes.charCodeAt(at + 3) << 24)
  );
}

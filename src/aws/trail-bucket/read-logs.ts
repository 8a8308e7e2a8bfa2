import { createHash, type Hash } from 'node:crypto';
import type { ContentWatch } from '../../io/trail/log-reader.ts';
import { dayFolder, stampOf } from './delivered.ts';
import type { TrailPlace } from './places.ts';

/** The day and the name of a log, in the folder of its Region. */
const DAY = /\d{4}\/\d\d\/\d\d\/[^/]+$/;
const OF_PLACE = /(\d{12})\/CloudTrail\/([^/]+)\/$/;
const HASH_BYTES = 32;
const FIRST_CAPACITY = 64;

/** What is known of a log that was read. */
const STATES = { unread: 0, odd: 1, hashed: 2 } as const;

/** The hash of a log as CloudTrail makes it, of its unpacked content. */
export class LogHash implements ContentWatch {
  readonly #settle: (value: string) => void;
  #hash: Hash | undefined = createHash('sha256');
  #value: string | undefined;

  /** @param settle is told the value */
  constructor(settle: (value: string) => void = () => {}) {
    this.#settle = settle;
  }

  update(piece: Buffer): void {
    this.#hash?.update(piece);
  }

  tellOdd(): void {
    this.#set('odd');
  }

  end(): void {
    const value = this.#hash?.digest('hex');
    if (value !== undefined && this.#value === undefined) this.#set(value);
    this.#hash = undefined;
  }

  /** In hex; `odd` for what is not one stream of gzip, and undefined as long as it was not read to its end. */
  get value(): string | undefined {
    return this.#value;
  }

  #set(value: string): void {
    this.#value = value;
    this.#settle(value);
  }
}

/** The logs of one place that were read, with their hashes, in less than 200 bytes each: a year of a busy account fits into memory. */
export class PlaceLogs {
  readonly #folder: string;
  /** What the names of all logs of the place begin with. */
  readonly #stem: string;
  /** By what tells a log from the others of its place. */
  readonly #ranks = new Map<string, number>();
  #hashes = Buffer.alloc(FIRST_CAPACITY * HASH_BYTES);
  #states = new Uint8Array(FIRST_CAPACITY);
  #signed = new Uint8Array(FIRST_CAPACITY);

  /** @param folder of the Region */
  constructor(folder: string) {
    this.#folder = folder;
    const [, account, region] = OF_PLACE.exec(folder) ?? [];
    this.#stem = account === undefined ? '' : `${account}_CloudTrail_${region}_`;
  }

  get size(): number {
    return this.#ranks.size;
  }

  /** Takes a log that is about to be read. */
  watch(key: string): LogHash {
    const name = this.#shorten(key);
    const rank = this.#ranks.get(name) ?? this.#ranks.size;
    // A part of a key would keep all of it.
    this.#ranks.set(Buffer.from(name).toString(), rank);
    if (rank === this.#states.length) this.#grow();
    return new LogHash(value => {
      this.#states[rank] = value === 'odd' ? STATES.odd : STATES.hashed;
      if (value !== 'odd') this.#hashes.write(value, rank * HASH_BYTES, 'hex');
    });
  }

  has(key: string): boolean {
    return this.#ranks.has(this.#shorten(key));
  }

  /** As the value of {@link LogHash}. */
  hashOf(key: string): string | undefined {
    const rank = this.#ranks.get(this.#shorten(key));
    if (rank === undefined || this.#states[rank] === STATES.unread) return undefined;
    if (this.#states[rank] === STATES.odd) return 'odd';
    return this.#hashes.toString('hex', rank * HASH_BYTES, (rank + 1) * HASH_BYTES);
  }

  /** Notes that a digest tells of it. @returns whether that is so for the first time */
  sign(key: string): boolean {
    const rank = this.#ranks.get(this.#shorten(key));
    if (rank === undefined || this.#signed[rank] === 1) return false;
    this.#signed[rank] = 1;
    return true;
  }

  /** The keys of those that no digest told of. */
  *unsigned(): Generator<string> {
    for (const [name, rank] of this.#ranks) if (this.#signed[rank] !== 1) yield this.#lengthen(name);
  }

  /** Without what follows from the place and the time in the name; a key in another form as it is, and only that has a slash. */
  #shorten(key: string): string {
    const name = key.slice(key.lastIndexOf('/') + 1);
    const short = name.slice(this.#stem.length);
    const isPlain = this.#stem !== '' && stampOf(`_${short}`) !== undefined;
    return isPlain && this.#lengthen(short) === key ? short : key;
  }

  #lengthen(name: string): string {
    if (name.includes('/')) return name;
    return `${this.#folder}${dayFolder(stampOf(`_${name}`) ?? 0)}${this.#stem}${name}`;
  }

  #grow(): void {
    const twice = this.#states.length * 2;
    const hashes = Buffer.alloc(twice * HASH_BYTES);
    this.#hashes.copy(hashes);
    this.#hashes = hashes;
    const [states, signed] = [new Uint8Array(twice), new Uint8Array(twice)];
    states.set(this.#states);
    signed.set(this.#signed);
    this.#states = states;
    this.#signed = signed;
  }
}

/** The logs that were read, by the folder of their Region. */
export class ReadLogs {
  readonly #places = new Map<string, PlaceLogs>();
  #loose = 0;

  /** Watches a log that is about to be read; not one that lies where no digest tells of any. */
  watch(key: string): LogHash | undefined {
    if (!DAY.test(key)) {
      this.#loose += 1;
      return undefined;
    }
    const folder = key.replace(DAY, '');
    const logs = this.#places.get(folder) ?? new PlaceLogs(folder);
    this.#places.set(folder, logs);
    return logs.watch(key);
  }

  /** The logs of a place. */
  of({ folder }: Pick<TrailPlace, 'folder'>): PlaceLogs {
    return this.#places.get(folder) ?? new PlaceLogs(folder);
  }

  /** How many there are in all. */
  get count(): number {
    let count = this.#loose;
    for (const logs of this.#places.values()) count += logs.size;
    return count;
  }
}

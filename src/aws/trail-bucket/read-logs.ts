import { createHash, type Hash } from 'node:crypto';
import type { ContentWatch } from '../../io/trail/log-reader.ts';
import type { TrailPlace } from './places.ts';

/** The day and the name of a log, in the folder of its Region. */
const DAY = /\d{4}\/\d\d\/\d\d\/[^/]+$/;

/** The hash of a log as CloudTrail makes it, of its unpacked content. */
export class LogHash implements ContentWatch {
  #hash: Hash | undefined = createHash('sha256');
  #value: string | undefined;
  #isOdd = false;

  update(piece: Buffer): void {
    this.#hash?.update(piece);
  }

  tellOdd(): void {
    this.#isOdd = true;
  }

  end(): void {
    this.#value = this.#hash?.digest('hex');
    this.#hash = undefined;
  }

  /** In hex; `odd` for what is not one stream of gzip, and undefined as long as it was not read to its end. */
  get value(): string | undefined {
    return this.#isOdd ? 'odd' : this.#value;
  }
}

/** The logs that were read, with their hashes, by the folder of their Region. */
export class ReadLogs {
  readonly #places = new Map<string, Map<string, LogHash>>();

  /** Watches a log that is about to be read. */
  watch(key: string): LogHash {
    const hash = new LogHash();
    const folder = key.replace(DAY, '');
    const logs = this.#places.get(folder) ?? new Map<string, LogHash>();
    this.#places.set(folder, logs);
    logs.set(key, hash);
    return hash;
  }

  /** The logs of a place by their keys. */
  of({ folder }: Pick<TrailPlace, 'folder'>): ReadonlyMap<string, LogHash> {
    return this.#places.get(folder) ?? new Map();
  }

  /** How many there are in all. */
  get count(): number {
    let count = 0;
    for (const logs of this.#places.values()) count += logs.size;
    return count;
  }
}

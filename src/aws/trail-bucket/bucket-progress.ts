/** How much of a bucket has been read, while it is still being listed. */
export class BucketProgress {
  #places = 0;
  #listed = 0;
  #objects = 0;
  #bytes = 0;
  #readObjects = 0;
  #readBytes = 0;
  readonly #tell: (done: number, detail: () => string) => void;

  constructor(tell: (done: number, detail: () => string) => void) {
    this.#tell = tell;
  }

  addPlaces(count: number): void {
    this.#places += count;
  }

  endPlace(): void {
    this.#listed += 1;
  }

  found(bytes: number): void {
    this.#objects += 1;
    this.#bytes += bytes;
  }

  readObject(): void {
    this.#readObjects += 1;
  }

  readSome(bytes: number): void {
    this.#readBytes += bytes;
    if (this.#bytes === 0) return;
    // What is not listed yet holds about as much as what is.
    const all = this.#isListed ? this.#bytes : (this.#bytes * (this.#places + 1)) / (this.#listed + 1);
    this.#tell(Math.min(1, this.#readBytes / all), this.#detail);
  }

  get #isListed(): boolean {
    return this.#listed >= this.#places;
  }

  readonly #detail = (): string => {
    const more = this.#isListed ? '' : ' so far';
    const objects = `${this.#readObjects.toLocaleString('en')} of ${this.#objects.toLocaleString('en')} objects`;
    return `${objects}, ${toMegabytes(this.#readBytes)} of ${toMegabytes(this.#bytes)} MB${more}`;
  };
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 });
}

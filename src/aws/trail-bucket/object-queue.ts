/**
 * A queue between those who find and those who read: who finds waits while it is full, who reads while it is empty. It ends when all who
 * find have ended, and fails as the first of them does.
 */
export class ObjectQueue<T> {
  readonly #items: T[] = [];
  readonly #most: number;
  #isClosed = false;
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void)[] = [];

  /** @param most items that wait */
  constructor(most: number) {
    this.#most = most;
  }

  /** Waits until there is room; false once nobody reads any more. */
  async put(item: T): Promise<boolean> {
    while (this.#items.length >= this.#most && !this.#isClosed) await this.#change();
    if (this.#isClosed) return false;
    this.#items.push(item);
    this.#tell();
    return true;
  }

  /** Nothing more comes, or the reason why. */
  close(failure?: { readonly reason: unknown }): void {
    this.#failure ??= failure;
    this.#isClosed = true;
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#tell();
        yield item;
      } else if (this.#failure !== undefined) throw this.#failure.reason;
      else if (this.#isClosed) return;
      else await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#wake.push(resolve));
  }

  #tell(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

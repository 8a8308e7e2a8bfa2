const BITS = 8;
const FIRST_BYTES = 1024;

/** A set of ranks (0, 1, 2, …) that takes one bit for each rank up to its largest. */
export class RankSet {
  #bytes = new Uint8Array(FIRST_BYTES);
  #size = 0;

  /** How many ranks there are. */
  get size(): number {
    return this.#size;
  }

  add(rank: number): void {
    if (!this.has(rank)) this.#size += 1;
    const at = Math.floor(rank / BITS);
    if (at >= this.#bytes.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (rank % BITS));
  }

  has(rank: number): boolean {
    return ((this.#bytes[Math.floor(rank / BITS)] ?? 0) & (1 << (rank % BITS))) !== 0;
  }
}

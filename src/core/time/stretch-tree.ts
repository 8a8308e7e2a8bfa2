import type { Stretch } from './set.ts';

/** Stretches of time in an order of their own, of which those that hold a time are found without looking at all. */
export class StretchTree {
  /** Of each node of a binary tree over the ranks: the first beginning and the last end below it. The root is 1, children of n are 2n and 2n+1. */
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  readonly #leaves: number;
  readonly #length: number;

  constructor(stretches: readonly Stretch[]) {
    this.#length = stretches.length;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, stretches.length)));
    this.#from = new Float64Array(2 * this.#leaves).fill(Number.POSITIVE_INFINITY);
    this.#until = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
    for (const [rank, [from, until]] of stretches.entries()) {
      this.#from[this.#leaves + rank] = from;
      this.#until[this.#leaves + rank] = until;
    }
    for (let node = this.#leaves - 1; node > 0; node -= 1) {
      this.#from[node] = Math.min(this.#fromOf(2 * node), this.#fromOf(2 * node + 1));
      this.#until[node] = Math.max(this.#untilOf(2 * node), this.#untilOf(2 * node + 1));
    }
  }

  /** Ranks of the stretches that hold the time, ends included, in their order. */
  *holding(time: number): Generator<number> {
    if (this.#length === 0) return;
    for (let node = 1; node > 0; ) {
      const mayHold = this.#fromOf(node) <= time && time <= this.#untilOf(node);
      if (mayHold && node < this.#leaves) {
        node *= 2;
        continue;
      }
      if (mayHold) yield node - this.#leaves;
      // To the next subtree on the right; from the last one up to the root, and out.
      while (node % 2 === 1) node = (node - 1) / 2;
      if (node > 0) node += 1;
    }
  }

  #fromOf(node: number): number {
    return this.#from[node] ?? Number.POSITIVE_INFINITY;
  }

  #untilOf(node: number): number {
    return this.#until[node] ?? Number.NEGATIVE_INFINITY;
  }
}

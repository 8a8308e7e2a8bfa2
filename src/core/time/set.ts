/** A stretch of time, both ends included. Milliseconds since the epoch. */
export type Stretch = readonly [from: number, until: number];

/** Times that lie in any of some stretches. What overlaps is one, so that asking takes steps by the logarithm of their number. */
export class TimeSet {
  /** In the order of time; they do not overlap. */
  readonly #stretches: Stretch[] = [];

  constructor(stretches: readonly Stretch[]) {
    for (const [from, until] of stretches.toSorted(([a], [b]) => a - b)) {
      // One that ends before it begins holds no time.
      if (until < from) continue;
      const last = this.#stretches.at(-1);
      if (last === undefined || last[1] < from) this.#stretches.push([from, until]);
      else this.#stretches[this.#stretches.length - 1] = [last[0], Math.max(last[1], until)];
    }
  }

  /** From the first to the last of them; one that ends before it begins where there is none. */
  get hull(): Stretch {
    const [first, last] = [this.#stretches[0], this.#stretches.at(-1)];
    return first === undefined || last === undefined
      ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      : [first[0], last[1]];
  }

  /** Whether the time lies in one of the stretches, their ends included. */
  has(time: number): boolean {
    let [low, high] = [0, this.#stretches.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#stretches[middle]?.[0] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return time <= (this.#stretches[low - 1]?.[1] ?? Number.NEGATIVE_INFINITY);
  }
}

import type { Deploy } from './deploy.ts';

/** Deploys in the order of their starts, of which those that were open at a time are found without looking at all. */
export class DeployList {
  readonly #deploys: Deploy[] = [];
  /** By rank: the last closing up to it, its own included. */
  readonly #latest: number[] = [];

  /** Adds a deploy that starts no earlier than the last one. */
  add(deploy: Deploy): void {
    this.#deploys.push(deploy);
    this.#latest.push(Math.max(deploy.closes, this.#latest.at(-1) ?? Number.NEGATIVE_INFINITY));
  }

  /** All of them. */
  get all(): readonly Deploy[] {
    return this.#deploys;
  }

  /** Those that opened no later and close no earlier. Between their spans they may not be open. */
  around(time: number): Deploy[] {
    const found: Deploy[] = [];
    for (let rank = this.#lastOpened(time); rank >= 0; rank -= 1) {
      const deploy = this.#deploys[rank];
      // Nothing before it closes later.
      if (deploy === undefined || (this.#latest[rank] ?? 0) < time) break;
      if (deploy.closes >= time) found.push(deploy);
    }
    return found.reverse();
  }

  #lastOpened(time: number): number {
    let [low, high] = [0, this.#deploys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#deploys[middle]?.opens ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

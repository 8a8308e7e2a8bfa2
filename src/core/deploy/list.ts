import type { Deploy } from './deploy.ts';

/** Deploys, or groups of them, in the order of their starts, of which those that were open at a time are found without looking at all. */
export class DeployList<D extends Pick<Deploy, 'opens' | 'closes'> = Deploy> {
  readonly #deploys: D[] = [];
  /** By rank: the last closing up to it, its own included. */
  readonly #latest: number[] = [];

  /** Adds a deploy that starts no earlier than the last one. */
  add(deploy: D): void {
    this.#deploys.push(deploy);
    this.#latest.push(Math.max(deploy.closes, this.#latest.at(-1) ?? Number.NEGATIVE_INFINITY));
  }

  /** All of them. */
  get all(): readonly D[] {
    return this.#deploys;
  }

  /** Those that opened no later and close no earlier. Between their spans they may not be open. */
  around(time: number): D[] {
    const found: D[] = [];
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

import type { Change } from './change.ts';

/** Gives small numbers to the few services, calls and places that all changes share. */
export class KindKeys {
  readonly #calls = new Map<string, Map<string, number>>();
  readonly #places = new Map<string, number>();
  #callCount = 0;
  // Changes of one place come in a row.
  #account: string | undefined;
  #region: string | undefined;
  #place = 0;

  /**
   * A short text that is the same for changes that differ in nothing but their time, id and version. It is made once for each change, and
   * what is short is quick to look up.
   *
   * @param actor a number that stands for the change's actor
   */
  keyOf(change: Change, actor: number): string {
    const { component, others, stack, isGlobal } = change;
    const key = `${actor} ${this.#placeOf(change)} ${this.#callOf(change)} ${component}`;
    if (others === undefined && stack === undefined && isGlobal === undefined) return key;
    return `${key} ${JSON.stringify([others, stack, isGlobal])}`;
  }

  #placeOf({ account, region }: Change): number {
    if (account === this.#account && region === this.#region) return this.#place;
    this.#account = account;
    this.#region = region;
    this.#place = numberOf(this.#places, `${account} ${region}`, this.#places.size);
    return this.#place;
  }

  #callOf({ service, action }: Change): number {
    let actions = this.#calls.get(service);
    if (actions === undefined) {
      actions = new Map();
      this.#calls.set(service, actions);
    }
    const call = numberOf(actions, action, this.#callCount);
    if (call === this.#callCount) this.#callCount += 1;
    return call;
  }
}

function numberOf(numbers: Map<string, number>, key: string, next: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, next);
  return next;
}

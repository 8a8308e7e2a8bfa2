import type { Actor, RoleChain } from './change.ts';

/** More hops than anybody takes; AWS documents no limit. */
const MOST_HOPS = 8;

/** Follows keys back to the sessions that took them. */
export class RoleChains {
  readonly #byKey = new Map<string, RoleChain>();

  add(chain: RoleChain): void {
    this.#byKey.set(chain.accessKeyId, chain);
  }

  /** Who assumed the role that the actor acts with, and who assumed the role of that one, and so on. */
  *callersOf(actor: Actor): Generator<Actor> {
    let { accessKeyId } = actor;
    for (let hop = 0; hop < MOST_HOPS && accessKeyId !== undefined; hop += 1) {
      const caller: Actor | undefined = this.#byKey.get(accessKeyId)?.caller;
      if (caller === undefined) return;
      yield caller;
      accessKeyId = caller.accessKeyId;
    }
  }
}

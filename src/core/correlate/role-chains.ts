import type { Actor, RoleChain } from '../change/change.ts';

/** More hops than anybody takes; AWS documents no limit. */
const MOST_HOPS = 8;

/** Follows keys back to the sessions that took them. */
export class RoleChains {
  readonly #byKey = new Map<string, RoleChain>();
  #hasConsole = false;

  /** Of the records that two accounts have of one call, the one that tells the caller's role counts. */
  add(chain: RoleChain): void {
    const known = this.#byKey.get(chain.accessKeyId)?.caller;
    this.#hasConsole ||= chain.caller.fromConsole === true;
    if (known !== undefined && wealth(known) > wealth(chain.caller)) return;
    this.#byKey.set(chain.accessKeyId, chain);
  }

  /** Who took a role in the console, of those that the actor's role was taken by; mostly there is no such call at all. */
  consoleCallerOf(actor: Actor): Actor | undefined {
    if (!this.#hasConsole) return undefined;
    for (const caller of this.callersOf(actor)) if (caller.fromConsole === true) return caller;
    return undefined;
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

/** How much is told of a caller. */
function wealth({ role, fromConsole, accessKeyId }: Actor): number {
  return (fromConsole === true ? 4 : 0) + (role === undefined ? 0 : 2) + (accessKeyId === undefined ? 0 : 1);
}

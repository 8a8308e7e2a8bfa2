import { setTimeout as sleep } from 'node:timers/promises';

/** Makes a call when it is its turn. It rejects with the signal's reason if that is aborted before. */
export type Pace = <T>(call: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;

/**
 * Makes a pace that no second holds more calls than that of: each begins a second after the end of one so many before it. A schedule of
 * starts alone is not enough, for a call that connects first arrives late, and those behind it come closer together.
 */
export function createPace(perSecond: number): Pace {
  const slots = Array.from({ length: perSecond }, () => ({ freeAt: 0, last: Promise.resolve() }));
  let turn = 0;
  return async (call, signal) => {
    const slot = slots[turn % perSecond] ?? { freeAt: 0, last: Promise.resolve() };
    turn += 1;
    const before = slot.last;
    let end = (): void => {};
    slot.last = new Promise(resolve => {
      end = resolve;
    });
    await before;
    try {
      const wait = slot.freeAt - performance.now();
      if (wait > 0)
        await sleep(Math.ceil(wait), undefined, signal === undefined ? {} : { signal }).catch(() => {});
      signal?.throwIfAborted();
      return await call();
    } finally {
      slot.freeAt = performance.now() + 1000;
      end();
    }
  };
}

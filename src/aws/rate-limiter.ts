import { setTimeout as sleep } from 'node:timers/promises';

/** Hands out turns at an even rate. */
export interface RateLimiter {
  /** Resolves when it is the caller's turn; rejects if the signal is aborted before that. */
  take(signal?: AbortSignal): Promise<void>;
}

/**
 * Makes a limiter of `perSecond` turns a second. Turns lie on a schedule, so that a timer that fires late does not slow
 * down those after it; after a pause there is no burst.
 */
export function createRateLimiter(perSecond: number): RateLimiter {
  const interval = 1000 / perSecond;
  let next = 0;
  return {
    async take(signal) {
      const now = performance.now();
      const turn = Math.max(next, now);
      next = turn + interval;
      if (turn > now) await sleep(turn - now, undefined, signal === undefined ? {} : { signal });
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyNow } from '../../io/steady-clock.ts';

/** Hands out turns at an even rate. */
export interface RateLimiter {
  /** Resolves when it is the caller's turn; rejects if the signal is aborted before that. */
  take(signal?: AbortSignal): Promise<void>;
  /** Halves the rate, at most once in a second; it comes back by a tenth of the full rate a second. */
  slowDown(): void;
}

/** A rate to begin with where none was set, once the service has asked for less. */
const UNLIMITED_FALLBACK = 100;
const LOWEST_RATE = 1;
const STEP_MS = 1000;
/** No timer is shorter: a turn that is nearer comes at once, and those after it at their time. */
const SHORTEST_MS = 1;

/**
 * Makes a limiter of `perSecond` turns a second. Turns lie on a schedule, so that a timer that fires late does not slow
 * down those after it; after a pause there is no burst.
 */
export function createRateLimiter(perSecond: number): RateLimiter {
  let rate = perSecond;
  let slowed = Number.NEGATIVE_INFINITY;
  let recovered = Number.NEGATIVE_INFINITY;
  let next = 0;

  function recover(now: number): void {
    const full = Number.isFinite(perSecond) ? perSecond : UNLIMITED_FALLBACK;
    const steps = Math.floor((now - recovered) / STEP_MS);
    if (rate === perSecond || steps < 1) return;
    rate += (steps * full) / 10;
    recovered += steps * STEP_MS;
    if (rate >= full) rate = perSecond;
  }

  return {
    async take(signal) {
      const now = steadyNow();
      recover(now);
      const turn = Math.max(next, now);
      next = turn + 1000 / rate;
      if (turn - now >= SHORTEST_MS)
        await sleep(turn - now, undefined, signal === undefined ? {} : { signal });
    },
    slowDown() {
      const now = steadyNow();
      // Apart from the time of recovery, or a recovery would keep the next throttling from counting.
      if (now - slowed < STEP_MS) return;
      recover(now);
      rate = Math.max(LOWEST_RATE, Math.min(rate, UNLIMITED_FALLBACK) / 2);
      slowed = now;
      recovered = now;
    },
  };
}

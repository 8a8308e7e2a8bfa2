import type { Pluggable } from '@smithy/types';
import type { RateLimiter } from './rate-limiter.ts';

const THROTTLED =
  /^(Throttl(ing|ed)(Exception)?|RequestThrottled(Exception)?|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;

/** Whether an attempt failed because there were too many requests. */
export function isThrottled(error: unknown): boolean {
  return error instanceof Error && THROTTLED.test(error.name);
}

/** Slows the limiter down whenever an attempt is throttled, also one that the SDK then repeats by itself. */
export function createThrottleWatch<I extends object, O extends object>(
  limiter: RateLimiter,
): Pluggable<I, O> {
  return {
    applyToStack(stack) {
      stack.add(
        next => async args => {
          try {
            return await next(args);
          } catch (error) {
            if (isThrottled(error)) limiter.slowDown();
            throw error;
          }
        },
        // After the SDK's retries, so that it sees every attempt.
        { step: 'finalizeRequest', name: 'deployMarkerThrottleWatch', priority: 'low' },
      );
    },
  };
}

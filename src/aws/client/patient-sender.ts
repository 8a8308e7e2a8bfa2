import { setTimeout as sleep } from 'node:timers/promises';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Sender } from './sender.ts';

/** Seconds before each further try of a call that is throttled: its rate is shared with all others of the account. */
const WAITS: readonly number[] = [1, 2, 4, 8, 15, 30];

/** Waits; rejects if the signal is aborted. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/**
 * Tries what is throttled again for about a minute.
 *
 * @param sleepFor default the clock's
 */
export function sendPatiently(send: Sender, sleepFor: Sleep = sleepUntil): Sender {
  return async call => {
    for (const seconds of WAITS) {
      try {
        return await send(call);
      } catch (error) {
        if (!isDeployMarkerError(error) || error.code !== 'AWS_THROTTLED') throw error;
      }
      const wait = seconds * 1000 * (0.75 + Math.random() / 2);
      // The next call tells why it was aborted.
      if (call.signal !== undefined) await sleepFor(wait, call.signal).catch(() => {});
    }
    return send(call);
  };
}

async function sleepUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/**
 * Time for one call with all of its attempts, in milliseconds. Our own choice: longer than the SDK's three attempts need where a service
 * is merely slow, and short enough that a job ends within a minute where it says nothing at all, or a byte at a time.
 */
const CALL_MS = 40_000;

/** What is done, and what may end it earlier. */
export interface CallLimits {
  /** For the message. */
  readonly operation: string;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds, or infinite where the signal is a deadline. */
  readonly limitMs?: number | undefined;
}

/**
 * The outcome of one call, or the reason of the signal as soon as it is aborted, or TIMEOUT. What is still under way then is aborted, and
 * no listener and no timer is left behind.
 */
export async function withinDeadline<T>(
  { operation, signal, limitMs = CALL_MS }: CallLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  const timer = Number.isFinite(limitMs)
    ? setTimeout(() => controller.abort(tooLate(operation, limitMs)), limitMs)
    : undefined;
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    // The SDK looks at the signal once it sends; what gives the credentials may take long before that.
    return await Promise.race([rejection(controller.signal), work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function tooLate(operation: string, limitMs: number): DeployMarkerError {
  return new DeployMarkerError('TIMEOUT', `${operation} had no whole answer after ${limitMs / 1000} s`, {
    hint: 'run the same command again; if it stays so, check the network, the proxy and the endpoint',
  });
}

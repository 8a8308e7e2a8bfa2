import type { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Credentials } from './credentials.ts';
import { toAwsError } from './error-map.ts';
import type { OperationName } from './operation-errors.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** One call of an SDK client. */
export interface ServiceCall<T> {
  readonly operation: OperationName;
  readonly signal: AbortSignal | undefined;
  send(options: { readonly abortSignal?: AbortSignal }): Promise<T>;
}

/** Makes calls in turn, and once more with new credentials when those at hand have expired. */
export type Sender = <T>(call: ServiceCall<T>) => Promise<T>;

/** Makes the sender that all calls of one sink go through. It fails with what `toAwsError` makes of a failure. */
export function createSender(credentials: Credentials, limiter: RateLimiter): Sender {
  return async <T>(call: ServiceCall<T>): Promise<T> => {
    const { operation, signal } = call;
    let sentAt = 0;
    const attempt = async (): Promise<T> => {
      await limiter.take(signal);
      sentAt = performance.now();
      if (signal === undefined) return call.send({});
      // The SDK looks at the signal once it sends; what gives the credentials may take long before that.
      return untilAborted(call.send({ abortSignal: signal }), signal);
    };
    const toError = (error: unknown): DeployMarkerError => toAwsError(error, { operation, signal });
    try {
      return await attempt();
    } catch (error) {
      const failure = toError(error);
      if (failure.code !== 'CREDENTIALS_EXPIRED' || !credentials.forceRenew(sentAt)) throw failure;
    }
    return attempt().catch((error: unknown) => {
      throw toError(error);
    });
  };
}

/** The work's outcome, or the signal's reason as soon as it is aborted; no listener is left behind. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

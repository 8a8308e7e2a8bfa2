import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { type AnswerShape, readAnswer } from '../answers/documented.ts';
import { toAwsError } from '../answers/error-map.ts';
import type { OperationName } from '../answers/operation-errors.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { withinDeadline } from './call-deadline.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** One call of an SDK client. `T` is its answer, `U` what an error stands for that is expected. */
export interface ServiceCall<T, U = never> {
  readonly operation: OperationName;
  readonly signal: AbortSignal | undefined;
  /** What the API promises of the answer: nothing else is handed on. */
  readonly shape: AnswerShape<T>;
  send(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  /** What an error means that is expected; throws every other one. */
  readonly unless?: (error: unknown) => U;
}

/** Makes calls in turn, and once more with new credentials when those at hand have expired. */
export type Sender = <T, U = never>(call: ServiceCall<T, U>) => Promise<T | U>;

/** How long one call may take. */
export interface SenderOptions {
  /** Milliseconds over all attempts of one call; by default less than a minute. Infinite where the signal is a deadline. */
  readonly limitMs?: number;
}

/**
 * Makes the sender that all calls of one sink go through. It fails with UNEXPECTED_RESPONSE where an answer has not the documented form,
 * with TIMEOUT where there is no whole one in time, and otherwise with what `toAwsError` makes of a failure.
 */
export function createSender(
  credentials: Credentials,
  limiter: RateLimiter,
  { limitMs }: SenderOptions = {},
): Sender {
  return async <T, U>(call: ServiceCall<T, U>): Promise<T | U> => {
    const { operation, signal } = call;
    let sentAt = 0;
    const attempt = async (): Promise<T | U> => {
      await limiter.take(signal);
      sentAt = performance.now();
      return withinDeadline({ operation, signal, limitMs }, abortSignal =>
        call.send({ abortSignal }).then(output => readAnswer(call, output), call.unless),
      );
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

import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { steadyNow } from '../../io/steady-clock.ts';
import type { AnswerShape } from '../answers/documented.ts';
import type { AwsErrorContext } from '../answers/error-map.ts';
import type { OperationName } from '../answers/operation-errors.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { withinDeadline } from './call-deadline.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** One call of a client. `T` is its answer, `U` what an error stands for that is expected. */
export type ServiceCall<T, U = never> = CallOf<U> &
  (
    | {
        /** What the API promises of the answer: nothing else is handed on. */
        readonly shape: AnswerShape<T>;
      }
    | {
        /** The answer, as `readAnswer` gives it. */
        readonly read: (output: unknown) => Promise<T>;
      }
  );

interface CallOf<U> {
  readonly operation: OperationName;
  readonly signal: AbortSignal | undefined;
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
      sentAt = steadyNow();
      return withinDeadline({ operation, signal, limitMs }, abortSignal =>
        call.send({ abortSignal }).then(output => readOutput(call, output), call.unless),
      );
    };
    const toError = (error: unknown) => toAwsErrorLate(error, { operation, signal });
    try {
      return await attempt();
    } catch (error) {
      const failure = await toError(error);
      if (failure.code !== 'CREDENTIALS_EXPIRED' || !credentials.forceRenew(sentAt)) throw failure;
    }
    return attempt().catch(async (error: unknown) => {
      throw await toError(error);
    });
  };
}

async function readOutput<T>(call: ServiceCall<T, unknown>, output: unknown): Promise<T> {
  if ('read' in call) return call.read(output);
  return (await import('../answers/documented.ts')).readAnswer(call, output);
}

/** As `toAwsError`; the tables of errors are loaded with the first one. */
export async function toAwsErrorLate(error: unknown, context: AwsErrorContext): Promise<DeployMarkerError> {
  return (await import('../answers/error-map.ts')).toAwsError(error, context);
}

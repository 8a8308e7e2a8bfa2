import {
  AdaptiveRetryStrategy,
  getRetryAfterHint,
  isServerError,
  isThrottlingError,
  isTransientError,
  StandardRetryStrategy,
} from '@smithy/core/retry';
import type { RetryErrorInfo, RetryStrategyV2, SdkError } from '@smithy/types';

/** Decides over further attempts of all calls of one client, by the SDK's own strategies. */
export interface Retries {
  /** Begins a call; in the adaptive mode it waits for a turn. */
  begin(): Promise<CallRetries>;
}

/** Further attempts of one call. */
export interface CallRetries {
  /** Whether there is to be another attempt, once it is time for it. */
  waitForNext(error: Error): Promise<boolean>;
  succeeded(): void;
}

/** Apart from the client, so that it is loaded with the first failure only, or in the adaptive mode. */
export function createRetries(isAdaptive: boolean, maxAttempts: number): Retries {
  const strategy: RetryStrategyV2 = isAdaptive
    ? new AdaptiveRetryStrategy(maxAttempts)
    : new StandardRetryStrategy(maxAttempts);
  return {
    async begin() {
      let token = await strategy.acquireInitialRetryToken('');
      return {
        async waitForNext(error) {
          if (!isSdkError(error)) return false;
          try {
            token = await strategy.refreshRetryTokenForRetry(token, toInfo(error));
            return true;
          } catch {
            // Not an error that may pass, no attempts left, or too many failures of late.
            return false;
          }
        },
        succeeded: () => strategy.recordSuccess(token),
      };
    },
  };
}

/** The SDK looks into the causes of an error, and takes them for errors. */
function isSdkError(error: Error): error is SdkError {
  return error.cause === undefined || error.cause instanceof Error;
}

function toInfo(error: SdkError): RetryErrorInfo {
  const hint = getRetryAfterHint(error.$response);
  return { error, errorType: typeOf(error), ...(hint === undefined ? {} : { retryAfterHint: hint }) };
}

function typeOf(error: SdkError): RetryErrorInfo['errorType'] {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

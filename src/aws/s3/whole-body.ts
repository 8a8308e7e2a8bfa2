import type { Pluggable } from '@smithy/types';

/**
 * Reads the object with its answer, so that `Body` is its bytes. The SDK gives a stream, and what breaks off in the middle of it, or has
 * another checksum than S3 says, is past its retries; here both are tried again like any other fault of the connection.
 */
export function createWholeBody<I extends object, O extends object>(): Pluggable<I, O> {
  return {
    applyToStack(stack) {
      stack.add(
        next => async args => {
          const result = await next(args);
          if (!hasBody(result.output)) return result;
          const Body = await result.output.Body.transformToByteArray().catch(toRetryable);
          return { ...result, output: Object.assign(result.output, { Body }) };
        },
        // After the SDK's retries, so that it is part of every attempt.
        { step: 'finalizeRequest', name: 'deployMarkerWholeBody', priority: 'low' },
      );
    },
  };
}

interface StreamedObject {
  readonly Body: { transformToByteArray(): Promise<Uint8Array> };
}

function hasBody<O extends object>(output: O): output is O & StreamedObject {
  if (!('Body' in output)) return false;
  const { Body: body } = output;
  return typeof body === 'object' && body !== null && 'transformToByteArray' in body;
}

function toRetryable(error: unknown): never {
  if (!(error instanceof Error) || !CHECKSUM_FAULT.test(error.message)) throw error;
  throw Object.assign(error, { name: 'ChecksumMismatch', $retryable: {} });
}

/** How the SDK's stream tells that the bytes are not those that S3 has. */
const CHECKSUM_FAULT = /^Checksum mismatch/;

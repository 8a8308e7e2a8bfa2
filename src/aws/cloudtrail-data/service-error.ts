import { loadRestJsonErrorCode } from '@smithy/core/protocols';
import type { AnswerHead } from '../client/http-exchange.ts';

/** An error that the service itself answered, in the form of the SDK's, which `toAwsError` and the SDK's retries read. */
export class CloudTrailDataServiceException extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';

  constructor(name: string, message: string, fault: 'client' | 'server') {
    super(message);
    this.name = name;
    this.$fault = fault;
  }
}

/**
 * What the service says of a request that it did not carry out.
 *
 * @param body JSON
 * @throws SyntaxError if it is none: something on the way answered then
 */
export function readServiceError(answer: AnswerHead, body: string): CloudTrailDataServiceException {
  const json: unknown = body === '' ? {} : JSON.parse(body);
  const fields: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  const texts = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
  const name = loadRestJsonErrorCode(answer, texts) || 'Unknown';
  const message = texts['message'] ?? texts['Message'] ?? 'UnknownError';
  const fault = answer.statusCode < 500 ? 'client' : 'server';
  return new CloudTrailDataServiceException(name, String(message), fault);
}

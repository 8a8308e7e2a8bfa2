import { loadRestJsonErrorCode } from '@smithy/core/protocols';
import type { AnswerHead } from '../client/http-exchange.ts';
import { ServiceException } from '../plain/service-exception.ts';

/**
 * What the service says of a request that it did not carry out.
 *
 * @param body JSON
 * @throws SyntaxError if it is none: something on the way answered then
 */
export function readServiceError(answer: AnswerHead, body: string): ServiceException {
  const json: unknown = body === '' ? {} : JSON.parse(body);
  const fields: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  const texts = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
  const name = loadRestJsonErrorCode(answer, texts) || 'Unknown';
  const message = texts['message'] ?? texts['Message'] ?? 'UnknownError';
  return new ServiceException(name, String(message), answer.statusCode);
}

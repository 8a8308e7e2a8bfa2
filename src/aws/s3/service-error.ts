import { parseXML } from '@aws-sdk/xml-builder';
import type { AnswerHead } from '../client/http-exchange.ts';

/** An error that S3 itself answered, in the form of the SDK's, which `toAwsError` and the SDK's retries read. */
export class S3ServiceException extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';
  /** Whether the same request may go through at once. */
  readonly $retryable?: object;

  constructor(name: string, message: string, fault: 'client' | 'server') {
    super(message);
    this.name = name;
    this.$fault = fault;
    // Two writers of one key at the same moment: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if (name === 'ConditionalRequestConflict') this.$retryable = {};
  }
}

/**
 * What S3 says of a request that it did not carry out.
 *
 * @param body XML
 * @throws SyntaxError if it is none of S3's: something on the way answered then
 */
export function readS3Error({ statusCode }: AnswerHead, body: string): S3ServiceException {
  const { Code: code, Message: message } = readErrorElement(body);
  if (typeof code !== 'string' || code === '') throw new SyntaxError('the answer is no error of S3');
  return new S3ServiceException(
    code,
    typeof message === 'string' ? message : '',
    statusCode < 500 ? 'client' : 'server',
  );
}

function readErrorElement(body: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = parseXML(body);
    const error = isRecord(document) ? document['Error'] : undefined;
    return isRecord(error) ? error : {};
  } catch (error) {
    throw new SyntaxError('the answer is no XML', { cause: error });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

import { PutObjectCommand } from '@aws-sdk/client-s3';
import type * as z from 'zod/mini';
import type { S3Address } from '../../core/base/s3-address.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import { GET_OBJECT, PUT_OBJECT } from '../answers/s3-shapes.ts';
import { readSdkError } from '../answers/sdk-error.ts';
import type { ServiceCall } from '../client/sender.ts';
import type { S3Service } from './client.ts';
import { S3_ATTEMPT_MS, type S3Part } from './get-client.ts';

/** An object as it was read. */
export interface S3Object {
  readonly body: Uint8Array;
  readonly etag: string;
  /** What the writer said of it: `x-amz-meta-…`, without that. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What must hold of the object that is replaced: that there is none, or that it is still the one with this ETag. */
export type WriteCondition = 'absent' | { readonly etag: string };

/** What is written, and as what. */
export interface S3Write {
  readonly body: string;
  readonly contentType: string;
  /** Without it, whatever is there is replaced. */
  readonly condition?: WriteCondition | undefined;
}

/** Calls one service, until the signal ends it. */
export interface S3Call {
  readonly service: S3Service;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads an object as a whole; undefined where there is none. It fails with BUCKET_NOT_FOUND, ACCESS_DENIED and the others of the common
 * table, and with UNEXPECTED_RESPONSE where the bytes have another checksum than S3 says.
 */
export async function readObject(address: S3Address, call: S3Call): Promise<S3Object | undefined> {
  const answer = await call.service.send({ ...getting(address, call), unless: unlessAbsent });
  return answer && toObject(answer);
}

/**
 * Reads an object, or a part of it. It fails with INPUT_UNREADABLE where there is none, where it is another one meanwhile and where it is
 * archived, with UNEXPECTED_RESPONSE where more is given than was asked for, and otherwise as {@link readObject} does.
 */
export async function readPart(part: S3Part, call: S3Call): Promise<S3Object> {
  const object = toObject(await call.service.send(getting(part, call)));
  const [first, last] = part.range ?? [0, Number.POSITIVE_INFINITY];
  if (object.body.length <= last - first + 1) return object;
  throw unexpectedAnswer(
    { operation: 'GetObject' },
    'with more than the part of the object that it was asked for',
  );
}

type Got = z.infer<typeof GET_OBJECT>;

function getting(part: S3Part, { service, signal }: S3Call): ServiceCall<Got> {
  return {
    operation: 'GetObject',
    signal,
    shape: GET_OBJECT,
    send: ({ abortSignal }) => service.reader.get(part, abortSignal),
  };
}

function toObject({ Body: body, ETag: etag, Metadata: metadata = {} }: Got): S3Object {
  return { body, etag, metadata };
}

/**
 * Writes an object as a whole, and gives its ETag. It fails with STATE_CONFLICT where the condition does not hold, which may also be since
 * an earlier attempt was carried out and its answer was lost.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writeObject(address: S3Address, write: S3Write, call: S3Call): Promise<string> {
  const { service, signal } = call;
  const command = new PutObjectCommand({
    Bucket: address.bucket,
    Key: address.key,
    Body: write.body,
    ContentType: write.contentType,
    ...toHeaders(write.condition),
  });
  return service
    .send({
      operation: 'PutObject',
      signal,
      shape: PUT_OBJECT,
      send: options => service.client.send(command, { ...options, requestTimeout: S3_ATTEMPT_MS }),
    })
    .then(answer => answer.ETag);
}

function toHeaders(condition: WriteCondition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {};
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

/** Its name alone is not enough: what says that it refuses, or is another object's answer, says nothing of what is there. */
function unlessAbsent(error: unknown): undefined {
  const { name, status } = readSdkError(error, []);
  if (name === 'NoSuchKey' && status === 404) return undefined;
  throw error;
}

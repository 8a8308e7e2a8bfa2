import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { S3Address } from '../../core/base/s3-address.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { GET_OBJECT, PUT_OBJECT } from '../answers/s3-shapes.ts';
import type { OpenService } from '../client/service-client.ts';
import { S3_ATTEMPT_MS } from './client.ts';

/** An object as it was read. */
export interface S3Object {
  readonly body: Uint8Array;
  readonly etag: string;
  /** What the writer said of it: `x-amz-meta-…`, without that. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Which bytes of which object, as long as it is the one that a list told of. */
export interface S3Part extends S3Address {
  readonly etag?: string | undefined;
  /** First and last byte; without it all of them. */
  readonly range?: readonly [first: number, last: number] | undefined;
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
  readonly service: OpenService<S3Client>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads an object as a whole; undefined where there is none. It fails with BUCKET_NOT_FOUND, ACCESS_DENIED and the others of the common
 * table, and with UNEXPECTED_RESPONSE where the bytes have another checksum than S3 says.
 */
export function readObject({ bucket, key }: S3Address, call: S3Call): Promise<S3Object | undefined> {
  const { service, signal } = call;
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  return service
    .send({
      operation: 'GetObject',
      signal,
      shape: GET_OBJECT,
      send: options => service.client.send(command, { ...options, requestTimeout: S3_ATTEMPT_MS }),
      unless: unlessAbsent,
    })
    .then(answer => answer && { body: answer.Body, etag: answer.ETag, metadata: answer.Metadata ?? {} });
}

/**
 * Reads an object, or a part of it. It fails with INPUT_UNREADABLE where there is none, where it is another one meanwhile and where it is
 * archived, and otherwise as {@link readObject} does.
 */
export async function readPart(part: S3Part, { service, signal }: S3Call): Promise<S3Object> {
  const { bucket, key, etag, range } = part;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...withoutUndefined({
      IfMatch: etag,
      Range: range === undefined ? undefined : `bytes=${range[0]}-${range[1]}`,
    }),
  });
  const answer = await service.send({
    operation: 'GetObject',
    signal,
    shape: GET_OBJECT,
    send: options => service.client.send(command, { ...options, requestTimeout: S3_ATTEMPT_MS }),
  });
  return { body: answer.Body, etag: answer.ETag, metadata: answer.Metadata ?? {} };
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
  const isAbsent = error instanceof NoSuchKey && error.$metadata.httpStatusCode === 404;
  if (isAbsent) return undefined;
  throw error;
}

import type { S3Address } from '../../core/base/s3-address.ts';
import type { AnswerHead } from '../client/http-exchange.ts';
import { holdBody } from './body-checksum.ts';
import { BucketCalls, type ObjectClientConfig } from './bucket-calls.ts';

/** Time for the head of an answer, and between two parts of its body, in milliseconds. Our own choice. */
export const S3_ATTEMPT_MS = 10_000;

/** Which bytes of which object, as long as it is the one that a list told of. */
export interface S3Part extends S3Address {
  readonly etag?: string | undefined;
  /** First and last byte; without it all of them. */
  readonly range?: readonly [first: number, last: number] | undefined;
}

/** What S3 gives of an object; see `GET_OBJECT` of the shapes. */
export interface GetAnswer {
  readonly ETag: string | undefined;
  readonly Body: Buffer;
  /** By names without their `x-amz-meta-`. */
  readonly Metadata: Readonly<Record<string, string>>;
}

/**
 * Client of S3 for reading objects of one bucket; see {@link BucketCalls}. A trail's bucket holds many small ones, for each of which the SDK's
 * client takes several times the work of the request itself.
 */
export class GetClient {
  readonly #calls: BucketCalls<GetAnswer>;

  constructor(config: ObjectClientConfig) {
    this.#calls = new BucketCalls({ ...config, attemptMs: S3_ATTEMPT_MS, toFields: toAnswer });
  }

  /**
   * Reads an object, or a part of it, as a whole with its answer: what breaks off in the middle, or has another checksum than S3 says, is tried
   * again like any other fault of the connection. `AWS_RESPONSE_CHECKSUM_VALIDATION` set to `when_required` does without the checksum, for what
   * only looks like S3.
   *
   * It fails with what `toAwsError` reads.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  async get({ range, etag, ...address }: S3Part, signal?: AbortSignal): Promise<GetAnswer> {
    return this.#calls.send(
      {
        ...address,
        method: 'GET',
        body: '',
        toHeaders: ({ asksForChecksums }) => ({
          ...(asksForChecksums ? { 'x-amz-checksum-mode': 'ENABLED' } : {}),
          ...(etag === undefined ? {} : { 'if-match': etag }),
          ...(range === undefined ? {} : { range: `bytes=${range[0]}-${range[1]}` }),
        }),
      },
      signal,
    );
  }
}

const METADATA = 'x-amz-meta-';

async function toAnswer(body: Buffer, { headers }: AnswerHead): Promise<GetAnswer> {
  await holdBody(body, headers);
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(headers))
    if (name.startsWith(METADATA)) metadata[name.slice(METADATA.length)] = headers[name] ?? '';
  return { ETag: headers['etag'], Body: body, Metadata: metadata };
}

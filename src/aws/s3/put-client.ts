import { hash } from 'node:crypto';
import type { S3Address } from '../../core/base/s3-address.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import type { AnswerHead } from '../client/http-exchange.ts';
import { contentHeaders } from '../plain/request.ts';
import { readCallSettings } from '../plain/settings.ts';
import {
  BucketCalls,
  findEndpoint,
  type ObjectCall,
  type ObjectClientConfig,
  toObjectRequest,
} from './bucket-calls.ts';

/** A new object. */
export interface NewObject extends S3Address {
  readonly body: string;
}

/** What S3 says of an object that it took. */
export interface PutAnswer {
  readonly ETag: string | undefined;
  /** The checksum of what is stored; not everything that looks like S3 tells it. */
  readonly ChecksumSHA256: string | undefined;
  /** Of a PutObject there is nothing to say: a text is something else's answer. */
  readonly text: string;
}

/** Client of S3 for new objects of one bucket; see {@link BucketCalls}. */
export class PutClient {
  readonly #calls: BucketCalls<PutAnswer>;

  constructor(config: ObjectClientConfig) {
    this.#calls = new BucketCalls({ ...config, toFields: toAnswer });
  }

  /**
   * Stores an object if there is none under its key, and fails with `PreconditionFailed` otherwise. The checksum, which a bucket with Object
   * Lock asks for, lets S3 refuse what was changed on the way.
   *
   * It fails with what `toAwsError` reads.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
   */
  async putNew(object: NewObject, signal?: AbortSignal): Promise<PutAnswer> {
    return this.#calls.send(toCall(object), signal);
  }
}

/** The very request that would be sent, but for its signature: in one line its target, and its body. @throws as `putNew` does */
export async function describePutNew(
  object: NewObject,
  { region, options }: { readonly region: string; readonly options: Pick<ConnectionOptions, 'env'> },
): Promise<{ readonly target: string; readonly body: string }> {
  const settings = await readCallSettings({ region, env: options.env });
  const { method, protocol, headers, path, body } = toObjectRequest(
    toCall(object),
    findEndpoint(object.bucket, region, settings),
    settings,
  );
  return { target: `${method} ${protocol}//${headers['host']}${path}`, body };
}

function toCall(object: NewObject): ObjectCall {
  const { body } = object;
  return {
    ...object,
    method: 'PUT',
    toHeaders: () => ({
      ...contentHeaders({ body, contentType: 'application/json' }),
      'if-none-match': '*',
      'x-amz-checksum-sha256': hash('sha256', body, 'base64'),
      'x-amz-sdk-checksum-algorithm': 'SHA256',
    }),
  };
}

function toAnswer(body: Buffer, { headers }: AnswerHead): PutAnswer {
  return {
    ETag: headers['etag'],
    ChecksumSHA256: headers['x-amz-checksum-sha256'],
    text: body.toString(),
  };
}

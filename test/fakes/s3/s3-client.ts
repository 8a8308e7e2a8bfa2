import type { AwsServer } from '../aws-server.ts';
import type { Pair } from '../http-message.ts';
import { type Answer, type SigningOptions, sendSigned } from '../signed-client.ts';
import { sha256Hex } from '../sigv4.ts';

/** A request of S3, with `target` as on the wire. */
export interface S3Request {
  readonly method: 'GET' | 'PUT';
  readonly target: string;
  readonly body?: string | Buffer;
  readonly headers?: readonly Pair[];
  /** What `x-amz-content-sha256` claims, when it is not the body's. */
  readonly claimedHash?: string;
}

/** Signs a request of S3 with the default key and sends it. */
export function sendS3(
  server: AwsServer,
  { method, target, body = '', headers = [], claimedHash }: S3Request,
  options: Partial<SigningOptions> = {},
): Promise<Answer> {
  const hash: Pair = ['x-amz-content-sha256', claimedHash ?? sha256Hex(Buffer.from(body))];
  return sendSigned(
    server,
    { method, target, body, headers: [...headers, hash] },
    { service: 's3', ...options },
  );
}

import type { S3Address } from '../../core/base/s3-address.ts';
import type { StateStore } from '../../core/findings/state-store.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { S3_OBJECT, type S3Object } from '../answers/shapes.ts';
import { type ConnectionOptions, openConnection } from '../client/connection.ts';
import { createRateLimiter, DEFAULT_MAX_RATE } from '../client/rate-limiter.ts';
import { createSender } from '../client/sender.ts';
import { createS3Requester } from './s3-request.ts';

/** Which object, and how it is reached. */
export interface S3ObjectOptions extends ConnectionOptions {
  readonly address: S3Address;
  /** Of the bucket, or any other of its partition: S3 says where it is. */
  readonly region: string;
}

/**
 * Keeps a text in an S3 object. It is written only if it is still the one that was read (or still absent), so that two runs at
 * once do not undo each other: the later one fails with STATE_CONFLICT.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function openS3Object(options: S3ObjectOptions): StateStore {
  const { address, region, env = {} } = options;
  const connection = openConnection(options);
  const maxAttempts = options.maxAttempts ?? (Number(env['AWS_MAX_ATTEMPTS']) || 3);
  const request = createS3Requester({ ...connection, address, region, env, maxAttempts });
  const send = createSender(connection.credentials, createRateLimiter(options.maxRate ?? DEFAULT_MAX_RATE));
  const title = `s3://${address.bucket}/${address.key}`;
  let condition: Readonly<Record<string, string>> = {};

  async function get(signal: AbortSignal | undefined): Promise<S3Object | undefined> {
    const call = { method: 'GET', headers: {} } as const;
    const answer = await send({
      operation: 'GetObject',
      signal,
      shape: S3_OBJECT,
      send: ({ abortSignal }) => request({ ...call, signal: abortSignal }),
      unless: unlessAbsent,
    });
    condition = answer === undefined ? { 'if-none-match': '*' } : conditionOf(answer);
    return answer;
  }

  return {
    title,
    read: async signal => (await get(signal))?.body,
    async confirm(signal) {
      const read = condition;
      await get(signal);
      const isSame =
        read['if-match'] === condition['if-match'] && read['if-none-match'] === condition['if-none-match'];
      condition = read;
      if (!isSame) throw conflict(title);
    },
    async write(text, signal) {
      const headers = { ...condition, 'content-type': 'application/json' };
      const read = condition;
      const call = { method: 'PUT', headers, body: text } as const;
      try {
        const written = await send({
          operation: 'PutObject',
          signal,
          shape: S3_OBJECT,
          send: ({ abortSignal }) => request({ ...call, signal: abortSignal }),
        });
        condition = conditionOf(written);
      } catch (error) {
        if (!isDeployMarkerError(error) || error.code !== 'STATE_CONFLICT') throw error;
        // An attempt whose answer was lost may have been carried out; then it is our own text that is in the way.
        if ((await get(signal))?.body === text) return;
        condition = read;
        throw conflict(title, error);
      }
    },
  };
}

function conflict(title: string, cause?: unknown): DeployMarkerError {
  return new DeployMarkerError('STATE_CONFLICT', `${title} was changed by somebody else meanwhile`, {
    cause,
  });
}

function conditionOf({ headers }: S3Object): Readonly<Record<string, string>> {
  return { 'if-match': headers.etag };
}

function unlessAbsent(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
  throw error;
}

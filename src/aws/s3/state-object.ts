import type { S3Address } from '../../core/base/s3-address.ts';
import type { StateStore } from '../../core/findings/state-store.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openS3 } from './client.ts';
import { readObject, type WriteCondition, writeObject } from './object.ts';

/** Which object, and how it is reached; the Region is the bucket's, or any other of its partition: S3 says where it is. */
export interface StateObjectOptions extends ServiceOptions {
  readonly address: S3Address;
}

/**
 * Keeps a text in an S3 object. It is written only if it is still the one that was read (or still absent), so that two runs at
 * once do not undo each other: the later one fails with STATE_CONFLICT.
 */
export function openStateObject(options: StateObjectOptions): StateStore {
  const { address } = options;
  const service = openS3(options);
  const title = `s3://${address.bucket}/${address.key}`;
  let condition: WriteCondition | undefined;

  /** Minutes may lie between two calls; no connection waits for that. */
  function apart<T>(work: Promise<T>): Promise<T> {
    return work.finally(() => service.client.destroy());
  }

  async function get(signal: AbortSignal | undefined): Promise<string | undefined> {
    const found = await apart(readObject(address, { service, signal }));
    condition = found === undefined ? 'absent' : { etag: found.etag };
    return found && new TextDecoder().decode(found.body);
  }

  return {
    title,
    read: get,
    async write(text, signal) {
      const read = condition;
      const write = { body: text, contentType: 'application/json', condition: read };
      try {
        condition = { etag: await apart(writeObject(address, write, { service, signal })) };
      } catch (error) {
        if (!isDeployMarkerError(error) || error.code !== 'STATE_CONFLICT') throw error;
        // An attempt whose answer was lost may have been carried out; then it is our own text that is in the way.
        if ((await get(signal)) === text) return;
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

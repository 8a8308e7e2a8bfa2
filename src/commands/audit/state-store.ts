import { resolve } from 'node:path';
import type { ConnectionOptions } from '../../aws/client/connection.ts';
import { isS3Address, parseS3Address } from '../../core/base/s3-address.ts';
import type { StateStore } from '../../core/findings/state-store.ts';
import { openStateFile } from '../../io/file/state-file.ts';

/** How S3 is reached, should the state be there. */
export interface StateStoreOptions extends ConnectionOptions {
  /** Of the bucket, or any other of its partition. */
  readonly region: string;
  /** Folder that paths begin in. */
  readonly cwd: string;
}

/**
 * Opens what `--state` names: a file, or an object as `s3://bucket/key`. Nothing is read yet.
 *
 * @throws DeployMarkerError USAGE
 */
export async function openStateStore(address: string, options: StateStoreOptions): Promise<StateStore> {
  if (!isS3Address(address)) return openStateFile(resolve(options.cwd, address), address);
  const place = parseS3Address(address, '--state');
  return (await import('../../aws/s3/state-object.ts')).openStateObject({ ...options, address: place });
}

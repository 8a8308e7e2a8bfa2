import type { S3Folder } from '../../core/base/s3-address.ts';
import type { ConnectionOptions } from '../client/connection.ts';

/** Which folder of which bucket markers go to, and how. */
export interface S3SinkOptions extends ConnectionOptions {
  readonly folder: S3Folder;
  /** The bucket's Region, or any other of its partition: S3 says where the bucket is. */
  readonly region: string;
}

/** What S3 calls it that another marker is there under the uid. */
export const IN_THE_WAY = 'PreconditionFailed';

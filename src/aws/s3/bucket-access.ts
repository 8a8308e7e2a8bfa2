import type { S3Folder } from '../../core/base/s3-address.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openS3 } from './client.ts';
import { listObjects } from './list.ts';

/**
 * Whether anything lies in a folder of a bucket, which shows that the bucket is there and may be listed.
 *
 * @throws DeployMarkerError BUCKET_NOT_FOUND, ACCESS_DENIED, and otherwise what `toAwsError` makes of a failure
 */
export async function holdsObjects(
  { bucket, prefix }: S3Folder,
  options: ServiceOptions,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const service = openS3(options);
  try {
    const query = { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
    for await (const _object of listObjects(query, { service, signal })) return true;
    return false;
  } finally {
    service.client.destroy();
  }
}

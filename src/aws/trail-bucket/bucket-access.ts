import type { S3Folder } from '../../core/base/s3-address.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openS3 } from '../s3/client.ts';
import { listObjects } from '../s3/list.ts';

/** Whether there is anything under a prefix, by one request. It fails with BUCKET_NOT_FOUND, ACCESS_DENIED and others. */
export async function holdsObjects(
  service: ServiceOptions,
  { bucket, prefix }: S3Folder,
  signal: AbortSignal,
): Promise<boolean> {
  const s3 = openS3(service);
  try {
    for await (const _ of listObjects({ bucket, prefix }, { service: s3, signal })) return true;
    return false;
  } finally {
    s3.client.destroy();
  }
}

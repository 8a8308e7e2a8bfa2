import type { ServiceOptions } from '../../../aws/client/service-client.ts';
import { holdsObjects } from '../../../aws/trail-bucket/bucket-access.ts';
import { describeS3Folder, parseS3Folder } from '../../../core/base/s3-address.ts';
import { type DoctorCheck, passed } from '../../../core/doctor-check.ts';
import { connectionOf, logRegionOf } from '../../sinks/connection.ts';
import { isBucket } from '../../trail/sources.ts';
import { type DoctorScene, diagnoseInTime } from '../scene.ts';

/** The checks of buckets that take or hold markers; none where there are no such buckets. S3 has no way to try a write without writing. */
export function checkMarkerBuckets(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const { bucket: own } = scene.emit.values;
  const buckets = new Map(scene.trail.markers.filter(isBucket).map(address => [address, asking]));
  if (own !== undefined) {
    // By the role that delivers there.
    const region = logRegionOf(scene.emit.values, scene.context.io.env) || asking.region;
    buckets.set(own, { ...connectionOf(scene.emit.values, region, scene.context), region });
  }
  const checks = [...buckets].map(([address, options]) =>
    diagnoseInTime('bucket', scene, 'S3', async signal => {
      const folder = parseS3Folder(address, address === own ? '--bucket' : '--markers');
      const prefix = folder.prefix === '' ? '' : `${folder.prefix}/`;
      const holds = await holdsObjects(options, { ...folder, prefix }, signal);
      return passed(
        'bucket',
        `${describeS3Folder(folder)} is there${holds ? '' : '; nothing lies in it yet'}`,
      );
    }),
  );
  return Promise.all(checks);
}

import { createS3Sink } from '../../aws/s3/markers-sink.ts';
import { checkRegion } from '../../core/base/region.ts';
import { parseS3Folder } from '../../core/base/s3-address.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import type { EmitFlags } from '../emit/fields.ts';
import { connectionOf, logRegionOf } from './connection.ts';

/** Where a bucket is looked for if no Region is known; S3 says where it is. */
const SOME_REGION = 'us-east-1';

/** Opens the S3 sink that the flags describe. @throws DeployMarkerError USAGE, CONFIG_INVALID if the Region is none */
export function openS3Sink(flags: EmitFlags, context: CommandContext): MarkerSink {
  const { bucket } = flags;
  if (bucket === undefined) {
    throw new DeployMarkerError('USAGE', '--sink s3 needs a bucket', {
      hint: 'pass --bucket s3://BUCKET/PREFIX or set DEPLOY_MARKER_BUCKET',
    });
  }
  const region = checkRegion(logRegionOf(flags, context.io.env) || SOME_REGION);
  return createS3Sink({
    folder: parseS3Folder(bucket, '--bucket'),
    region,
    ...connectionOf(flags, region, context),
  });
}

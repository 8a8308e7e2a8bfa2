import type { CloudTrailOptions } from '../../aws/cloudtrail/client.ts';
import type { BucketReader } from '../../aws/trail-bucket/trail-bucket.ts';
import { checkRegion } from '../../core/base/region.ts';
import { parseS3Folder, parseTrailFolder } from '../../core/base/s3-address.ts';
import type { ChangeSource, MarkerSource } from '../../core/source/source.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import { connection, OWN, parseAccount } from './accounts.ts';

/** Where S3 is asked first if nobody says where. */
const ANY_REGION = 'us-east-1';

/** Flags that say what is read of a bucket. */
export interface BucketFlags {
  readonly account: readonly string[];
  readonly region: readonly string[];
  /** Milliseconds. */
  readonly late: number;
}

/** Opens a bucket of markers. S3 says where the bucket is; a Region that is named decides over the partition. */
export async function openMarkerBucket(
  source: string,
  { region: [first] }: Pick<BucketFlags, 'region'>,
  context: CommandContext,
): Promise<MarkerSource> {
  const { createBucketMarkers } = await import('../../aws/s3/bucket-markers.ts');
  const region = first ?? (awsRegionOf(context.io.env) || ANY_REGION);
  const folder = parseS3Folder(source, '--markers');
  return createBucketMarkers({ folder, ...connection(region, OWN, context) });
}

/** Opens the bucket of a trail. @throws DeployMarkerError USAGE, ARN_INVALID, CONFIG_INVALID */
export async function openTrailBucket(
  source: string,
  flags: BucketFlags & { readonly verifies: boolean },
  context: CommandContext,
): Promise<ChangeSource> {
  const { createTrailBucket } = await import('../../aws/trail-bucket/trail-bucket.ts');
  const from = parseTrailFolder(source, '--changes');
  // S3 tells where the bucket is; only the partition has to be right. --region says what is read of it.
  const region = awsRegionOf(context.io.env) || (flags.region[0] ?? ANY_REGION);
  const own: string[] = [];
  const readers: BucketReader[] = [];
  for (const text of new Set(flags.account)) {
    const account = parseAccount(text, false);
    const service = connection(region, account, context);
    if (account.roleArn !== undefined) readers.push({ accounts: [account.name], service });
    else own.push(account === OWN ? await ownAccount(service, context) : account.name);
  }
  if (own.length > 0 || readers.length === 0) {
    readers.unshift({ accounts: own, service: connection(region, OWN, context) });
  }
  const regions = [...new Set(flags.region)].map(checkRegion);
  const verifiedAt = flags.verifies ? context.io.now() : undefined;
  return createTrailBucket({ from, readers, regions, late: flags.late, verifiedAt });
}

async function ownAccount(service: CloudTrailOptions, { io }: CommandContext): Promise<string> {
  const { readCallerIdentity } = await import('../../aws/sts/caller-identity.ts');
  return (await readCallerIdentity(service, io.signal)).account;
}

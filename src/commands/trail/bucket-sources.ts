import type { BucketReader } from '../../aws/trail-bucket/trail-bucket.ts';
import { parseS3Folder, parseTrailFolder } from '../../core/base/s3-address.ts';
import type { PlaceChoice } from '../../core/source/place-choice.ts';
import type { ChangeSource, MarkerSource } from '../../core/source/source.ts';
import type { CommandContext } from '../command.ts';
import { anyRegion, connection, OWN, type PlaceFlags, parseAccount } from './accounts.ts';

/** Flags that say what is read of a bucket. */
export interface BucketFlags extends PlaceFlags {
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
  const region = first ?? anyRegion({ region: [] }, context);
  const folder = parseS3Folder(source, '--markers');
  return createBucketMarkers({ folder, ...connection(region, OWN, context) });
}

/**
 * Opens the bucket of a trail.
 *
 * @param asked the accounts and Regions that flags name
 * @throws DeployMarkerError USAGE, ARN_INVALID, CONFIG_INVALID
 */
export async function openTrailBucket(
  source: string,
  flags: BucketFlags & { readonly verifies: boolean; readonly asked: PlaceChoice },
  context: CommandContext,
): Promise<ChangeSource> {
  const { createTrailBucket } = await import('../../aws/trail-bucket/trail-bucket.ts');
  const from = parseTrailFolder(source, '--changes');
  // S3 tells where the bucket is; only the partition has to be right. --region says what is read of it.
  const region = anyRegion(flags, context);
  const named = [...new Set(flags.account)].map(text => parseAccount(text, false));
  const byRole = named.filter(({ roleArn }) => roleArn !== undefined);
  const readers: BucketReader[] = byRole.map(account => ({
    accounts: [account.name],
    service: connection(region, account, context),
  }));
  const { accounts, regions } = flags.asked;
  const own = accounts.filter(account => !byRole.some(({ name }) => name === account));
  if (own.length > 0 || readers.length === 0) {
    readers.unshift({ accounts: own, service: connection(region, OWN, context) });
  }
  const verifiedAt = flags.verifies ? context.io.now() : undefined;
  return createTrailBucket({ from, readers, regions, late: flags.late, verifiedAt });
}

import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';

/**
 * What all of AWS's Regions look like, in every partition.
 * Source: https://docs.aws.amazon.com/general/latest/gr/rande.html, and the partitions of AWS's SDKs.
 */
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/;
const LONGEST = 32;

/** Whether a text has the form of a Region. */
export function isRegion(text: string): boolean {
  return text.length <= LONGEST && REGION.test(text);
}

/**
 * The Region, as it may become part of a host: what is none could make another host of it, which would get the request with its
 * signature and session token.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function checkRegion(region: string): string {
  if (isRegion(region)) return region;
  throw new DeployMarkerError('CONFIG_INVALID', `${quote(region)} is no Region of AWS`, {
    hint: 'correct --region, AWS_REGION, the profile or deploy-marker.json: a Region is for example eu-west-1',
  });
}

/** Partitions other than `aws` by how their Regions begin. Source: the partitions of AWS's SDKs (partitions.json). */
const PARTITIONS: readonly (readonly [beginning: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a Region belongs to. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'aws';
}

/**
 * Checks that a Region belongs to the partition of a role: each partition is a cloud of its own, and what is sent to another one is
 * only shown to it.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function checkPartition(
  role: { readonly text: string; readonly partition: string },
  region: string,
): void {
  const found = partitionOf(region);
  if (found === role.partition) return;
  const message = `${quote(role.text)} is a role of ${role.partition}, and the Region ${region} is one of ${found}`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `set --region or AWS_REGION to a Region of ${role.partition}, or name a role of ${found}`,
  });
}

import type { Change } from './change.ts';

/**
 * Services that CloudTrail records in one Region of the partition, us-east-1 mostly, wherever the caller was.
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html (global service events),
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html (services with one endpoint)
 */
export const GLOBAL_SERVICES: readonly string[] = [
  'account',
  'budgets',
  'ce',
  'cloudfront',
  'cur',
  'ecr-public',
  'globalaccelerator',
  'iam',
  'networkmanager',
  'organizations',
  'route53',
  'route53domains',
  'shield',
  'waf',
];

const GLOBAL: ReadonlySet<string> = new Set(GLOBAL_SERVICES);

/**
 * Whether something global was changed: the Region of its record then says nothing of where the caller worked. WAF's calls for
 * CloudFront are global, its others are not.
 */
export function isGlobal({ service, isGlobal: told }: Pick<Change, 'service' | 'isGlobal'>): boolean {
  return told === true || GLOBAL.has(service);
}

/** Where a change was, as what is asked of a place takes it. */
export function placeOfChange(
  change: Pick<Change, 'account' | 'region' | 'service' | 'isGlobal'>,
): Pick<Change, 'account' | 'region'> & { readonly isGlobal: boolean } {
  const { account, region } = change;
  return { account, region, isGlobal: isGlobal(change) };
}

/** Where a partition records calls to global services. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-northwest-1',
  'aws-us-gov': 'us-gov-west-1',
};

/**
 * Services whose one endpoint is in Oregon, where CloudTrail records them.
 * Sources: https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html, https://docs.aws.amazon.com/general/latest/gr/networkmanager.html
 */
const OF_OREGON: ReadonlySet<string> = new Set(['globalaccelerator', 'networkmanager']);

/** The Region in which a partition records calls to a global service; undefined where that is not known. */
export function globalRegionOf(partition: string, service: string): string | undefined {
  return partition === 'aws' && OF_OREGON.has(service) ? 'us-west-2' : GLOBAL_REGIONS[partition];
}

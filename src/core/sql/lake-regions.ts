/**
 * Regions in which PutAuditEvents has an endpoint.
 * Source: the data plane of CloudTrail Lake in https://docs.aws.amazon.com/general/latest/gr/ct.html
 */
const LAKE_REGIONS: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/** Whether PutAuditEvents is documented to be in that Region; a newer Region may be missing here. */
export function takesAuditEvents(region: string): boolean {
  return LAKE_REGIONS.includes(region);
}

import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { type OpenService, openService, type ServiceOptions } from '../client/service-client.ts';

/** Where and how CloudTrail is asked. */
export type CloudTrailOptions = ServiceOptions;

/** CloudTrail's API in one Region, with one set of credentials. */
export type CloudTrail = OpenService<CloudTrailClient>;

/** Opens CloudTrail's API; nothing is sent before the first call. */
export function openCloudTrail(options: CloudTrailOptions): CloudTrail {
  return openService(CloudTrailClient, options);
}

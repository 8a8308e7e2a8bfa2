import { S3Client, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-s3';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { findConfiguredEndpoint } from '../../io/aws-config/endpoint.ts';
import {
  type OpenService,
  openService,
  type ServiceConfig,
  type ServiceOptions,
} from '../client/service-client.ts';
import { createBucketHome, createBucketRegion } from './bucket-region.ts';
import { GetClient } from './get-client.ts';

/** S3 for the objects of one bucket: the SDK's client, and one of our own for reading. */
export interface S3Service extends OpenService<S3Client> {
  readonly reader: GetClient;
}

/**
 * Opens S3 for the objects of one bucket; nothing is sent before the first call. Proxy, certificates, credentials, endpoint, retries,
 * deadline and the limit of a body are those of every service here. The bucket is followed into its Region.
 *
 * The SDK adds a CRC32 to what it sends; `AWS_REQUEST_CHECKSUM_CALCULATION` switches that off for what only looks like S3.
 *
 * @param options with the bucket's Region, or any other of its partition
 * @throws DeployMarkerError CONFIG_INVALID if that is no Region, or the endpoint is configured wrongly
 */
export function openS3(options: ServiceOptions): S3Service {
  const { region, env = {}, maxRate = MAX_RATE.default } = options;
  const home = createBucketHome(region);
  const followed = createBucketRegion<ServiceInputTypes, ServiceOutputTypes>(home);
  // Under an endpoint of one's own the bucket stands in the path, as with the AWS CLI: few of them have names below their own.
  const forcePathStyle = findConfiguredEndpoint(env, 'S3') !== undefined;
  const settings = { region: followed.provider, forcePathStyle };
  class BucketClient extends S3Client {
    constructor(config: ServiceConfig) {
      super({ ...config, ...settings });
    }
  }
  const { shared, ...service } = openService(BucketClient, options, maxRate);
  service.client.middlewareStack.use(followed.plugin);
  return { ...service, reader: new GetClient({ ...shared, options, home }) };
}

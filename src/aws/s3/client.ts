import { S3Client, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-s3';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { findConfiguredEndpoint } from '../../io/aws-config/endpoint.ts';
import {
  type OpenService,
  openService,
  type ServiceConfig,
  type ServiceOptions,
} from '../client/service-client.ts';
import { createBucketRegion } from './bucket-region.ts';
import { createWholeBody } from './whole-body.ts';

/** Time for the head of an answer, and between two parts of its body, in milliseconds. Our own choice. */
export const S3_ATTEMPT_MS = 10_000;

/**
 * Opens S3 for the objects of one bucket; nothing is sent before the first call. Proxy, certificates, credentials, endpoint, retries,
 * deadline and the limit of a body are those of every service here. The bucket is followed into its Region, and objects are read with their
 * answer.
 *
 * The SDK adds a CRC32 to what it sends, and holds what it gets against the checksum that S3 has of it;
 * `AWS_REQUEST_CHECKSUM_CALCULATION` and `AWS_RESPONSE_CHECKSUM_VALIDATION` switch that off for what only looks like S3.
 *
 * @param options with the bucket's Region, or any other of its partition
 * @throws DeployMarkerError CONFIG_INVALID if that is no Region, or the endpoint is configured wrongly
 */
export function openS3(options: ServiceOptions): OpenService<S3Client> {
  const { region, env = {}, maxRate = MAX_RATE.default } = options;
  const home = createBucketRegion<ServiceInputTypes, ServiceOutputTypes>(region);
  // Under an endpoint of one's own the bucket stands in the path, as with the AWS CLI: few of them have names below their own.
  const forcePathStyle = findConfiguredEndpoint(env, 'S3') !== undefined;
  const settings = { region: home.provider, forcePathStyle };
  class BucketClient extends S3Client {
    constructor(config: ServiceConfig) {
      super({ ...config, ...settings });
    }
  }
  const service = openService(BucketClient, options, maxRate);
  service.client.middlewareStack.use(home.plugin);
  service.client.middlewareStack.use(createWholeBody());
  return service;
}

import type { Pluggable } from '@smithy/types';
import { quote } from '../../core/base/quote.ts';
import { checkRegion, isRegion, partitionOf } from '../../core/base/region.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** The Region of a bucket, as far as it is known. */
export interface BucketRegion<I extends object, O extends object> {
  /** For the `region` setting of an SDK client, which asks anew for each request. */
  readonly provider: () => Promise<string>;
  /** Learns of S3 where the bucket is, and sends the request there. */
  readonly plugin: Pluggable<I, O>;
}

/**
 * Follows a bucket into its Region, for the request that S3 sent away and for all those after it. The SDK's own way of doing so takes
 * any text for a Region, and forgets it with each request.
 *
 * The request fails with UNEXPECTED_RESPONSE where what S3 names is no Region or one of another partition; a second time S3 is not
 * followed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTRedirect.html
 */
export function createBucketRegion<I extends object, O extends object>(home: BucketHome): BucketRegion<I, O> {
  return {
    provider: async () => home.region(),
    plugin: {
      applyToStack(stack) {
        stack.add(
          next => async args => {
            try {
              return await next(args);
            } catch (error) {
              if (!home.follow(error)) throw error;
              return next(args);
            }
          },
          { step: 'initialize', name: 'deployMarkerBucketRegion' },
        );
      },
    },
  };
}

/** Where a bucket is, as far as is known. */
export interface BucketHome {
  region(): string;
  /**
   * Learns from a failure. Whether the request is worth sending once more, to another Region.
   *
   * @throws DeployMarkerError UNEXPECTED_RESPONSE where what S3 names is no Region, or one of another partition
   */
  follow(error: unknown): boolean;
}

/** @throws DeployMarkerError CONFIG_INVALID if `first` is no Region */
export function createBucketHome(first: string): BucketHome {
  let region = checkRegion(first);
  let wasMoved = false;
  return {
    region: () => region,
    follow(error) {
      const named = readRegion(error);
      if (wasMoved || named === undefined || named === region) return false;
      if (!isRegion(named) || partitionOf(named) !== partitionOf(region))
        throw new DeployMarkerError('UNEXPECTED_RESPONSE', `S3 answered with the Region ${quote(named)}`);
      wasMoved = true;
      region = named;
      return true;
    },
  };
}

/** What S3 says with a refusal of where the bucket is. */
function readRegion(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('$response' in error)) return undefined;
  const { $response: answer } = error;
  if (!isObject(answer) || !('headers' in answer) || !isObject(answer.headers)) return undefined;
  const named: unknown = Object.entries(answer.headers).find(([name]) => name === 'x-amz-bucket-region')?.[1];
  return typeof named === 'string' ? named : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

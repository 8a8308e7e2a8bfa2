import type { ReadOptions } from '../../core/source/source.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { type DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import type { S3Call } from '../s3/object.ts';
import type { TrailPlaces } from './places.ts';
import type { ReadLogs } from './read-logs.ts';
import { unverified, verifyPlace } from './verify-place.ts';

/** What is verified: all logs of a bucket that were read. */
export interface BucketToVerify {
  readonly bucket: string;
  readonly delivered: TimeRange;
  readonly logs: ReadLogs;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The places that were read with one set of credentials. */
export interface ReadPlaces {
  readonly reader: { readonly service: ServiceOptions };
  readonly call: S3Call;
  readonly found: Pick<TrailPlaces, 'places'>;
}

/**
 * Holds what was read against CloudTrail's digests, place by place. What fails for one place does not keep the others from being verified.
 *
 * @returns why something could not be verified
 */
export async function verifyBucket(
  { bucket, delivered, logs, now }: BucketToVerify,
  readings: readonly ReadPlaces[],
  { signal, onIntegrity }: ReadOptions,
): Promise<DeployMarkerError[]> {
  const gaps: DeployMarkerError[] = [];
  let seen = 0;
  for (const { reader, call, found } of readings) {
    for (const place of found.places) {
      const read = logs.of(place);
      seen += read.size;
      const what = { bucket, place, delivered, logs: read, service: reader.service, signal, now };
      try {
        const verdict = await verifyPlace(what, call);
        onIntegrity?.(verdict.integrity);
        for (const gap of verdict.gaps) gaps.push(gap);
      } catch (error) {
        signal.throwIfAborted();
        if (!isDeployMarkerError(error)) throw error;
        gaps.push(unverified(`${place.account} ${place.region} is not verified: ${error.message}`, error));
      }
    }
  }
  const left = logs.count - seen;
  if (left > 0) gaps.push(unverified(`${left} logs outside of AWS's layout have no digests`));
  return gaps;
}

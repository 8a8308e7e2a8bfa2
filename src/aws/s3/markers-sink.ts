import { describeS3Folder } from '../../core/base/s3-address.ts';
import { toMarkerObject } from '../../core/delivery/marker-object.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import { Outcomes } from '../answers/outcomes.ts';
import { createRateLimiter } from '../client/rate-limiter.ts';
import type { MarkerBucket } from './marker-bucket.ts';
import { IN_THE_WAY, type S3SinkOptions } from './sink-options.ts';

/**
 * A sink that puts markers into a bucket of S3 (PutObject), each as one object under a key made of its day and its uid.
 *
 * An object is only ever made, never replaced, so that a marker is stored once. If there is one already it is read: a marker that says the
 * same (see `saysTheSame`; when it was recorded is none of it) counts as stored, and anything else is a conflict, which is
 * refused. A step that runs again on another day has another key; readers fold its markers as those of every store.
 *
 * @example
 * const sink = createS3Sink({ folder: { bucket: 'acme-deploys', prefix: 'markers' }, region: 'eu-west-1' });
 * await sink.deliver([marker]);
 */
export function createS3Sink(options: S3SinkOptions): MarkerSink {
  const { folder } = options;
  const limiter = createRateLimiter(options.maxRate ?? MAX_RATE.default);
  let bucket: Promise<MarkerBucket> | undefined;
  return {
    name: 's3',
    title: describeS3Folder(folder),
    // Together as many as there are connections: a request that waits for one runs into its timeout.
    chunkSize: 8,
    concurrency: 2,
    check: () => {},
    async deliver(markers, { signal } = {}) {
      bucket ??= import('./marker-bucket.ts').then(({ openMarkerBucket }) =>
        openMarkerBucket(options, limiter),
      );
      const { put } = await bucket;
      const outcomes = new Outcomes(markers, { service: 'S3', codeFor });
      return outcomes.collect([markers], all => put(all, outcomes, signal));
    },
    async preview(markers) {
      const { previewPut } = await import('./marker-bucket.ts');
      return Promise.all(markers.map(marker => previewPut(toMarkerObject(marker, folder), options)));
    },
  };
}

function codeFor(errorCode: string): ErrorCode {
  return errorCode === IN_THE_WAY ? 'MARKER_CONFLICT' : 'EVENTS_REJECTED';
}

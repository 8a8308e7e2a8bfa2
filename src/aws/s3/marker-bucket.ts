import { hash } from 'node:crypto';
import { type MarkerObject, toMarkerObject } from '../../core/delivery/marker-object.ts';
import type { DeliveryPreview } from '../../core/delivery/sink.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Outcomes } from '../answers/outcomes.ts';
import { openConnection } from '../client/connection.ts';
import type { RateLimiter } from '../client/rate-limiter.ts';
import { createSender, toAwsErrorLate } from '../client/sender.ts';
import { isThrottled } from '../client/throttle-watch.ts';
import { createBucketHome } from './bucket-region.ts';
import type { InTheWayReader } from './in-the-way.ts';
import { describePutNew, PutClient } from './put-client.ts';
import { IN_THE_WAY, type S3SinkOptions } from './sink-options.ts';

/** How often an object that was in the way and then was gone is put again. */
const MOST_TURNS = 3;

/** A bucket that takes markers. */
export interface MarkerBucket {
  /** Puts markers side by side and notes what became of each; throws the first failure of a whole call, once all have ended. */
  put(markers: readonly Marker[], outcomes: Outcomes, signal: AbortSignal | undefined): Promise<void>;
}

/** Opens a bucket; nothing is sent before the first marker. */
export function openMarkerBucket(options: S3SinkOptions, limiter: RateLimiter): MarkerBucket {
  const { folder, region } = options;
  const { requestHandler, credentials } = openConnection(options);
  const client = new PutClient({
    home: createBucketHome(region),
    options,
    requestHandler,
    credentials: credentials.provider,
    onFailure: error => {
      if (isThrottled(error)) limiter.slowDown();
    },
  });
  // Whoever delivers has a deadline over all calls.
  const send = createSender(credentials, limiter, { limitMs: Number.POSITIVE_INFINITY });

  let reader: Promise<InTheWayReader> | undefined;

  /** Whether the object was made; false where there is one. */
  function make(object: MarkerObject, signal: AbortSignal | undefined): Promise<boolean> {
    return send({
      operation: 'PutObject',
      signal,
      read: async output => checkAnswer(output, object),
      send: ({ abortSignal }) =>
        client.putNew({ bucket: folder.bucket, key: object.key, body: object.body }, abortSignal),
      unless: unlessThere,
    });
  }

  async function putOne(marker: Marker, outcomes: Outcomes, signal: AbortSignal | undefined): Promise<void> {
    const object = toMarkerObject(marker, folder);
    for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
      if (await make(object, signal)) return outcomes.stored(marker.uid, null);
      reader ??= import('./in-the-way.ts').then(({ openInTheWay }) => openInTheWay(options));
      const found = await (await reader)({ object, marker }, signal);
      if (found === 'same') return outcomes.stored(marker.uid, null);
      if (found !== 'gone') return outcomes.refused(marker.uid, IN_THE_WAY, found.why);
    }
    throw new DeployMarkerError('AWS_UNAVAILABLE', `${object.key} comes and goes in ${folder.bucket}`);
  }

  return {
    async put(markers, outcomes, signal) {
      const ends = await Promise.allSettled(markers.map(marker => putOne(marker, outcomes, signal)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

/** The very request that would be sent, made by the same client up to the point of sending. */
export async function previewPut(
  { key, body }: MarkerObject,
  { folder: { bucket }, region, ...options }: S3SinkOptions,
): Promise<DeliveryPreview> {
  try {
    return await describePutNew({ bucket, key, body }, { region, options });
  } catch (error) {
    throw await toAwsErrorLate(error, { operation: 'PutObject' });
  }
}

/**
 * There is an object already, or another writer makes it at this very moment, however often it is asked.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
function unlessThere(error: unknown): false {
  if (error instanceof Error && /^(?:PreconditionFailed|ConditionalRequestConflict)$/.test(error.name))
    return false;
  throw error;
}

/**
 * Nothing but S3's own form counts as stored: a page on the way to the internet answers HTTP 200 to everything, too.
 *
 * @throws DeployMarkerError UNEXPECTED_RESPONSE
 */
function checkAnswer(output: unknown, { body }: MarkerObject): true {
  const { ETag: etag, ChecksumSHA256: checksum, text } = readFields(output);
  const why =
    typeof etag !== 'string' || etag === ''
      ? 'without an ETag'
      : text !== ''
        ? 'with a text, which PutObject does not have'
        : checksum !== undefined && checksum !== hash('sha256', body, 'base64')
          ? 'with the checksum of something else'
          : undefined;
  if (why === undefined) return true;
  throw new DeployMarkerError('UNEXPECTED_RESPONSE', `PutObject answered with success, but ${why}`);
}

function readFields(output: unknown): Readonly<Record<string, unknown>> {
  return typeof output === 'object' && output !== null ? { ...output } : {};
}

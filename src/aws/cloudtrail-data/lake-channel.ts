import { setTimeout as sleep } from 'node:timers/promises';
import type { Arn } from '../../core/base/arn.ts';
import type { AuditBatch } from '../../core/delivery/batches.ts';
import type { DeliveryPreview } from '../../core/delivery/sink.ts';
import type { Outcomes } from '../answers/outcomes.ts';
import type { PutAnswer } from '../answers/shapes.ts';
import { openConnection } from '../client/connection.ts';
import type { RateLimiter } from '../client/rate-limiter.ts';
import { createSender, toAwsErrorLate } from '../client/sender.ts';
import { isThrottled } from '../client/throttle-watch.ts';
import { CloudTrailDataClient, describePutAuditEvents, type PutAuditEventsRequest } from './client.ts';
import { readPutAnswer } from './put-answer.ts';
import type { LakeSinkOptions } from './sink-options.ts';

/** Codes of single events that may go through later. Source: API_ResultErrorEntry of the CloudTrail Data API. */
const TRANSIENT: readonly string[] = ['Throttling', 'InternalFailure'];
const MAX_ENTRY_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/** A channel that takes batches. */
export interface LakeChannel {
  /** Puts one batch and notes what became of each entry; throws if a whole call failed. */
  put(batch: AuditBatch, outcomes: Outcomes, signal: AbortSignal | undefined): Promise<void>;
}

/** Opens a channel; nothing is sent before the first batch. */
export function openLakeChannel(options: LakeSinkOptions, channel: Arn, limiter: RateLimiter): LakeChannel {
  const { requestHandler, credentials } = openConnection(options);
  const client = new CloudTrailDataClient({
    region: channel.region,
    env: options.env,
    maxAttempts: options.maxAttempts,
    requestHandler,
    credentials: credentials.provider,
    onFailure: error => {
      if (isThrottled(error)) limiter.slowDown();
    },
  });
  // Whoever delivers has a deadline over all calls.
  const send = createSender(credentials, limiter, { limitMs: Number.POSITIVE_INFINITY });

  return {
    async put(batch, outcomes, signal) {
      let pending = batch;
      for (let attempt = 1; pending.size > 0; attempt += 1) {
        const request = toRequest(pending, options, channel);
        const output = await send({
          operation: 'PutAuditEvents',
          signal,
          read: readPutAnswer,
          send: ({ abortSignal }) => client.putAuditEvents(request, abortSignal),
        });
        if (output.failed.some(({ errorCode }) => errorCode === 'Throttling')) limiter.slowDown();
        pending = pending.only(noteAnswer(output, attempt, outcomes));
        if (pending.size > 0) await backOff(attempt, signal);
      }
    },
  };
}

/**
 * The very request that would be sent, made by the same client up to the point of sending; but the external id is hidden, for
 * it may be a passphrase.
 * Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export async function previewRequest(
  batch: AuditBatch,
  options: LakeSinkOptions,
  channel: Arn,
): Promise<DeliveryPreview> {
  const place = { region: channel.region, env: options.env };
  try {
    const { target, body } = await describePutAuditEvents(toRequest(batch, options, channel), place);
    return { target: target.replace(/\bexternalId=[^&]*/, 'externalId=***'), body };
  } catch (error) {
    throw await toAwsErrorLate(error, { operation: 'PutAuditEvents' });
  }
}

function toRequest(
  { body }: AuditBatch,
  { externalId }: LakeSinkOptions,
  channel: Arn,
): PutAuditEventsRequest {
  return { body, channelArn: channel.text, externalId };
}

/**
 * Notes the answer for each entry, and returns the ids of those that are worth another attempt. An entry that is in both lists is refused:
 * nothing may be called stored that perhaps is not.
 */
function noteAnswer(
  { successful, failed }: PutAnswer,
  attempt: number,
  outcomes: Outcomes,
): ReadonlySet<string> {
  for (const { id, eventID } of successful) outcomes.stored(id, eventID);
  const again = new Set<string>();
  for (const { id, errorCode, errorMessage } of failed) {
    outcomes.refused(id, errorCode ?? 'Unknown', errorMessage ?? 'no reason given');
    if (attempt < MAX_ENTRY_ATTEMPTS && TRANSIENT.includes(errorCode ?? '')) again.add(id);
  }
  return again;
}

/** Full jitter, as AWS recommends: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
  try {
    await sleep(Math.random() * most, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw await toAwsErrorLate(error, { operation: 'PutAuditEvents', signal });
  }
}

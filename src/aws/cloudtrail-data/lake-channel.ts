import { setTimeout as sleep } from 'node:timers/promises';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { Arn } from '../../core/base/arn.ts';
import { checkRegion } from '../../core/base/region.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { AuditEventEntry } from '../../core/marker/event.ts';
import type { DeliveryPreview } from '../../core/source/source.ts';
import { VERSION } from '../../version.ts';
import { toAwsError } from '../answers/error-map.ts';
import type { Outcomes } from '../answers/outcomes.ts';
import { PUT_AUDIT_EVENTS, type PutAnswer } from '../answers/shapes.ts';
import { openConnection } from '../client/connection.ts';
import type { RateLimiter } from '../client/rate-limiter.ts';
import { createSender } from '../client/sender.ts';
import { createThrottleWatch } from '../client/throttle-watch.ts';
import { CloudTrailDataClient, type CloudTrailDataClientConfig } from './client.ts';
import type { LakeSinkOptions } from './lake-sink.ts';
import { PutAuditEventsCommand, type PutAuditEventsCommandInput } from './put-audit-events-command.ts';

/** Codes of single events that may go through later. Source: API_ResultErrorEntry of the CloudTrail Data API. */
const TRANSIENT: readonly string[] = ['Throttling', 'InternalFailure'];
const MAX_ENTRY_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/** A channel that takes batches. */
export interface LakeChannel {
  /** Puts one batch and notes what became of each entry; throws if a whole call failed. */
  put(batch: readonly AuditEventEntry[], outcomes: Outcomes, signal: AbortSignal | undefined): Promise<void>;
}

/** Opens a channel; nothing is sent before the first batch. */
export function openLakeChannel(options: LakeSinkOptions, channel: Arn, limiter: RateLimiter): LakeChannel {
  const { requestHandler, credentials } = openConnection(options);
  const client = createClient(channel, {
    requestHandler,
    credentials: credentials.provider,
    ...withoutUndefined({ maxAttempts: options.maxAttempts }),
  });
  client.middlewareStack.use(createThrottleWatch(limiter));
  // Whoever delivers has a deadline over all calls.
  const send = createSender(credentials, limiter, { limitMs: Number.POSITIVE_INFINITY });

  return {
    async put(batch, outcomes, signal) {
      let pending = batch;
      for (let attempt = 1; pending.length > 0; attempt += 1) {
        const command = new PutAuditEventsCommand(toInput(pending, options, channel));
        const output = await send({
          operation: 'PutAuditEvents',
          signal,
          shape: PUT_AUDIT_EVENTS,
          send: settings => client.send(command, settings),
        });
        if (output.failed.some(({ errorCode }) => errorCode === 'Throttling')) limiter.slowDown();
        pending = noteAnswer(output, pending, attempt, outcomes);
        if (pending.length > 0) await backOff(attempt, signal);
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
  batch: readonly AuditEventEntry[],
  options: LakeSinkOptions,
  channel: Arn,
): Promise<DeliveryPreview> {
  let preview: DeliveryPreview | undefined;
  const requestHandler: CloudTrailDataClientConfig['requestHandler'] = {
    async handle(request) {
      const query = buildQueryString(request.query).replace(/\bexternalId=[^&]*/, 'externalId=***');
      const port = request.port === undefined ? '' : `:${request.port}`;
      const target = `${request.method} ${request.protocol}//${request.hostname}${port}${request.path}?${query}`;
      preview = { target, body: new TextDecoder().decode(request.body) };
      return {
        response: new HttpResponse({ statusCode: 200, body: Buffer.from('{"successful":[],"failed":[]}') }),
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const unused = { accessKeyId: 'unsigned', secretAccessKey: 'unsigned' };
  const client = createClient(channel, { requestHandler, credentials: unused });
  await client.send(new PutAuditEventsCommand(toInput(batch, options, channel))).catch((error: unknown) => {
    throw toAwsError(error, { operation: 'PutAuditEvents' });
  });
  if (preview === undefined) throw new Error('the client sent nothing');
  return preview;
}

function createClient(
  channel: Arn,
  config: Pick<CloudTrailDataClientConfig, 'requestHandler' | 'credentials' | 'maxAttempts'>,
): CloudTrailDataClient {
  return new CloudTrailDataClient({
    ...config,
    region: checkRegion(channel.region),
    customUserAgent: [['deploy-marker', VERSION]],
  });
}

function toInput(
  batch: readonly AuditEventEntry[],
  { externalId }: LakeSinkOptions,
  channel: Arn,
): PutAuditEventsCommandInput {
  const auditEvents = batch.map(entry => ({ ...entry }));
  return { auditEvents, channelArn: channel.text, ...(externalId === undefined ? {} : { externalId }) };
}

/**
 * Notes the answer for each entry, and returns the entries that are worth another attempt. An entry that is in both lists is refused:
 * nothing may be called stored that perhaps is not.
 */
function noteAnswer(
  { successful, failed }: PutAnswer,
  sent: readonly AuditEventEntry[],
  attempt: number,
  outcomes: Outcomes,
): AuditEventEntry[] {
  for (const { id, eventID } of successful) outcomes.stored(id, eventID);
  const again = new Set<string>();
  for (const { id, errorCode, errorMessage } of failed) {
    outcomes.refused(id, errorCode ?? 'Unknown', errorMessage ?? 'no reason given');
    if (attempt < MAX_ENTRY_ATTEMPTS && TRANSIENT.includes(errorCode ?? '')) again.add(id);
  }
  return sent.filter(entry => again.has(entry.id));
}

/** Full jitter, as AWS recommends: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
  try {
    await sleep(Math.random() * most, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw toAwsError(error, { operation: 'PutAuditEvents', signal });
  }
}

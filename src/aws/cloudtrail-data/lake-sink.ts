import { parseChannelArn } from '../../core/base/arn.ts';
import { toBatches } from '../../core/delivery/batches.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { type AuditEventEntry, toAuditEvent, toAuditEventEntry } from '../../core/marker/event.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { DeployMarkerError, type ErrorDetails } from '../../errors/deploy-marker-error.ts';
import { VERSION } from '../../version.ts';
import { Outcomes } from '../answers/outcomes.ts';
import { createRateLimiter } from '../client/rate-limiter.ts';
import type { LakeSinkOptions } from './sink-options.ts';

/**
 * A sink that publishes markers into a CloudTrail Lake channel (PutAuditEvents).
 *
 * Every answer is read entry by entry: HTTP 200 alone never counts as stored. Entries that fail with Throttling or
 * InternalFailure are sent again, those alone.
 *
 * @example
 * const { credentials } = await assumeRole({ roleArn, sessionName, webIdentityToken });
 * await createLakeSink({ channelArn, credentials }).deliver([marker]);
 * @throws DeployMarkerError ARN_INVALID or USAGE if the options do not hold.
 */
export function createLakeSink(options: LakeSinkOptions): MarkerSink {
  const channel = parseChannelArn(options.channelArn);
  checkExternalId(options.externalId);
  checkEventSource(options.eventSource);
  const eventOptions = {
    recipientAccountId: channel.account,
    userAgent: [`deploy-marker/${VERSION}`, options.agent].filter(Boolean).join(' '),
    eventSource: options.eventSource,
  };
  const toEntry = (marker: Marker): AuditEventEntry => toAuditEventEntry(toAuditEvent(marker, eventOptions));
  const limiter = createRateLimiter(options.maxRate ?? MAX_RATE.default);
  const loadChannel = once(async () =>
    (await import('./lake-channel.ts')).openLakeChannel(options, channel, limiter),
  );
  return {
    name: 'lake',
    title: channel.text,
    chunkSize: 100,
    concurrency: 16,
    check: marker => {
      if (!isSurelySmall(marker)) toEntry(marker);
    },
    async deliver(markers, { signal } = {}) {
      const { put } = await loadChannel();
      const outcomes = new Outcomes(markers, { service: 'CloudTrail Lake', hintFor });
      return outcomes.collect(toBatches(markers.map(toEntry)), batch => put(batch, outcomes, signal));
    },
    async preview(markers) {
      const { previewRequest } = await import('./lake-channel.ts');
      return Promise.all(
        toBatches(markers.map(toEntry)).map(batch => previewRequest(batch, options, channel)),
      );
    },
  };
}

/** Source of the codes: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_ResultErrorEntry.html */
function hintFor(errorCode: string): ErrorDetails {
  if (errorCode === 'AccountNotSubscribed') {
    return {
      hint: 'CloudTrail Lake takes no new customers since 2026-05-31; use --sink logs (CloudWatch Logs) in this account',
    };
  }
  if (errorCode === 'Throttling' || errorCode === 'InternalFailure')
    return { hint: 'run the same command again later' };
  if (errorCode === 'InvalidRecipient')
    return { hint: 'the channel must belong to the account in its ARN; check --channel-arn' };
  if (errorCode === 'InvalidEventSource')
    return { hint: 'check --event-source against the source of the channel' };
  return {};
}

/**
 * Never shows the id, which whoever may not write to the channel should not learn.
 * Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
function checkExternalId(externalId: string | undefined): void {
  if (externalId === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(externalId)) return;
  const bad = externalId.search(/[^\w+=,.@:/-]/);
  const why =
    bad === -1 ? 'it must be 2 to 1224' : `character ${bad + 1} is none of A-Z a-z 0-9 _ + = , . @ : / -`;
  throw new DeployMarkerError('USAGE', `the external id has the length ${externalId.length}; ${why}`, {
    hint: "pass the external id of the channel's resource policy with --external-id",
  });
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html */
function checkEventSource(eventSource: string | undefined): void {
  if (eventSource === undefined || (eventSource !== '' && eventSource.length <= 1024)) return;
  throw new DeployMarkerError(
    'USAGE',
    `the event source has ${eventSource.length} characters; 1 to 1024 are allowed`,
    {
      hint: 'pass a shorter --event-source',
    },
  );
}

/**
 * Whether a marker is far below every documented size without looking closely: no character takes more than 12 bytes
 * in the event (a control character, escaped, in two places), and names and braces stay below a fixed sum.
 */
function isSurelySmall(marker: Marker): boolean {
  let characters = 0;
  for (const value of Object.values(marker)) if (typeof value === 'string') characters += value.length;
  const { labels } = marker;
  if (labels !== undefined)
    for (const [key, value] of Object.entries(labels)) characters += key.length + value.length + 16;
  return characters < 2_000;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

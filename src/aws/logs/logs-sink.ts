import { quote } from '../../core/base/quote.ts';
import { checkRegion } from '../../core/base/region.ts';
import {
  ageProblem,
  checkLogEvent,
  type LogEvent,
  planLogBatches,
  toStreamName,
  toTimestamp,
} from '../../core/delivery/log-events.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { toAuditEvent } from '../../core/marker/event.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { DeployMarkerError, type ErrorDetails } from '../../errors/deploy-marker-error.ts';
import { VERSION } from '../../version.ts';
import { Outcomes } from '../answers/outcomes.ts';
import { createRateLimiter } from '../client/rate-limiter.ts';
import type { LogGroup } from './log-group.ts';
import type { LogsSinkOptions } from './sink-options.ts';

/**
 * A sink that puts markers into a CloudWatch Logs group (PutLogEvents), each as its audit event in JSON.
 *
 * A missing stream is made, a missing group never. CloudWatch Logs drops events that are too old or too new under HTTP 200:
 * they are refused before anything is sent, and what the answer says of them is read.
 *
 * @example
 * const { credentials } = await assumeRole({ roleArn, sessionName, webIdentityToken });
 * await createLogsSink({ logGroup: 'deploy-markers', region: 'eu-west-1', credentials }).deliver([marker]);
 * @throws DeployMarkerError USAGE if the options do not hold.
 */
export function createLogsSink(options: LogsSinkOptions): MarkerSink {
  const { logGroup, logStream, eventSource } = options;
  checkName('--log-group', logGroup, /^[\w./#-]{1,512}$/, 'A-Z a-z 0-9 _ - . / #');
  if (logStream !== undefined) checkName('--log-stream', logStream, /^[^:*]{1,512}$/, 'any but : and *');
  const userAgent = [`deploy-marker/${VERSION}`, options.agent].filter(Boolean).join(' ');
  const toEvent = (marker: Marker): LogEvent => ({
    uid: marker.uid,
    stream: logStream ?? toStreamName(marker),
    timestamp: toTimestamp(marker),
    message: JSON.stringify(
      toAuditEvent(marker, { recipientAccountId: marker.account, userAgent, eventSource }),
    ),
  });
  const limiter = createRateLimiter(options.maxRate ?? MAX_RATE.default);
  let group: Promise<LogGroup> | undefined;
  const loadGroup = async (): Promise<LogGroup> =>
    (await import('./log-group.ts')).openLogGroup(options, limiter);
  return {
    name: 'logs',
    // No part may hold a colon, so that the whole can be taken apart again.
    title: [checkRegion(options.region), logGroup, logStream].filter(part => part !== undefined).join(':'),
    chunkSize: 500,
    concurrency: 8,
    check(marker) {
      const event = toEvent(marker);
      checkLogEvent(event);
      const problem = ageProblem(event.timestamp, Date.now());
      if (problem === undefined) return;
      throw new DeployMarkerError(
        'MARKER_INVALID',
        `CloudWatch Logs would drop the marker of ${marker.component}: ${problem}`,
        { hint: 'use another sink for it, such as --sink file' },
      );
    },
    async deliver(markers, { signal } = {}) {
      group ??= loadGroup();
      const { put } = await group;
      const outcomes = new Outcomes(markers, { service: 'CloudWatch Logs', hintFor });
      return outcomes.collect(planLogBatches(markers.map(toEvent)), batch => put(batch, outcomes, signal));
    },
    async preview(markers) {
      const { previewPut } = await import('./log-group.ts');
      return Promise.all(planLogBatches(markers.map(toEvent)).map(batch => previewPut(batch, options)));
    },
  };
}

function hintFor(errorCode: string): ErrorDetails {
  if (errorCode === 'Expired') return { hint: 'raise the retention of the log group, or use another sink' };
  return { hint: 'CloudWatch Logs takes what is up to 14 days old; use another sink, such as --sink file' };
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
function checkName(flag: string, name: string, pattern: RegExp, allowed: string): void {
  if (pattern.test(name)) return;
  const meant = namedBy(name, pattern);
  throw new DeployMarkerError(
    'USAGE',
    `${flag} must be 1 to 512 characters, ${allowed}; got ${quote(name)}`,
    { hint: meant === undefined ? `correct ${flag}` : `pass ${flag} ${meant}` },
  );
}

/** The name of a group in its ARN, or in the form that `--markers` takes. */
function namedBy(text: string, pattern: RegExp): string | undefined {
  const [, name = ''] = /^(?:arn:[^:]+:logs:[^:]*:\d*:log-group:|logs:)([^:]+)/.exec(text) ?? [];
  return pattern.test(name) ? name : undefined;
}

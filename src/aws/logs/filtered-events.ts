import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { ReadOptions } from '../../core/source/source.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { readPages } from '../answers/pages.ts';
import { FILTER_LOG_EVENTS, type FilteredEvent } from '../answers/shapes.ts';
import { type Sleep, sendPatiently } from '../client/patient-sender.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';

/**
 * Requests a second; the quota is five in some Regions and ten in the others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (FilterLogEvents)
 */
const RATE = 5;

/** A log group, and how it is reached. */
export interface LogGroupOptions extends ServiceOptions {
  readonly logGroup: string;
  /** Rejects if the signal is aborted. Default: the clock's. */
  readonly sleep?: Sleep;
}

/** Which events are wanted: by the time that a log event has, and by a pattern; an empty one is none. */
export interface EventsQuery extends TimeRange {
  readonly filterPattern: string;
}

/**
 * The events of a log group that a pattern finds, through all pages, also empty ones.
 *
 * @throws DeployMarkerError AWS_THROTTLED where a minute of waiting did not help, and otherwise as any call to AWS does
 */
export async function* readFilteredEvents(
  { logGroup, sleep, ...service }: LogGroupOptions,
  { from, until, filterPattern }: EventsQuery,
  { signal, onProgress }: Pick<ReadOptions, 'signal' | 'onProgress'>,
): AsyncGenerator<FilteredEvent> {
  const { client, send } = openService(CloudWatchLogsClient, service, RATE);
  const patient = sendPatiently(send, sleep);
  const filter = {
    logGroupName: logGroup,
    startTime: from,
    endTime: until,
    ...(filterPattern === '' ? {} : { filterPattern }),
  };
  const ask = async (nextToken: string | undefined) => {
    const command = new FilterLogEventsCommand({ ...filter, ...withoutUndefined({ nextToken }) });
    const page = await patient({
      operation: 'FilterLogEvents',
      signal,
      shape: FILTER_LOG_EVENTS,
      send: settings => client.send(command, settings),
    });
    return { page, next: page.nextToken };
  };
  try {
    for await (const { page } of readPages('FilterLogEvents', ask)) {
      yield* page.events;
      const newest = page.events.at(-1)?.timestamp;
      if (newest !== undefined) onProgress?.(Math.min(1, (newest - from) / (until - from)));
    }
  } finally {
    client.destroy();
  }
}

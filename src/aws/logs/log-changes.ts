import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { parseRecord } from '../../core/base/json-record.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { LeftOut } from '../../core/source/gap.ts';
import type { ChangeQuery, ChangeSource, ReadOptions } from '../../core/source/source.ts';
import { LATEST_DELIVERY_MS } from '../../core/time/late.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import { readPages } from '../answers/pages.ts';
import { FILTER_LOG_EVENTS } from '../answers/shapes.ts';
import { type Sleep, sendPatiently } from '../client/patient-sender.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';
import { FILTER_RATE } from './filter-rate.ts';
import { recordPatterns } from './record-patterns.ts';

/** The log group of a trail, and how it is reached. */
export interface LogChangesOptions extends ServiceOptions {
  readonly logGroup: string;
  /** Rejects if the signal is aborted. Default: the clock's. */
  readonly sleep?: Sleep;
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html */
const TOO_LARGE: LeftOut = {
  kind: 'not-seen',
  message: 'CloudTrail sends no record over 256 kB to CloudWatch Logs, so that none is among these',
};

/**
 * Changes in the log group that a trail delivers to, one record a log event. A log event has the time of its delivery, so that the end
 * is looked for later than was asked. Events that are no records are one gap.
 *
 * `read` fails with AWS_THROTTLED where a minute of waiting did not help, and otherwise as any call to AWS does.
 */
export function createLogChanges(options: LogChangesOptions): ChangeSource {
  const title = `logs:${options.logGroup}`;
  return {
    title,
    kind: 'store',
    async read(query, take, readOptions) {
      const { onProgress, onLeftOut } = readOptions;
      const failures = new FoldedFailures('event');
      const patterns = recordPatterns(query.services);
      for (const [rank, filterPattern] of patterns.entries()) {
        const progress = (done: number): void => onProgress?.((rank + done) / patterns.length);
        for await (const { message, eventId } of eventsOf(
          { ...query, filterPattern },
          { ...readOptions, onProgress: progress },
          options,
        )) {
          const record = parseRecord(message);
          if (record !== undefined) take(record);
          else failures.add(noRecord(`${title}, event ${eventId}`));
        }
      }
      onLeftOut?.(TOO_LARGE);
      return failures.toErrors();
    },
  };
}

async function* eventsOf(
  { from, until, filterPattern }: ChangeQuery & { readonly filterPattern: string },
  { signal, onProgress }: ReadOptions,
  options: LogChangesOptions,
): AsyncGenerator<{ readonly message: string; readonly eventId?: string | undefined }> {
  const { client, send } = openService(CloudWatchLogsClient, options, FILTER_RATE);
  const patient = sendPatiently(send, options.sleep);
  const filter = {
    logGroupName: options.logGroup,
    startTime: from,
    endTime: until + LATEST_DELIVERY_MS,
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
      if (newest !== undefined) onProgress?.(Math.min(1, (newest - from) / (filter.endTime - from)));
    }
  } finally {
    client.destroy();
  }
}

function noRecord(place: string): DeployMarkerError {
  return new DeployMarkerError('TRAIL_LOG_INVALID', `${place} is no CloudTrail record`, {
    hint: 'look at the event in CloudWatch Logs, and name the log group of a trail',
  });
}

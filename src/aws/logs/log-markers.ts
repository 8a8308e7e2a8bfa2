import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describeProblems } from '../../core/base/problem.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { AUDIT_EVENT_NAME } from '../../core/marker/event.ts';
import { markerFromEvent } from '../../core/marker/from-lake.ts';
import { withStoredAt } from '../../core/marker/stored.ts';
import type { MarkerSource } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { foldFailures } from '../../io/records/folded-failures.ts';
import { readPages } from '../answers/pages.ts';
import { FILTER_LOG_EVENTS } from '../answers/shapes.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';

/**
 * Requests a second; the quota is five in some Regions and ten in the others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (FilterLogEvents)
 */
const FILTER_RATE = 5;

/** Which log group, and how it is reached. */
export interface LogMarkersOptions extends ServiceOptions {
  readonly logGroup: string;
}

/** Markers in a CloudWatch Logs group, as the `logs` sink keeps them. Events that are no markers of ours are one gap. */
export function createLogMarkers(options: LogMarkersOptions): MarkerSource {
  const { logGroup } = options;
  const title = `logs:${logGroup}`;
  return {
    title,
    async read({ from, until }, take, { signal }) {
      const { client, send } = openService(CloudWatchLogsClient, options, FILTER_RATE);
      const gaps: DeployMarkerError[] = [];
      const filter = {
        logGroupName: logGroup,
        filterPattern: `{ $.eventName = "${AUDIT_EVENT_NAME}" }`,
        startTime: from,
        endTime: until,
      };
      const ask = async (nextToken: string | undefined) => {
        const command = new FilterLogEventsCommand({ ...filter, ...withoutUndefined({ nextToken }) });
        const page = await send({
          operation: 'FilterLogEvents',
          signal,
          shape: FILTER_LOG_EVENTS,
          send: settings => client.send(command, settings),
        });
        return { page, next: page.nextToken };
      };
      try {
        for await (const { page } of readPages('FilterLogEvents', ask)) {
          for (const { message, eventId, ingestionTime } of page.events) {
            const { value, problems } = markerFromEvent(message);
            if (value !== undefined) take(withStoredAt(value, ingestionTime));
            else gaps.push(noMarker(`${title}, event ${eventId}`, describeProblems(problems)));
          }
        }
      } finally {
        client.destroy();
      }
      return foldFailures(gaps, 'event');
    },
  };
}

function noMarker(place: string, why: string): DeployMarkerError {
  return new DeployMarkerError('MARKER_INVALID', `${place} holds no marker: ${why}`, {
    hint: 'look at the event in CloudWatch Logs',
  });
}

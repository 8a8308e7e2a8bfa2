import { describeProblems } from '../../core/base/problem.ts';
import { AUDIT_EVENT_NAME } from '../../core/marker/event.ts';
import { markerFromEvent } from '../../core/marker/from-lake.ts';
import { withStoredAt } from '../../core/marker/stored.ts';
import type { MarkerSource } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import { type LogGroupOptions, readFilteredEvents } from './filtered-events.ts';

const PATTERN = `{ $.eventName = "${AUDIT_EVENT_NAME}" }`;

/** Markers in a CloudWatch Logs group, as the `logs` sink keeps them. Events that are no markers of ours are one gap. */
export function createLogMarkers(options: LogGroupOptions): MarkerSource {
  const title = `logs:${options.logGroup}`;
  return {
    title,
    async read(range, take, { signal }) {
      const failures = new FoldedFailures('event');
      for await (const { message, eventId, ingestionTime } of readFilteredEvents(
        options,
        { ...range, filterPattern: PATTERN },
        { signal },
      )) {
        const { value, problems } = markerFromEvent(message);
        if (value !== undefined) take(withStoredAt(value, ingestionTime));
        else failures.add(noMarker(`${title}, event ${eventId}`, describeProblems(problems)));
      }
      return failures.toErrors();
    },
  };
}

function noMarker(place: string, why: string): DeployMarkerError {
  return new DeployMarkerError('MARKER_INVALID', `${place} holds no marker: ${why}`, {
    hint: 'look at the event in CloudWatch Logs',
  });
}

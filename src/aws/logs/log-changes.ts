import { parseJsonRecord } from '../../core/base/json-record.ts';
import type { LeftOut } from '../../core/source/gap.ts';
import type { ChangeSource } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import { type LogGroupOptions, readFilteredEvents } from './filtered-events.ts';
import { recordPatterns } from './record-patterns.ts';

/** The log group of a trail, and how it is reached. */
export interface LogChangesOptions extends LogGroupOptions {
  /** How much later than its call a record may arrive, in milliseconds. */
  readonly late: number;
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
    async read(query, take, { signal, onProgress, onLeftOut }) {
      const failures = new FoldedFailures('event');
      const patterns = recordPatterns(query.services);
      const delivered = { from: query.from, until: query.until + options.late };
      for (const [rank, filterPattern] of patterns.entries()) {
        const progress = (done: number): void => onProgress?.((rank + done) / patterns.length);
        for await (const { message, eventId } of readFilteredEvents(
          options,
          { ...delivered, filterPattern },
          { signal, onProgress: progress },
        )) {
          const record = parseJsonRecord(message);
          if (record !== undefined) take(record);
          else failures.add(noRecord(`${title}, event ${eventId}`));
        }
      }
      onLeftOut?.(TOO_LARGE);
      return failures.toErrors();
    },
  };
}

function noRecord(place: string): DeployMarkerError {
  return new DeployMarkerError('TRAIL_LOG_INVALID', `${place} is no CloudTrail record`, {
    hint: 'look at the event in CloudWatch Logs, and name the log group of a trail',
  });
}

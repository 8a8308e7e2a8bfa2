import { quote } from '../base/quote.ts';
import { parseUtcTime } from '../time/utc.ts';

/** The form of CloudTrail's own times, on a day that every month has. */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * The time of a record in milliseconds since the epoch; undefined if it is not an ISO 8601 time with an offset. Without one
 * JavaScript would read it as local time.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventTime)
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (PLAIN.test(value)) return Date.parse(value);
  const utc = parseUtcTime(value);
  if (utc === undefined) return undefined;
  // Fractions of a second count where JavaScript reads the form as well, and as the same.
  const [seconds, exact] = [Date.parse(utc), Date.parse(value)];
  return exact >= seconds && exact < seconds + 1000 ? exact : seconds;
}

/** Makes a {@link readTime} that remembers the last time: records of one second come in a row. */
export function createTimeReader(): typeof readTime {
  let last: unknown;
  let time: number | undefined;
  return value => {
    if (value === last) return time;
    last = value;
    time = readTime(value);
    return time;
  };
}

/** Why a record has no time, in words that follow its name. */
export function describeTime(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'has no eventTime';
  return `has the eventTime ${quote(value)}, which is no ISO 8601 time with an offset`;
}

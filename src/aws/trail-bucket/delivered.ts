import type { TimeRange } from '../../core/time/range.ts';

/**
 * CloudTrail names a log after the minute of its delivery, by a clock of its own: a record of the last moment may lie in a log that is
 * called a little earlier. Our own choice.
 */
const EARLY = 5 * 60_000;
const STAMP = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z(?=[_.])/;

/**
 * When the logs of a time are delivered: a log holds records of any time before that.
 *
 * @param late how long CloudTrail is waited for, in milliseconds
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function deliveredIn({ from, until }: TimeRange, late: number): TimeRange {
  return { from: from - EARLY, until: until + late };
}

/** The time in the name of a log or digest, in milliseconds since the epoch; undefined without one. */
export function stampOf(name: string): number | undefined {
  const [, year, month, day, hour, minute, second = '00'] = STAMP.exec(name) ?? [];
  if (year === undefined) return undefined;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** A minute as the name of a log has it: `YYYYMMDDTHHMMZ`. */
export function toStamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
}

/** The folder of a day: `YYYY/MM/DD/`. */
export function dayFolder(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
}

/** The smallest folder with all the days of a time in it: of one day its own, else its month, its year, or none. */
export function commonFolder({ from, until }: TimeRange): string {
  const [first, last] = [dayFolder(from), dayFolder(until)];
  return [11, 8, 5].map(length => first.slice(0, length)).find(folder => last.startsWith(folder)) ?? '';
}

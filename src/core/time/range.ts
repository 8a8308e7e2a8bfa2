import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';
import { describeLocal, describeLocalRange } from './local.ts';
import { isToTheMinute, type Moment, type RangeEnd, readMoment, wholeDaysOf } from './moment.ts';
import { formatUtcTime, parseDate } from './utc.ts';

/** A span of time, in milliseconds since the epoch: `from` belongs to it, `until` does not. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Whether an instant belongs to the range. */
export function isWithin(time: number, { from, until }: TimeRange): boolean {
  return from <= time && time < until;
}

/** No time at all. */
export const NO_TIME: TimeRange = { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };

/** The flags behind a {@link TimeRange}, as text. */
export interface TimeRangeFlags {
  readonly since: string;
  readonly until?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const EXAMPLE = '7d (s, m, h, d or w ago), yesterday, 2025-12-14, 14:05 or 2025-12-14T08:00:00Z';

/**
 * Reads `--since` and `--until` as people write times, see {@link readMoment}. Without `until` the range ends now. Where both are
 * times of day, the end is the one after the start. Where the end is a day that is over, days and weeks ago are counted back from its
 * end: `7d` until `yesterday` are the seven days before today, and the next week begins where they end.
 *
 * @throws DeployMarkerError USAGE naming the flag, also if the range is empty
 */
export function parseTimeRange({ since, until, now }: TimeRangeFlags): TimeRange {
  const start = momentOf(since, { flag: '--since', now, end: 'start' });
  const stop = until === undefined ? undefined : momentOf(until, { flag: '--until', now, end: 'end' });
  const days = wholeDaysOf(since);
  const from = days === undefined ? undefined : stop?.startOfDays?.(days);
  const range = { from: from ?? start.at, until: stop === undefined ? now : endAfter(start, stop, now) };
  if (range.from < range.until) return range;
  const end = until === undefined ? 'now' : `--until ${quote(until)}`;
  throw new DeployMarkerError('USAGE', `--since ${quote(since)} is not before ${end}`, {
    hint: 'give --since a time that is earlier, such as 7d',
  });
}

/** Of two times of day, the one that comes after the other may be still to come. */
function endAfter(start: Moment, moment: Moment, now: number): number {
  return start.isClock && moment.isClock && moment.at < start.at ? now : moment.at;
}

/** Reads one end of a {@link TimeRange}, or a time alone. @throws DeployMarkerError USAGE naming the flag */
export function parseInstant(text: string, flag: string, now: number, end: RangeEnd = 'start'): number {
  return momentOf(text, { flag, now, end }).at;
}

/** What somebody means who names a moment: its first and its last millisecond, up to now. */
export interface AskedMoment {
  readonly first: number;
  readonly last: number;
}

const MINUTE = 60_000;

/** Reads a moment: who says `03:12` means all of that minute. @throws DeployMarkerError USAGE naming the flag */
export function parseMoment(text: string, flag: string, now: number): AskedMoment {
  const first = parseInstant(text, flag, now);
  const last = isToTheMinute(text) ? Math.min(first + MINUTE - 1, now) : first;
  return { first, last: Math.max(first, last) };
}

/** Whether one of the times was read by the local time zone, which may not be the one that was meant. */
export function isReadLocally({ since, until, now }: TimeRangeFlags): boolean {
  return [readMoment(since, now, 'start'), readMoment(until ?? 'now', now, 'end')].some(
    moment => moment?.isLocal === true,
  );
}

/** The range in UTC, and by local clocks where these are ahead or behind; for a note before anything is read. */
export function describeRange({ from, until }: TimeRange): string {
  const utc = `${plain(from)} to ${plain(until)} UTC`;
  const local = describeLocalRange(from, until);
  return local === undefined ? utc : `${local}, which is ${utc}`;
}

/** One moment in the same way. */
export function describeInstant(instant: number): string {
  const local = describeLocal(instant);
  const utc = `${plain(instant)} UTC`;
  return local === undefined ? utc : `${local}, which is ${utc}`;
}

function plain(instant: number): string {
  return formatUtcTime(instant).replace('T', ' ').replace('Z', '');
}

interface Asked {
  readonly flag: string;
  readonly now: number;
  readonly end: RangeEnd;
}

function momentOf(text: string, { flag, now, end }: Asked): Moment {
  const moment = readMoment(text, now, end);
  if (moment !== undefined) return moment;
  throw new DeployMarkerError('USAGE', `${flag} must be a time such as ${EXAMPLE}, got ${quote(text)}`, {
    hint: `pass ${flag} ${meantBy(text)}`,
  });
}

/** A time as it can be read, for what people write at night. */
function meantBy(text: string): string {
  const [, hour = '', minute = '00', half = ''] =
    /^\s*(\d{1,2})(?::(\d\d))?\s*([ap])\.?m\.?\s*$/i.exec(text) ?? [];
  const clock = (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  if (half !== '' && Number(hour) <= 12) return `${String(clock).padStart(2, '0')}:${minute}`;
  const [, time, day] =
    /^\s*(\d{1,2}:\d\d(?::\d\d)?)\s+(?:on\s+)?(yesterday|today|[\d-]{10})\s*$/i.exec(text) ?? [];
  if (day !== undefined) return `"${day.toLowerCase()} ${time}"`;
  if (/night|evening/i.test(text)) return '"yesterday 22:00"';
  const [, number] = /^\s*(\d{1,4})\s*$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0)
    return `${number}${Number(number) > MOST_HOURS ? 'm' : 'h'}`;
  if (/^\s*\d{1,2}:\d\d/.test(text)) return '14:05, a time of day from 00:00 to 23:59';
  return dateMeantBy(text) ?? '7d';
}

/** A number alone that is no more than this is meant as hours. */
const MOST_HOURS = 48;

/** A day as most of the world writes it, or the United States; both where it may be either. */
function dateMeantBy(text: string): string | undefined {
  const [, first = '', second = '', year = ''] =
    /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(text) ?? [];
  const [, y = year, m = '', d = ''] = /^\s*(\d{4})[./](\d{1,2})[./](\d{1,2})\s*$/.exec(text) ?? [];
  const days =
    m === ''
      ? [
          [second, first],
          [first, second],
        ]
      : [[m, d]];
  const told = days
    .map(([month = '', day = '']) => `${y}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
    .filter(day => parseDate(day) !== undefined);
  return told.length === 0 ? undefined : [...new Set(told)].join(' or ');
}

import { instantOf, localDayOf, type WallTime } from './local.ts';
import { parseDate, parseOffset, parseUtcTime } from './utc.ts';

/** Which end of a range a time is: a day begins as a start, and ends as an end. */
export type RangeEnd = 'start' | 'end';

/** A time as somebody meant it. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It was read by the local time zone. */
  readonly isLocal: boolean;
  /** It is a time of day alone, on whichever day. */
  readonly isClock: boolean;
  /** Of the end of a day that is over: when so many days began of which it is the last. */
  readonly startOfDays?: (days: number) => number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units of what is ago. Months and years are of no one length, and `m` is minutes. */
const UNITS: readonly (readonly [names: string, milliseconds: number])[] = [
  ['s sec secs second seconds', 1000],
  ['m min mins minute minutes', MINUTE],
  ['h hr hrs hour hours', HOUR],
  ['d day days', DAY],
  ['w wk wks week weeks', 7 * DAY],
];
const LENGTHS: ReadonlyMap<string, number> = new Map(
  UNITS.flatMap(([names, length]) => names.split(' ').map(name => [name, length] as const)),
);

const AGO = /^((?:\d+(?:\.\d+)?\s*[a-z]+(?:\s*,?\s*(?:and\s+)?(?=\d)|$))+)$/;
const AMOUNT = /(\d+(?:\.\d+)?)\s*([a-z]+)/g;
const DATE = String.raw`\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-?w\d{2}-?[1-7]|\d{4}-?\d{3}|today|yesterday`;
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?`;
const OFFSET = String.raw`z|[+-]\d{2}(?::?\d{2})?`;
const CALENDAR = new RegExp(
  `^(?:(?<date>${DATE})(?:(?:t|\\s+(?:at\\s+)?)(?<time>${CLOCK}))?|(?<clock>${CLOCK}))\\s*(?<offset>${OFFSET})?$`,
);

/**
 * Reads a time as people write it: `now`; how long ago (`90s`, `2h`, `1day`, `1h30m`, `2 days ago`); a day (`2026-11-27`, `today`,
 * `yesterday`), a time of day (`14:05`), or both, with an offset or by the local time zone. A time of day alone is the last one
 * that was. The day of an end is the whole day, up to now.
 *
 * @param now milliseconds since the epoch
 * @returns undefined for anything else; nothing is guessed
 */
export function readMoment(text: string, now: number, end: RangeEnd): Moment | undefined {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === 'now') return { at: now, isLocal: false, isClock: false };
  const utc = parseUtcTime(words);
  if (utc !== undefined) return { at: Date.parse(utc), isLocal: false, isClock: false };
  const at = readAgo(text.trim(), now);
  if (at !== undefined) return { at, isLocal: false, isClock: false };
  // Words for the zone that every clock has.
  return readCalendar(words.replace(/ ?(?:utc|gmt)$/, 'z'), now, end);
}

// What ends in an hour and a minute, with or without an offset: no second, and no fraction of one.
const MINUTE_ALONE = /(?:^|[t ])\d{1,2}:?\d{2} ?(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/;

/** Whether a time that {@link readMoment} reads is said to the minute: `03:12`, and not `03:12:00`. */
export function isToTheMinute(text: string): boolean {
  return MINUTE_ALONE.test(text.trim().toLowerCase().replace(/\s+/g, ' '));
}

/** How many whole days ago a time is, where it is said in days or weeks and nothing else: `7d`, `2 weeks ago`. */
export function wholeDaysOf(text: string): number | undefined {
  const ago = spanOf(text);
  const isDays = ago !== undefined && /^[\s\d]*(?:d|days?|w|wks?|weeks?)(?:\s+ago)?$/i.test(text.trim());
  return isDays && Number.isInteger(ago / DAY) ? ago / DAY : undefined;
}

function readAgo(text: string, now: number): number | undefined {
  const ago = spanOf(text.trim());
  // Times before the epoch are no times of any log.
  return ago !== undefined && ago > 0 && ago <= now ? now - Math.floor(ago) : undefined;
}

function spanOf(text: string): number | undefined {
  // A capital M is a month to some.
  const plain = /M(?![a-z])/.test(text) ? '' : text.toLowerCase().replace(/\s+ago$/, '');
  const [, amounts] = AGO.exec(plain) ?? [];
  if (amounts === undefined) return undefined;
  const spans = [...amounts.matchAll(AMOUNT)].map(
    ([, number, unit = '']) => Number(number) * (LENGTHS.get(unit) ?? Number.NaN),
  );
  return spans.reduce((sum, span) => sum + span, 0);
}

function readCalendar(words: string, now: number, end: RangeEnd): Moment | undefined {
  const { date, time, clock, offset } = CALENDAR.exec(words)?.groups ?? {};
  const ahead = offset === undefined ? undefined : parseOffset(offset);
  const ofDay = parseClock(time ?? clock ?? '0:00');
  if (ofDay === undefined || (date ?? clock) === undefined) return undefined;
  if (offset !== undefined && ahead === undefined) return undefined;
  const today = ahead === undefined ? localDayOf(now) : utcDayOf(now + ahead);
  const day = date === undefined ? today : readDay(date, today);
  if (day === undefined) return undefined;
  const zone = { ahead, isEnd: end === 'end' };
  const at = toInstant({ ...day, ofDay }, zone);
  const told = { isLocal: ahead === undefined, isClock: clock !== undefined };
  if (clock !== undefined && at > now) {
    return { at: toInstant({ ...day, day: day.day - 1, ofDay }, zone), ...told };
  }
  const isWholeDay = zone.isEnd && time === undefined && clock === undefined;
  if (!isWholeDay) return at < 0 ? undefined : { at, ...told };
  const over = toInstant({ ...day, day: day.day + 1, ofDay: 0 }, zone);
  if (over > now) return { at: at <= now ? now : over, ...told };
  const startOfDays = (days: number): number =>
    toInstant({ ...day, day: day.day + 1 - days, ofDay: 0 }, { ahead, isEnd: false });
  return { at: over, ...told, startOfDays };
}

type Day = Omit<WallTime, 'ofDay'>;

function readDay(date: string, today: Day): Day | undefined {
  if (date === 'today') return today;
  if (date === 'yesterday') return { ...today, day: today.day - 1 };
  const start = parseDate(date.toUpperCase());
  return start === undefined ? undefined : utcDayOf(start);
}

function utcDayOf(instant: number): Day {
  const day = new Date(instant);
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
}

function toInstant(
  wall: WallTime,
  { ahead, isEnd }: { readonly ahead: number | undefined; readonly isEnd: boolean },
): number {
  if (ahead === undefined) return instantOf(wall, isEnd);
  return Date.UTC(wall.year, wall.month - 1, wall.day) + wall.ofDay - ahead;
}

/** Milliseconds since midnight; undefined for what no clock shows. */
function parseClock(text: string): number | undefined {
  const [hour = 0, minute = 0, second = 0] = text.replace(',', '.').split(':').map(Number);
  const isEndOfDay = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second >= 60) return undefined;
  return hour * HOUR + minute * MINUTE + Math.floor(second * 1000);
}

// ISO 8601 date forms, extended and basic: calendar (2025-12-14), week (2025-W50-7) and ordinal (2025-348).
const DATE_FORMS = [
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<year>\d{4})-?W(?<week>\d{2})-?(?<weekday>[1-7])$/,
  /^(?<year>\d{4})-?(?<ordinal>\d{3})$/,
];
const RESULT_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
// A fraction belongs to the smallest unit that is there.
const TIME =
  /^(?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{2}))?)?(?:[.,](?<fraction>\d+))?(?<offset>Z|[+-]\d{2}(?::?\d{2})?)$/i;

const DAY_MS = 86_400_000;
// As many as a number holds exactly when an hour's fraction is multiplied by its seconds.
const FRACTION_DIGITS = 12;

/**
 * Reads an ISO 8601 date and time that carries an offset.
 *
 * @returns the instant as UTC whole seconds, `YYYY-MM-DDTHH:MM:SSZ` (fractions of a second are dropped), or undefined
 *   if `text` is not such a time: no offset, an impossible date, an instant outside the years 0 to 9999, or a form
 *   outside ISO 8601.
 */
export function parseUtcTime(text: string): string | undefined {
  // Most times come in the form they leave in, above all those that we wrote ourselves.
  if (RESULT_FORM.test(text) && isSameInstant(text)) return text;
  const [datePart = '', timePart = '', rest] = text.split(/[Tt ]/);
  if (rest !== undefined) return undefined;
  const day = parseDate(datePart);
  const time = parseTimeOfDay(timePart);
  if (day === undefined || time === undefined) return undefined;
  const utc = formatUtcTime(day + time);
  // Outside the years 0 to 9999 the form is another one, which sorts wrongly and which CloudTrail does not take.
  return /^\d{4}-/.test(utc) ? utc : undefined;
}

/**
 * An instant in milliseconds since the epoch as UTC whole seconds, `YYYY-MM-DDTHH:MM:SSZ`: the form that CloudTrail
 * documents for eventTime.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
 */
export function formatUtcTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** Whether JavaScript reads the text as the instant it says: 30 February is read too, as another day. */
function isSameInstant(text: string): boolean {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && formatUtcTime(milliseconds) === text;
}

/** The first millisecond of an ISO 8601 date, extended or basic, in UTC; undefined for what is none. */
export function parseDate(text: string): number | undefined {
  for (const form of DATE_FORMS) {
    const fields = form.exec(text)?.groups;
    if (!fields) continue;
    const { year, month, day, week, weekday, ordinal } = fields;
    if (ordinal !== undefined) return fromOrdinal(Number(year), Number(ordinal));
    if (week !== undefined) return fromWeek(Number(year), Number(week), Number(weekday));
    return fromCalendar(Number(year), Number(month), Number(day));
  }
  return undefined;
}

function fromCalendar(year: number, month: number, day: number): number | undefined {
  const date = new Date(startOfYear(year));
  date.setUTCMonth(month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function fromOrdinal(year: number, ordinal: number): number | undefined {
  const days = (startOfYear(year + 1) - startOfYear(year)) / DAY_MS;
  return ordinal >= 1 && ordinal <= days ? startOfYear(year) + (ordinal - 1) * DAY_MS : undefined;
}

/** Week 1 is the one with 4 January in it; weeks begin on Monday. */
function fromWeek(year: number, week: number, weekday: number): number | undefined {
  const firstMonday = mondayOfWeekOne(year);
  const monday = firstMonday + (week - 1) * 7 * DAY_MS;
  if (week < 1 || monday >= mondayOfWeekOne(year + 1)) return undefined;
  return monday + (weekday - 1) * DAY_MS;
}

function mondayOfWeekOne(year: number): number {
  const fourth = startOfYear(year) + 3 * DAY_MS;
  const daysSinceMonday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth - daysSinceMonday * DAY_MS;
}

function startOfYear(year: number): number {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  return new Date(0).setUTCFullYear(year, 0, 1);
}

/** Milliseconds to add to the day's start; an offset may carry it into a neighbouring day. */
function parseTimeOfDay(text: string): number | undefined {
  const fields = TIME.exec(text)?.groups;
  if (!fields) return undefined;
  const hour = Number(fields['hour']);
  const minute = Number(fields['minute'] ?? 0);
  const second = Number(fields['second'] ?? 0);
  const fraction = Number((fields['fraction'] ?? '0').slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0'));
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && fraction === 0;
  // 60 is a leap second; like every POSIX clock we count it as the next minute's first second.
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 60) return undefined;
  const offset = parseOffset(fields['offset'] ?? '');
  if (offset === undefined) return undefined;
  const unit = fields['minute'] === undefined ? 3600 : fields['second'] === undefined ? 60 : 1;
  const part = Math.floor((fraction * unit) / 10 ** FRACTION_DIGITS);
  return ((hour * 60 + minute) * 60 + second + part) * 1000 - offset;
}

/** How far `Z`, `+09:00`, `+0900` or `+09` is ahead of UTC, in milliseconds; undefined for what no zone has. */
export function parseOffset(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2)) * (text.length > 3 ? 1 : 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

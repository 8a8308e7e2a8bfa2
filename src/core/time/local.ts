// The time zone is that of the process, which `TZ` sets; JavaScript has no other way to its rules than Date.

/** A day of the calendar and a time of day. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1; what is past the end of the month counts on. */
  readonly day: number;
  /** Milliseconds since midnight, as clocks show it. */
  readonly ofDay: number;
}

/** How far a clock is put back at most, and how far on Lord Howe Island. */
const PUT_BACK = [3_600_000, 1_800_000];

/**
 * The instant at which clocks show this time, by the local time zone. What they show twice is the earlier one, or the later one
 * for an end; what they leave out is as much later.
 */
export function instantOf({ year, month, day, ofDay }: WallTime, isEnd: boolean): number {
  const hour = Math.floor(ofDay / 3_600_000);
  const first = new Date(year, month - 1, day, hour, 0, 0, ofDay - hour * 3_600_000).getTime();
  if (!isEnd) return first;
  const shown = formatLocalTime(first);
  const again = PUT_BACK.find(span => formatLocalTime(first + span) === shown) ?? 0;
  return first + again;
}

/** The day on which an instant falls by the local time zone. */
export function localDayOf(instant: number): Omit<WallTime, 'ofDay'> {
  const date = new Date(instant);
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
}

/** An instant as local clocks show it: `2026-11-27 14:05:00`. */
function formatLocalTime(instant: number): string {
  return new Date(instant - offsetOf(instant)).toISOString().slice(0, 19).replace('T', ' ');
}

/** How far local clocks are ahead of UTC at an instant: `+09:00`. */
function formatLocalOffset(instant: number): string {
  const minutes = Math.round(-offsetOf(instant) / 60_000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

/**
 * Two instants as local clocks show them, with what these are ahead of UTC: `2026-11-27 00:00:00 to 2026-11-28 14:05:00 +09:00`.
 * Undefined where local time is UTC.
 */
export function describeLocalRange(from: number, until: number): string | undefined {
  const [before, after] = [formatLocalOffset(from), formatLocalOffset(until)];
  if (before === '+00:00' && after === before) return undefined;
  const start = before === after ? '' : ` ${before}`;
  return `${formatLocalTime(from)}${start} to ${formatLocalTime(until)} ${after}`;
}

/** One instant in the same way: `2026-11-28 14:05:00 +09:00`. Undefined where local time is UTC. */
export function describeLocal(instant: number): string | undefined {
  const offset = formatLocalOffset(instant);
  return offset === '+00:00' ? undefined : `${formatLocalTime(instant)} ${offset}`;
}

function offsetOf(instant: number): number {
  return new Date(instant).getTimezoneOffset() * 60_000;
}

import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';
import { parseUtcTime } from './utc.ts';

/** A span of time, in milliseconds since the epoch: `from` belongs to it, `until` does not. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Whether an instant belongs to the range. */
export function isWithin(time: number, { from, until }: TimeRange): boolean {
  return from <= time && time < until;
}

/** The flags behind a {@link TimeRange}, as text. */
export interface TimeRangeFlags {
  readonly since: string;
  readonly until?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);
const EXAMPLE = '7d (s, m, h, d or w ago) or 2025-12-14T08:00:00Z';

/**
 * Reads `--since` and `--until`: how long ago (`90s`, `15m`, `24h`, `7d`, `2w`), or an ISO 8601 time with an offset.
 * Without `until` the range ends now.
 *
 * @throws DeployMarkerError USAGE naming the flag, also if the range is empty
 */
export function parseTimeRange({ since, until, now }: TimeRangeFlags): TimeRange {
  const range = {
    from: parseInstant(since, '--since', now),
    until: until === undefined ? now : parseInstant(until, '--until', now),
  };
  if (range.from < range.until) return range;
  const end = until === undefined ? 'now' : `--until ${quote(until)}`;
  throw new DeployMarkerError('USAGE', `--since ${quote(since)} is not before ${end}`, {
    hint: 'give --since a time that is earlier, such as 7d',
  });
}

/** Reads one end of a {@link TimeRange}. @throws DeployMarkerError USAGE naming the flag */
export function parseInstant(text: string, flag: string, now: number): number {
  const [, count = '', unit = ''] = /^(\d+)([a-z])$/.exec(text) ?? [];
  const ago = Number(count) * (UNITS.get(unit) ?? 0);
  // Times before the epoch are no times of any log.
  if (ago > 0 && ago <= now) return now - ago;
  const utc = parseUtcTime(text);
  if (utc !== undefined) return Date.parse(utc);
  throw new DeployMarkerError('USAGE', `${flag} must be a time such as ${EXAMPLE}, got ${quote(text)}`, {
    hint: `pass ${flag} 7d`,
  });
}

import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, '': 1000 };
// setTimeout takes no longer time: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
const LONGEST = 2 ** 31 - 1;

/**
 * Reads a time span such as `30s`, `500ms`, `2m` or `1h`; a bare number is seconds.
 *
 * @returns milliseconds
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseDuration(text: string, flag: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? 0);
  if (number !== '' && milliseconds > 0 && milliseconds <= LONGEST) return milliseconds;
  throw new DeployMarkerError(
    'USAGE',
    `${flag} must be a time such as 30s, 500ms, 2m or 1h, got ${quote(text)}`,
    {
      hint: `pass ${flag} 30s`,
    },
  );
}

/** Reads a time span as {@link parseDuration} does, or `0`: windows may end where deploys do. @throws DeployMarkerError USAGE */
export function parseSpan(text: string, flag: string): number {
  return /^0+(?:\.0+)?(?:ms|s|m|h|)$/.test(text) ? 0 : parseDuration(text, flag);
}

/** A time span for people, rounded down: `90 minutes`, `5 hours`, `3 days`. */
export function describeSpan(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

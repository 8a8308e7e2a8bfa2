import {
  type AskedMoment,
  describeInstant,
  describeRange,
  isReadLocally,
  parseMoment,
  parseTimeRange,
  type TimeRange,
} from '../../core/time/range.ts';
import type { CommandContext } from '../command.ts';

/**
 * Reads `--since` and `--until`. Where one of them was read by the local time zone, stderr tells what they were taken for, before
 * anything is read.
 *
 * @throws DeployMarkerError USAGE
 */
export function readRange(
  { since, until }: { readonly since: string; readonly until?: string | undefined },
  { io, out }: Pick<CommandContext, 'io' | 'out'>,
): TimeRange {
  const flags = { since, until, now: io.now() };
  const range = parseTimeRange(flags);
  if (isReadLocally(flags)) out.note(`note: the time that is asked for is ${describeRange(range)}`);
  return range;
}

/** Reads `--at`, and tells in the same way what it was taken for. @throws DeployMarkerError USAGE */
export function readAt(at: string, { io, out }: Pick<CommandContext, 'io' | 'out'>): AskedMoment {
  const now = io.now();
  const moment = parseMoment(at, '--at', now);
  if (isReadLocally({ since: at, now })) {
    out.note(`note: the moment that is asked for is ${describeInstant(moment.first)}`);
  }
  return moment;
}

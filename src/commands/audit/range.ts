import { DEFAULT_WAITING } from '../../core/correlate/correlate.ts';
import { parseInstant, type TimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { readRange } from '../trail/range.ts';
import type { AuditFlags } from './audit.flags.ts';
import type { AuditState } from './state.ts';

/** Where `--since last` begins if there was no run before. */
const FIRST_SINCE = '24h';
/** Records may come this much later than CloudTrail's usual delay; findings have ids, so that looking twice tells nothing twice. */
const OVERLAP = 24 * 3_600_000;

/** Without a memory, every run would tell of the same findings. @throws DeployMarkerError USAGE */
export function requireState({ state, since, ...flags }: AuditFlags): void {
  if (state !== undefined) return;
  const needy =
    since === 'last'
      ? '--since last'
      : (['notify-sns', 'notify-slack-env'] as const).find(flag => flags[flag] !== undefined);
  if (needy === undefined) return;
  const flag = needy.startsWith('--') ? needy : `--${needy}`;
  throw new DeployMarkerError('USAGE', `${flag} needs --state, which remembers what was told before`, {
    hint: 'pass --state with a file that the next run has too, or an s3:// address',
  });
}

/**
 * Going on from the last run ends half an hour ago: what is younger may still be joined by its marker, or by the records that
 * explain it. It begins a day before the last one's end, for records that came late, but never before what was asked for at first.
 *
 * @throws DeployMarkerError USAGE
 */
export function rangeOf(
  flags: AuditFlags,
  state: AuditState | undefined,
  now: number,
  context: CommandContext,
): TimeRange {
  const { out } = context;
  const { since, until } = flags;
  if (since !== 'last') return readRange(flags, context);
  const { memory } = state ?? {};
  if (memory === undefined) out.note(`note: --state is empty, so this first run looks back ${FIRST_SINCE}`);
  const settled = now - DEFAULT_WAITING;
  const end = until === undefined ? settled : parseInstant(until, '--until', now, 'end');
  if (memory === undefined) {
    return { from: parseInstant(FIRST_SINCE, '--since', until === undefined ? now : end), until: end };
  }
  const overlapping = Date.parse(memory.watermark) - OVERLAP;
  const begun = memory.begun === undefined ? overlapping : Date.parse(memory.begun);
  return { from: Math.min(Math.max(begun, overlapping), end), until: end };
}

import type { SendNotice } from '../../core/findings/notice.ts';
import type { Report } from '../../core/findings/report.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { failuresOf } from '../failures.ts';
import { sendNotices, toTell } from './notice.ts';
import { type AuditRun, type AuditState, CLAIM_MS, rememberNothing } from './state.ts';

/** Also after a cancellation, which leaves little time. */
const GIVE_UP_MS = 2_000;

/** What people are told of, and what is remembered if that fails. */
export interface Telling {
  readonly report: Report;
  /** Undefined where nothing is remembered. */
  readonly run: (Pick<AuditRun, 'range'> & { readonly state: AuditState }) | undefined;
}

/**
 * Tells people of new findings. The state is claimed first, so that of audits at once only one tells them; a state that cannot be
 * written for another reason keeps nothing from them. Where somebody could not be told, the claim is given up for the next run.
 *
 * @returns why a place was not told, or why nobody was
 */
export async function tellPeople(
  notices: readonly SendNotice[],
  { report, run }: Telling,
  context: CommandContext,
): Promise<DeployMarkerError[]> {
  if (notices.length === 0 || toTell(report).length === 0) return [];
  if (run === undefined) return sendNotices(notices, report, context);
  const { state } = run;
  const nothing = rememberNothing(run);
  const claimed = formatUtcTime(context.io.now() + CLAIM_MS);
  const unclaimed = await failuresOf(() => state.write({ ...nothing, claimed }));
  if (unclaimed.some(({ code }) => code === 'STATE_CONFLICT')) return unclaimed;
  const untold = await sendNotices(notices, report, context);
  if (untold.length === 0 || unclaimed.length > 0) return [...unclaimed, ...untold];
  const kept = await failuresOf(() => state.write(nothing, AbortSignal.timeout(GIVE_UP_MS)));
  return [...untold, ...kept];
}

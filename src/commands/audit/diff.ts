import type { Report, ReportFinding } from '../../core/findings/report.ts';
import { withRecording } from '../../core/investigate/found-difference.ts';
import type { RecordedChange } from '../../core/investigate/recorded-change.ts';
import { tieRecording } from '../../core/investigate/recording.ts';
import type { TimeRange } from '../../core/time/range.ts';
import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { startDeadline } from '../delivery/deadline.ts';
import { MissingParts } from '../investigate/parts.ts';
import { createPlaces } from '../investigate/places.ts';
import { readRecording } from '../investigate/recordings.ts';
import { boundThings, type ToldChange, thingsOf } from '../investigate/things.ts';
import type { AuditFlags } from './audit.flags.ts';

/** For all that is asked of AWS Config, in milliseconds. Our own choice: 25 components, five calls a second. */
const DEADLINE_MS = 60_000;

/** A report with what AWS Config recorded around its findings, and what could not be read of that. */
export interface DiffedReport {
  readonly report: Report;
  readonly errors: readonly DeployMarkerError[];
}

/** Adds to each finding about a change what AWS Config recorded before and after it. @throws DeployMarkerError CANCELLED */
export async function addDifferences(
  report: Report,
  { flags, range, now }: { readonly flags: AuditFlags; readonly range: TimeRange; readonly now: number },
  context: CommandContext,
): Promise<DiffedReport> {
  const missing = new MissingParts(context);
  const { signal, stop } = startDeadline(DEADLINE_MS, context.io.signal, 'AWS Config had answered');
  const places = createPlaces(flags, missing, { signal, context });
  const { findings = [] } = report;
  const changes = findings.flatMap(finding => (finding.accepted === undefined ? toChange(finding) : []));
  const question = { component: '', homes: [], range, regions: flags.region };
  try {
    const recorded = new Map<string, RecordedChange>();
    const things = boundThings(thingsOf(changes, question), missing);
    await Promise.all(
      things.map(async thing => {
        const recording = await readRecording(thing, { places, missing, signal, context });
        if (recording === undefined) return;
        for (const [id, each] of tieRecording(recording, thing.changes, now)) recorded.set(id, each);
      }),
    );
    const gaps = [...report.gaps, ...missing.gaps];
    const told = findings.map(finding => {
      const found = recorded.get(finding.event_id ?? '');
      return found === undefined ? finding : withRecording(finding, found);
    });
    const complete = report.complete && !gaps.some(({ incomplete }) => incomplete);
    return { report: { ...report, complete, gaps, findings: told }, errors: missing.errors };
  } finally {
    context.io.signal.throwIfAborted();
    stop();
    places.close();
  }
}

/** The change that a finding is about; nothing where it is about a deploy. */
function toChange({ event_id, time, component, also, account, region }: ReportFinding): ToldChange[] {
  if (event_id === undefined || account === undefined || region === undefined) return [];
  return [{ event_id, time, component, also, account, region }];
}

import type { ReportFinding } from '../findings/report.ts';
import type { RecordedChange } from './recorded-change.ts';

/** A finding with what AWS Config recorded around the change that it is about. */
export interface DiffedFinding extends ReportFinding {
  readonly recorded: RecordedChange;
}

/** The finding with a recording. It is made of a finding of whatever class. */
export function withRecording(finding: ReportFinding, recorded: RecordedChange): DiffedFinding {
  const { id, kind, message, time, component, also, account, region, action, actor, event_id } = finding;
  const { deploy_id, explanation, fails, accepted, new: isNew } = finding;
  const told = {
    id,
    kind,
    message,
    time,
    component,
    also,
    explanation,
    fails,
    accepted,
    new: isNew,
    recorded,
  };
  return {
    ...told,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(action === undefined ? {} : { action }),
    ...(actor === undefined ? {} : { actor }),
    ...(event_id === undefined ? {} : { event_id }),
    ...(deploy_id === undefined ? {} : { deploy_id }),
  };
}

/** What AWS Config recorded around the change of a finding; undefined where nobody asked. */
export function recordedOf(finding: ReportFinding): RecordedChange | undefined {
  return isDiffed(finding) ? finding.recorded : undefined;
}

function isDiffed(finding: ReportFinding): finding is DiffedFinding {
  return 'recorded' in finding;
}

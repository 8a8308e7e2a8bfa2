import type { Report, ReportChange } from '../findings/report.ts';
import type { Drift } from './drift.ts';
import type { RecordedChange, StrayDifference } from './recorded-change.ts';
import type { Request } from './request.ts';

/** A change with what it asked for, and what Config recorded around it. */
export interface InvestigatedChange extends ReportChange {
  /** Null where the record does not tell. */
  readonly request: Request | null;
  readonly recorded: RecordedChange;
}

/** A difference that Config recorded, and that no change which was found accounts for. */
export interface Stray extends StrayDifference {
  readonly component: string;
  readonly account: string;
  readonly region: string;
}

/** What a line of the summary is about. */
const SUMMARY_TOPICS = ['who', 'what', 'when', 'deploy', 'drift', 'next'] as const;

/** One line of the summary. */
export interface SummaryLine {
  readonly topic: (typeof SUMMARY_TOPICS)[number];
  readonly text: string;
}

/** What `investigate` answers: the report of `trace`, and more of each change. */
export interface Investigation extends Report {
  readonly command: 'investigate';
  /** In the spelling that changes have. */
  readonly component: string;
  /** Three to six lines for people. */
  readonly summary: readonly SummaryLine[];
  /** Newest first. */
  readonly changes: readonly InvestigatedChange[];
  readonly strays: readonly Stray[];
  /** One for each place in which a stack owns the component. */
  readonly drift: readonly Drift[];
}

/** Whether a report is one of `investigate`. */
export function isInvestigation(report: Report): report is Investigation {
  return report.command === 'investigate';
}

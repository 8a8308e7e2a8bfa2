import { append } from '../base/append.ts';
import type { ReportFinding } from './report.ts';

/** Findings about one change or one deploy, each group in the place of its first one. */
export function groupFindings(findings: readonly ReportFinding[]): Iterable<ReportFinding[]> {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([
      finding.event_id ?? '',
      finding.event_id ? '' : (finding.deploy_id ?? finding.id),
    ]);
    append(groups, key, finding);
  }
  return groups.values();
}

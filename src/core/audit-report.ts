import type { Allowance } from './allow-list.ts';
import type { AuditTally } from './audit-tally.ts';
import { ChangeFinding, type Weight } from './change-finding.ts';
import type { DeployWindow, MarkerConflict } from './deploy.ts';
import type { DeployStanding } from './deploy-ledger.ts';
import { type Finding, findInConflict, findInDeploy } from './finding.ts';
import type { FindingMemory } from './finding-memory.ts';
import { MarkerBounds } from './marker-bounds.ts';
import type { NameTest } from './name-pattern.ts';
import type { FindingKind, Report, ReportFinding, ReportGap, ReportSource } from './report.ts';
import { newestFirst, toReportChanges, toReportFrame } from './report-entry.ts';
import type { TimeRange } from './time-range.ts';
import { formatUtcTime } from './utc-time.ts';

/** What decides which findings count. */
export interface FindingRules {
  readonly failOn: readonly FindingKind[];
  readonly allowances: readonly Allowance[];
  readonly baseline: ReadonlySet<string>;
  readonly isInScope: NameTest;
  /** Undefined where nothing is remembered. */
  readonly memory: FindingMemory | undefined;
  readonly isRemembering: boolean;
  /** Goes on from the last run: what that one told does not count again. */
  readonly isGoingOn: boolean;
}

/** What was judged. */
export interface AuditInput {
  readonly range: TimeRange;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly question: Report['question'];
  readonly sources: readonly ReportSource[];
  readonly gaps: readonly ReportGap[];
  readonly tally: AuditTally;
  readonly deploys: readonly DeployStanding[];
  readonly conflicts: readonly MarkerConflict[];
  readonly window: DeployWindow;
}

/** The report of `audit`; its changes are those that are not explained. */
export function toAuditReport(input: AuditInput, rules: FindingRules): Report {
  const { range, now, question, sources, tally } = input;
  const deploys = input.deploys.filter(({ deploy }) =>
    deploy.targets.some(target => rules.isInScope(target.component)),
  );
  const ofDeploys = deploys.flatMap(standing => findInDeploy(standing, rules.isInScope));
  const ofMarkers = input.conflicts.flatMap(conflict => findInConflict(conflict, range, rules.isInScope));
  const findings: ReportFinding[] = [...ofDeploys, ...ofMarkers].map(finding => ({
    ...finding,
    ...weigh(finding, rules),
  }));
  for (const finding of tally.findings()) findings.push(finding.weighed(weigh(finding, rules)));
  const { standings } = tally;
  const bounds = new MarkerBounds(input.window, now);
  for (const verdict of tally.odd()) bounds.addVerdict(verdict);
  for (const standing of deploys) bounds.addDeploy(standing);
  const gaps = [...input.gaps, ...bounds.gaps()];
  return {
    ...toReportFrame({ command: 'audit', question, sources, gaps, range, now, deploys, standings }),
    changes: toReportChanges(tally.odd()),
    findings: newestFirst(
      findings,
      finding => (finding instanceof ChangeFinding ? finding.instant : Date.parse(finding.time)),
      ({ id }) => id,
    ),
  };
}

/** The same report with the explained changes that were kept, for drawing. */
export function withExplained(report: Report, tally: AuditTally): Report {
  return { ...report, changes: toReportChanges(tally.kept()) };
}

function weigh(finding: Finding, rules: FindingRules): Weight {
  const { failOn, memory, isRemembering } = rules;
  const accepted = acceptance(finding, rules);
  const isNew = memory?.findings[finding.id] === undefined && memory?.noticed[finding.id] === undefined;
  return {
    fails: accepted === undefined && failOn.includes(finding.kind),
    ...(accepted === undefined ? {} : { accepted }),
    ...(isRemembering ? { new: isNew } : {}),
  };
}

function acceptance(
  finding: Finding,
  { allowances, baseline, memory, isGoingOn }: FindingRules,
): string | undefined {
  const allowance = allowances.find(each => each.allows(finding));
  if (allowance !== undefined) return `allowed until ${formatUtcTime(allowance.until)}: ${allowance.why}`;
  if (baseline.has(finding.id)) return 'in the baseline';
  const told = memory?.findings[finding.id];
  return isGoingOn && told !== undefined ? `told on ${told}` : undefined;
}

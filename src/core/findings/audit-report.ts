import type { ScopeTest } from '../component/scope.ts';
import type { DeployStanding } from '../correlate/ledger.ts';
import { MarkerBounds } from '../correlate/marker-bounds.ts';
import type { MarkerConflict } from '../deploy/deploy.ts';
import type { DeployWindow } from '../deploy/span.ts';
import type { ReportGap } from '../source/gap.ts';
import type { TimeRange } from '../time/range.ts';
import { allowedText, IN_BASELINE, toldText } from './acceptance.ts';
import type { Allowance } from './allow-list.ts';
import { ChangeFinding, type Weight } from './change-finding.ts';
import { type Finding, findInConflict, findInDeploy } from './finding.ts';
import { findInLogs, type SourceIntegrity, toReportIntegrity } from './integrity.ts';
import type { FindingMemory } from './memory.ts';
import type { FindingKind, JudgedBy, Report, ReportFinding, ReportSource } from './report.ts';
import { newestFirst, toReportChanges, toReportFrame } from './report-entry.ts';
import type { AuditTally } from './tally.ts';

/** What decides which findings count. */
export interface FindingRules {
  readonly failOn: readonly FindingKind[];
  readonly allowances: readonly Allowance[];
  readonly baseline: ReadonlySet<string>;
  readonly isInScope: ScopeTest;
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
  readonly judgedBy: JudgedBy;
  readonly sources: readonly ReportSource[];
  readonly gaps: readonly ReportGap[];
  readonly tally: AuditTally;
  readonly deploys: readonly DeployStanding[];
  readonly conflicts: readonly MarkerConflict[];
  readonly window: DeployWindow;
  /** What became of verifying logs; undefined where nobody asked. */
  readonly integrity?: readonly SourceIntegrity[] | undefined;
}

/** The report of `audit`; its changes are those that are not explained. */
export function toAuditReport(input: AuditInput, rules: FindingRules): Report {
  const { range, now, question, judgedBy, sources, tally, integrity } = input;
  const deploys = input.deploys.filter(({ deploy }) =>
    deploy.targets.some(target => rules.isInScope(target.component, target)),
  );
  const ofDeploys = deploys.flatMap(standing => findInDeploy(standing, rules.isInScope));
  const ofMarkers = input.conflicts.flatMap(conflict => findInConflict(conflict, range, rules.isInScope));
  const findings: ReportFinding[] = [...ofDeploys, ...ofMarkers, ...findInLogs(integrity ?? [])].map(
    finding => ({
      ...finding,
      ...weigh(finding, rules),
    }),
  );
  for (const finding of tally.findings()) findings.push(finding.weighed(weigh(finding, rules)));
  const { standings } = tally;
  const bounds = new MarkerBounds(input.window, now);
  for (const verdict of tally.odd()) bounds.addVerdict(verdict);
  for (const standing of deploys) bounds.addDeploy(standing);
  const gaps = [...input.gaps, ...bounds.gaps()];
  return {
    ...toReportFrame({ command: 'audit', question, sources, gaps, range, now, deploys, standings }),
    judged_by: judgedBy,
    changes: toReportChanges(tally.odd()),
    findings: newestFirst(
      findings,
      finding => (finding instanceof ChangeFinding ? finding.instant : Date.parse(finding.time)),
      ({ id }) => id,
    ),
    ...(integrity === undefined ? {} : { integrity: toReportIntegrity(integrity) }),
  };
}

/** The same report with the explained changes that were kept, for drawing. */
export function withExplained(report: Report, tally: AuditTally): Report {
  return { ...report, changes: toReportChanges(tally.kept()) };
}

function weigh(finding: Finding, rules: FindingRules): Weight {
  const { failOn, memory, isRemembering } = rules;
  const isTampered = finding.kind === 'tampered-log';
  const accepted = isTampered ? undefined : acceptance(finding, rules);
  const fails = isTampered || (accepted === undefined && failOn.includes(finding.kind));
  const told =
    memory?.findings[finding.id] ??
    memory?.noticed[finding.id] ??
    (fails ? undefined : memory?.mentioned[finding.id]);
  return {
    fails,
    ...(accepted === undefined ? {} : { accepted }),
    ...(isRemembering ? { new: told === undefined } : {}),
  };
}

function acceptance(
  finding: Finding,
  { failOn, allowances, baseline, memory, isGoingOn }: FindingRules,
): string | undefined {
  const allowance = allowances.find(each => each.allows(finding));
  if (allowance !== undefined) return allowedText(allowance);
  if (baseline.has(finding.id)) return IN_BASELINE;
  const mentioned = failOn.includes(finding.kind) ? undefined : memory?.mentioned[finding.id];
  const told = memory?.findings[finding.id] ?? mentioned;
  return isGoingOn && told !== undefined ? toldText(told) : undefined;
}

import { resolve } from 'node:path';
import { matchesAny, type NameTest } from '../../core/base/pattern.ts';
import { quote } from '../../core/base/quote.ts';
import { correlate } from '../../core/correlate/correlate.ts';
import type { DeployStanding } from '../../core/correlate/ledger.ts';
import { type AuditInput, toAuditReport, withExplained } from '../../core/findings/audit-report.ts';
import type { CoverageQuestion } from '../../core/findings/coverage.ts';
import { DEFAULT_FAIL_ON } from '../../core/findings/finding.ts';
import { renderBaseline } from '../../core/findings/memory.ts';
import type { SendNotice } from '../../core/findings/notice.ts';
import { FINDING_KINDS, type FindingKind, type Report } from '../../core/findings/report.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import { AuditTally } from '../../core/findings/tally.ts';
import { isComposedName } from '../../core/session-name.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { writeReportFile } from '../../io/file/report-file.ts';
import { describeVerdict, renderAuditText } from '../../report/audit-text.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { type Coverage, coverageOf } from '../trail/coverage.ts';
import { type Judging, judgingOf, questionFor, watchLeftOut } from '../trail/judge.ts';
import { readTrail, type TrailEvidence, type TrailQuestion } from '../trail/read.ts';
import { hasMarkers, isBucket } from '../trail/sources.ts';
import type { AUDIT_FLAGS, AuditFlags } from './audit.flags.ts';
import { type AuditFiles, readAuditFiles } from './files.ts';
import { openNotices, sendNotices } from './notice.ts';
import { auditQuestion } from './question.ts';
import { rangeOf, requireState } from './range.ts';
import { type AuditState, openAuditState, rememberRun } from './state.ts';

/** Explained changes are drawn on the page up to this number; beyond it, only those that stand out are. */
const MOST_DRAWN = 5000;
/** What came of judging the changes. */
interface Judged extends Pick<AuditInput, 'range' | 'tally' | 'window' | 'conflicts' | 'gaps'> {
  /** Those that were under way in the range. */
  readonly deploys: readonly DeployStanding[];
  readonly coverage: Coverage;
}

/** Says what no deploy explains and what else is odd, and fails if something counts. */
export async function run(
  { values: flags }: CommandInput<typeof AUDIT_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const judging = judgingOf(flags, context);
  const failOn = parseFailOn(flags);
  requireState(flags);
  requireBucket(flags);
  hasMarkers(flags, true);
  const files = await readAuditFiles(flags, context);
  const notices = await openNotices(flags, context);
  const asked = auditQuestion(flags, { ...judging, scope: files.scope }, context);
  const state = await openAuditState(flags, asked, context);
  const range = rangeOf(flags, state, judging.now, context);
  const wanted = questionFor(range, judging);
  const trail = await readTrail(flags, wanted, context, flags.verify);
  const judged = judgeTrail(flags, { trail, files, wanted, judging });
  const integrity = flags.verify ? trail.integrity : undefined;
  const input = { ...trail, ...judged, integrity, now: judging.now, question: { since: flags.since } };
  const report = await acceptToday(flags, context, accepted =>
    judged.coverage.tell(
      toAuditReport(input, {
        ...files,
        baseline: new Set([...files.baseline, ...accepted]),
        failOn,
        memory: state?.memory,
        isRemembering: state !== undefined,
        isGoingOn: flags.since === 'last',
      }),
    ),
  );
  const unseen = judged.coverage.errorsOf(report);
  const untold = await failuresOf(() => writeFiles(report, judged.tally, flags, context));
  if (context.json) context.out.resultParts(reportJson(report));
  else context.out.resultText(renderAuditText(report, context.redactor.redact));
  untold.push(
    ...(await tellPeople(notices, { report, state: untold.length > 0 ? undefined : state }, context)),
  );
  const isWhole = unseen.length === 0 && trail.errors.every(({ code }) => code === 'MARKER_INVALID');
  // Whoever could not be told is told in the next run.
  const unkept =
    state === undefined || untold.length > 0
      ? []
      : await failuresOf(() => state.write(rememberRun(report, { ...trail, ...judged, state, isWhole })));
  throwWorst([...trail.errors, ...unseen, ...untold, ...unkept, ...failureOf(report)], false, context);
}

/** Only buckets have digests beside their logs. @throws DeployMarkerError USAGE */
function requireBucket(flags: AuditFlags): void {
  if (!flags.verify || flags.changes.some(isBucket)) return;
  throw new DeployMarkerError('USAGE', '--verify needs the bucket of a trail, in which digests are', {
    hint: 'pass --changes s3://BUCKET, or leave out --verify',
  });
}

/** Of two audits at once, the one that was first tells people. @returns why a place was not told */
async function tellPeople(
  notices: readonly SendNotice[],
  { report, state }: { readonly report: Report; readonly state: AuditState | undefined },
  context: CommandContext,
): Promise<DeployMarkerError[]> {
  const conflicts = state === undefined ? [] : await failuresOf(() => state.confirm());
  return conflicts.length > 0 ? conflicts : sendNotices(notices, report, context);
}

function judgeTrail(
  flags: AuditFlags,
  {
    trail,
    files,
    wanted,
    judging,
  }: {
    readonly trail: TrailEvidence;
    readonly files: AuditFiles;
    readonly wanted: TrailQuestion;
    readonly judging: Judging;
  },
): Judged {
  const { asked: range, services } = wanted;
  const tally = new AuditTally({
    range,
    isInScope: files.isInScope,
    isSessionName: sessionTest(flags),
    mostExplained: flags.html === undefined ? 0 : MOST_DRAWN,
  });
  const components = new Set<string>();
  const seen = { ...judging, seen: wanted.changes };
  const leftOut = watchLeftOut(seen, range, ({ component }) => files.isInScope(component));
  const { deploys, conflicts } = correlate(trail, leftOut.options, verdict => {
    if (flags.scope !== undefined) {
      components.add(verdict.change.component);
      for (const other of verdict.change.others ?? []) components.add(other);
    }
    tally.add(verdict);
  });
  for (const { deploy } of deploys) for (const { component } of deploy.targets) components.add(component);
  const scope = scopeOf(flags, files, components);
  const question = { command: 'audit', range, now: judging.now, services, scope } as const;
  return {
    range,
    tally,
    window: judging.window,
    deploys: deploys.filter(({ deploy }) => deploy.closes >= range.from && deploy.opens < range.until),
    conflicts,
    gaps: [...trail.gaps, ...leftOut.gaps()],
    coverage: coverageOf(question, trail, flags),
  };
}

/** Whether the scope fits anything: components whose calls do not name them are in every scope. */
function scopeOf(
  { scope: title }: AuditFlags,
  { isInScope }: AuditFiles,
  components: Iterable<string>,
): CoverageQuestion['scope'] {
  if (title === undefined) return undefined;
  const named = [...components].filter(component => !component.endsWith(':?'));
  return { title, components: named.length, isMet: named.some(isInScope) };
}

function sessionTest({ 'session-pattern': patterns }: AuditFlags): NameTest {
  return patterns.length === 0 ? isComposedName : matchesAny(patterns);
}

function failureOf(report: Report): DeployMarkerError[] {
  const hasFailed = report.findings?.some(({ fails }) => fails) ?? false;
  return hasFailed ? [new DeployMarkerError('AUDIT_FAILED', describeVerdict(report))] : [];
}

/** Under `--write-baseline` all that is found today is accepted from now on; not if something is missing. */
async function acceptToday(
  { 'write-baseline': path }: AuditFlags,
  { io, out }: CommandContext,
  report: (accepted: readonly string[]) => Report,
): Promise<Report> {
  const found = report([]);
  if (path === undefined) return found;
  if (!found.complete) {
    out.warn(`${quote(path)} is not written: the answer is incomplete, and would accept what is none`);
    return found;
  }
  const acceptable = (found.findings ?? []).filter(({ kind }) => kind !== 'tampered-log');
  const ids = acceptable.map(({ id }) => id);
  await writeReportFile(resolve(io.cwd, path), renderBaseline(ids), path);
  out.note(`wrote ${quote(path)}: ${ids.length} findings are accepted`);
  return report(ids);
}

async function writeFiles(
  report: Report,
  tally: AuditTally,
  flags: AuditFlags,
  { io, out, redactor }: CommandContext,
): Promise<void> {
  if (flags.junit !== undefined) {
    const { renderJunit } = await import('../../report/junit.ts');
    await writeReportFile(resolve(io.cwd, flags.junit), renderJunit(report, redactor.redact), flags.junit);
    out.note(`wrote ${quote(flags.junit)}`);
  }
  if (flags.html !== undefined) {
    const { renderPage } = await import('../../report/page/html-page.ts');
    const page = renderPage(withExplained(report, tally), redactor.redact);
    await writeReportFile(resolve(io.cwd, flags.html), page, flags.html);
    out.note(`wrote ${quote(flags.html)}`);
  }
}

function parseFailOn({ 'fail-on': named }: AuditFlags): readonly FindingKind[] {
  if (named.length === 0) return DEFAULT_FAIL_ON;
  if (named.includes('none') && named.length > 1) {
    throw new DeployMarkerError('USAGE', '--fail-on none goes with no other kind', {
      hint: 'leave out none, or the others',
    });
  }
  return FINDING_KINDS.filter(kind => named.includes(kind));
}

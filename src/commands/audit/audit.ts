import { resolve } from 'node:path';
import { matchesAny, type NameTest } from '../../core/base/pattern.ts';
import { quote } from '../../core/base/quote.ts';
import { isUnknown } from '../../core/component/spellings.ts';
import { correlate } from '../../core/correlate/correlate.ts';
import type { DeployStanding } from '../../core/correlate/ledger.ts';
import { isOpenWithin } from '../../core/deploy/deploy.ts';
import { type AuditInput, toAuditReport, withExplained } from '../../core/findings/audit-report.ts';
import { isBlind } from '../../core/findings/coverage.ts';
import { DEFAULT_FAIL_ON } from '../../core/findings/finding.ts';
import { renderBaseline } from '../../core/findings/memory.ts';
import { FINDING_KINDS, type FindingKind, type Report } from '../../core/findings/report.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import { AuditTally, isChangeInScope } from '../../core/findings/tally.ts';
import { isComposedName } from '../../core/session-name.ts';
import { NO_TIME } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { writeReportFile } from '../../io/file/report-file.ts';
import { auditLines, describeVerdict } from '../../report/audit-text.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { withLocalMarkers } from '../trail/asked-component.ts';
import { type Coverage, coverageOf } from '../trail/coverage.ts';
import { type Judging, judgingOf, questionFor, watchLeftOut } from '../trail/judge.ts';
import { readTrail, type TrailEvidence, type TrailQuestion } from '../trail/read.ts';
import { KeptRequests } from '../trail/requests.ts';
import { hasMarkers, isBucket } from '../trail/sources.ts';
import { tellLines } from '../trail/styled-result.ts';
import type { AUDIT_FLAGS, AuditFlags } from './audit.flags.ts';
import { addDifferences } from './diff.ts';
import { type AuditFiles, readAuditFiles } from './files.ts';
import { judgedBy } from './judged-by.ts';
import { openNotices } from './notice.ts';
import { askedRegions, auditQuestion, spanAsked } from './question.ts';
import { rangeOf, requireState } from './range.ts';
import { scopeOf } from './scope.ts';
import { openAuditState, rememberRun } from './state.ts';
import { tellPeople } from './tell-people.ts';

/** Explained changes are drawn on the page up to this number; beyond it, only those that stand out are. */
const MOST_DRAWN = 5000;

/** What came of judging the changes. */
interface Judged extends Pick<AuditInput, 'range' | 'tally' | 'window' | 'conflicts' | 'gaps'> {
  /** Those that were open within the range. */
  readonly deploys: readonly DeployStanding[];
  readonly coverage: Coverage;
}

/** Says what no deploy explains and what else is odd, and fails if something counts. */
export async function run(
  { values, origins }: CommandInput<typeof AUDIT_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const flags = withLocalMarkers(values, context, 'audit');
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
  const requests = flags.html === undefined ? undefined : new KeptRequests(range);
  const trail = await readTrail(flags, { ...wanted, requests }, context, flags.verify);
  const judged = judgeTrail(flags, { trail, files, wanted, judging });
  const read = [...files.read, ...(state?.file === undefined ? [] : [state.file])];
  const by = { failOn, judging, regions: askedRegions(flags, context), files: read, ...trail };
  const input: AuditInput = {
    ...toInput(flags, { trail, judged, judging }),
    judgedBy: judgedBy(flags, by, { origins, env: context.io.env }),
  };
  const found = await acceptToday(flags, context, accepted =>
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
  const unseen = judged.coverage.errorsOf(found);
  const { report, errors: unread } = flags.diff
    ? await addDifferences(found, { flags, range, now: judging.now }, context)
    : { report: found, errors: [] };
  const untold = await failuresOf(() => writeFiles(report, { ...judged, requests }, flags, context));
  if (context.json) context.out.resultParts(reportJson(report));
  else await tellLines(auditLines(report, context.redactor.redact), context);
  const isWhole = unseen.length === 0 && trail.errors.every(({ code }) => code === 'MARKER_INVALID');
  // Whoever could not be told is told in the next run.
  const keeping =
    state !== undefined && untold.length === 0 ? { ...trail, ...judged, state, isWhole } : undefined;
  untold.push(...(await tellPeople(notices, { report, run: keeping }, context)));
  const unkept =
    keeping === undefined || untold.length > 0
      ? []
      : await failuresOf(() => keeping.state.write(rememberRun(report, keeping)));
  const errors = [...trail.errors, ...unseen, ...unread, ...untold, ...unkept, ...failureOf(report)];
  throwWorst(errors, false, context);
}

/** What was read and judged, for the report. */
function toInput(
  flags: AuditFlags,
  {
    trail,
    judged,
    judging,
  }: { readonly trail: TrailEvidence; readonly judged: Judged; readonly judging: Judging },
): Omit<AuditInput, 'judgedBy'> {
  const integrity = flags.verify ? trail.integrity : undefined;
  return { ...trail, ...judged, integrity, now: judging.now, question: spanAsked(flags) };
}

/** Only buckets have digests beside their logs. @throws DeployMarkerError USAGE */
function requireBucket(flags: AuditFlags): void {
  if (!flags.verify || flags.changes.some(isBucket)) return;
  throw new DeployMarkerError('USAGE', '--verify needs the bucket of a trail, in which digests are', {
    hint: 'pass --changes s3://BUCKET, or leave out --verify',
  });
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
  let isMet = false;
  const seen = { ...judging, seen: isBlind(trail) ? NO_TIME : wanted.changes, places: trail.places };
  const leftOut = watchLeftOut(seen, range, change => isChangeInScope(change, files.isInScope));
  const { deploys, conflicts } = correlate(trail, leftOut.options, verdict => {
    if (flags.scope !== undefined) {
      const { component, others = [] } = verdict.change;
      const known = [component, ...others].filter(each => !isUnknown(each));
      for (const each of known) components.add(each);
      isMet ||= known.length > 0 && isChangeInScope(verdict.change, files.isInScope);
    }
    tally.add(verdict);
  });
  const named = deploys.flatMap(({ deploy }) => deploy.targets);
  const scope = scopeOf(flags, files, { services, seen: components, isMet, named });
  const inRange = deploys.filter(({ deploy }) => isOpenWithin(deploy, range));
  const asked = { command: 'audit', range, now: judging.now, services, scope, deploys: inRange } as const;
  return {
    range,
    tally,
    window: judging.window,
    deploys: inRange,
    conflicts,
    gaps: [...trail.gaps, ...leftOut.gaps()],
    coverage: coverageOf(asked, trail, flags),
  };
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
  out.note(
    `wrote ${quote(path)}: ${ids.length === 1 ? '1 finding is' : `${ids.length} findings are`} accepted`,
  );
  return report(ids);
}

async function writeFiles(
  report: Report,
  { tally, requests }: { readonly tally: AuditTally; readonly requests: KeptRequests | undefined },
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
    const page = renderPage(withExplained(report, tally), redactor.redact, requests);
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

import { resolve } from 'node:path';
import type { OptionValues } from '../config/option.ts';
import { toAuditReport, withExplained } from '../core/audit-report.ts';
import { AuditTally } from '../core/audit-tally.ts';
import { correlate, DEFAULT_WAITING } from '../core/correlate.ts';
import { DEFAULT_FAIL_ON } from '../core/finding.ts';
import { renderBaseline } from '../core/finding-memory.ts';
import { matchesAny, type NameTest } from '../core/name-pattern.ts';
import { quote } from '../core/quote.ts';
import { FINDING_KINDS, type FindingKind, type Report } from '../core/report.ts';
import { reportJson } from '../core/report-json.ts';
import { isComposedName } from '../core/session-name.ts';
import { parseInstant, parseTimeRange, type TimeRange } from '../core/time-range.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { writeReportFile } from '../io/report-file.ts';
import { describeVerdict, renderAuditText } from '../report/audit-text.ts';
import type { AUDIT_FLAGS } from './audit.flags.ts';
import { readAuditFiles } from './audit-files.ts';
import { openNotices, sendNotices } from './audit-notice.ts';
import { type AuditState, openAuditState, rememberRun } from './audit-state.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { throwWorst } from './delivery.ts';
import { failuresOf } from './failures.ts';
import { judgingOf, questionFor } from './trail-judge.ts';
import { readTrail } from './trail-read.ts';

/** Values of `audit`'s flags. */
export type AuditFlags = OptionValues<typeof AUDIT_FLAGS>;

/** Explained changes are drawn on the page up to this number; beyond it, only those that stand out are. */
const MOST_DRAWN = 5000;
/** Where `--since last` begins if there was no run before. */
const FIRST_SINCE = '24h';

/** Says what no deploy explains and what else is odd, and fails if something counts. */
export async function run(
  { values: flags }: CommandInput<typeof AUDIT_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const judging = judgingOf(flags, context);
  const failOn = parseFailOn(flags);
  requireState(flags);
  const files = await readAuditFiles(flags, context);
  const notices = await openNotices(flags, context);
  const state = await openAuditState(flags, context);
  const range = rangeOf(flags, state, judging.now, context);
  const wanted = questionFor(range, judging);
  const trail = await readTrail(flags, wanted, context);

  const tally = new AuditTally({
    range,
    isInScope: files.isInScope,
    isSessionName: sessionTest(flags),
    mostExplained: flags.html === undefined ? 0 : MOST_DRAWN,
  });
  const seen = wanted.changes;
  const { deploys, conflicts } = correlate(trail, { ...judging, seen }, verdict => tally.add(verdict));
  const judged = deploys.filter(({ deploy }) => deploy.closes >= range.from && deploy.opens < range.until);
  const { sources, gaps } = trail;
  const { now, window } = judging;
  const question = { since: flags.since };
  const input = { range, now, window, question, sources, gaps, tally, deploys: judged, conflicts };
  const report = await acceptToday(flags, context, accepted =>
    toAuditReport(input, {
      ...files,
      baseline: new Set([...files.baseline, ...accepted]),
      failOn,
      memory: state?.memory,
      isRemembering: state !== undefined,
      isGoingOn: flags.since === 'last',
    }),
  );
  const untold = await failuresOf(() => writeFiles(report, tally, flags, context));
  if (json) out.resultParts(reportJson(report));
  else out.result(renderAuditText(report).trimEnd());
  untold.push(...(await sendNotices(notices, report, context)));
  const isWhole = trail.errors.every(({ code }) => code === 'MARKER_INVALID');
  // Whoever could not be told is told in the next run.
  const unkept =
    state === undefined || untold.length > 0
      ? []
      : await failuresOf(() =>
          state.write(rememberRun(report, { range, deploys: judged, before: state.memory, isWhole })),
        );
  throwWorst([...trail.errors, ...untold, ...unkept, ...failureOf(report)], false, context);
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
  const ids = (found.findings ?? []).map(({ id }) => id);
  await writeReportFile(resolve(io.cwd, path), renderBaseline(ids), path);
  out.note(`wrote ${quote(path)}: ${ids.length} findings are accepted`);
  return report(ids);
}

async function writeFiles(
  report: Report,
  tally: AuditTally,
  flags: AuditFlags,
  { io, out }: CommandContext,
): Promise<void> {
  if (flags.junit !== undefined) {
    const { renderJunit } = await import('../report/junit.ts');
    await writeReportFile(resolve(io.cwd, flags.junit), renderJunit(report), flags.junit);
    out.note(`wrote ${quote(flags.junit)}`);
  }
  if (flags.html !== undefined) {
    const { renderPage } = await import('../report/html-page.ts');
    await writeReportFile(resolve(io.cwd, flags.html), renderPage(withExplained(report, tally)), flags.html);
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

/** Without a memory, every run would tell of the same findings. */
function requireState({ state, since, ...flags }: AuditFlags): void {
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
 * explain it, and each stretch of time is judged once.
 */
function rangeOf(
  flags: AuditFlags,
  state: AuditState | undefined,
  now: number,
  { out }: CommandContext,
): TimeRange {
  const { since, until } = flags;
  if (since !== 'last') return parseTimeRange({ since, until, now });
  const last = state?.memory?.watermark;
  if (last === undefined) out.note(`note: --state is empty, so this first run looks back ${FIRST_SINCE}`);
  const settled = now - DEFAULT_WAITING;
  const end = until === undefined ? settled : parseInstant(until, '--until', now);
  const from = parseInstant(last ?? FIRST_SINCE, '--since', until === undefined ? now : end);
  return { from: Math.min(from, end), until: end };
}

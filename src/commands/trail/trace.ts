import { resolve } from 'node:path';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { componentKey } from '../../core/component/key.ts';
import { correlate } from '../../core/correlate/correlate.ts';
import type { DeployStanding } from '../../core/correlate/ledger.ts';
import { MarkerBounds } from '../../core/correlate/marker-bounds.ts';
import {
  asksForChange,
  asksForDeploy,
  parseTraceQuestion,
  type TraceQuestion,
} from '../../core/correlate/question.ts';
import type { Verdict } from '../../core/correlate/verdict.ts';
import type { Report } from '../../core/findings/report.ts';
import { noChanges, toReportChanges, toReportFrame } from '../../core/findings/report-entry.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import type { ReportGap } from '../../core/source/gap.ts';
import { isWithin } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { writeReportFile } from '../../io/file/report-file.ts';
import { traceLines } from '../../report/trace-table.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import {
  type AskedComponent,
  readAskedComponent,
  type SettledComponent,
  settleComponent,
  withLocalMarkers,
} from './asked-component.ts';
import { coverageOf } from './coverage.ts';
import { type Judging, judgingOf, questionFor, watchLeftOut } from './judge.ts';
import { readRange } from './range.ts';
import { readTrail, type TrailEvidence, type TrailQuestion } from './read.ts';
import { asksHistory, hasMarkers } from './sources.ts';
import { tellLines } from './styled-result.ts';
import type { TRACE_FLAGS } from './trace.flags.ts';

/** Who asks on the first day has no markers yet. */
const NO_DEPLOYS: ReportGap = {
  kind: 'not-seen',
  subject: '--markers',
  message:
    'no markers were read, so that no deploy and no commit is known; `emit` after each deploy records them, and --markers reads them',
  incomplete: false,
};

type TraceFlags = OptionValues<typeof TRACE_FLAGS>;

/** Answers which deploy made a change, and which changes nobody's deploy explains. */
export async function run(
  { values, positionals }: CommandInput<typeof TRACE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const flags = withLocalMarkers(values, context, 'trace');
  const asked = askedOf(flags, positionals);
  const question = parseTraceQuestion({
    component: asked.isBare ? undefined : asked.text,
    gitSha: flags['git-sha'],
    uid: flags.uid,
    deployId: flags['deploy-id'],
    sessionName: flags['session-name'],
  });
  const hasDeploys = knowsDeploys(question, flags, context);
  const judging = judgingOf(flags, context, question.component);
  const range = readRange(flags, context);
  checkQuick(question, flags);
  const wanted = {
    ...questionFor(range, judging),
    component: question.component,
    isQuick: flags.quick,
  };
  const trail = await readTrail(flags, wanted, context);
  const settled = settle(asked, trail, { services: wanted.services, out });
  const answer = answerOf({
    question: { ...question, component: settled?.component },
    trail,
    wanted,
    judging,
  });
  const frame = { command: 'trace', range, now: judging.now } as const;
  const coverage = coverageOf({ ...frame, services: wanted.services }, trail, flags);
  const gaps = [...trail.gaps, ...(hasDeploys ? [] : [NO_DEPLOYS]), ...answer.gaps];
  const { deploys, standings } = answer;
  const told = { question: questionOf(flags, settled), sources: trail.sources, gaps, deploys, standings };
  const report = coverage.tell({
    ...toReportFrame({ ...frame, ...told }),
    ...(settled?.notSeen === undefined ? {} : { not_seen: settled.notSeen }),
    changes: toReportChanges(answer.verdicts),
  });
  const unwritten = await failuresOf(() => writePage(report, flags, context));
  if (json) out.resultParts(reportJson(report));
  else await tellLines(traceLines(report, context.redactor.redact), context);
  throwWorst([...trail.errors, ...coverage.errorsOf(report), ...unwritten], false, context);
}

/** Under `--quick` a name alone is a function's, for nothing else is looked up so. */
function askedOf({ component, quick }: TraceFlags, positionals: readonly string[]): AskedComponent {
  const asked = readAskedComponent(component, positionals);
  return quick && asked.isBare ? { text: `lambda:${asked.text}`, isBare: false } : asked;
}

function settle(
  { text, isBare }: AskedComponent,
  trail: TrailEvidence,
  known: Parameters<typeof settleComponent>[2],
): SettledComponent | undefined {
  return text === undefined ? undefined : settleComponent({ text, isBare }, trail, known);
}

/** What the question is about. */
interface Answer {
  readonly verdicts: readonly Verdict[];
  readonly deploys: readonly DeployStanding[];
  readonly standings: Report['totals']['standings'];
  readonly gaps: readonly ReportGap[];
}

function answerOf({
  question,
  trail,
  wanted,
  judging,
}: {
  readonly question: TraceQuestion;
  readonly trail: TrailEvidence;
  readonly wanted: TrailQuestion;
  readonly judging: Judging;
}): Answer {
  const range = wanted.asked;
  const verdicts: Verdict[] = [];
  const seen = { ...judging, seen: wanted.changes };
  const leftOut = watchLeftOut(seen, range, change => asksForChange(question, { change, deploys: [] }));
  const bounds = new MarkerBounds(judging.window, judging.now);
  const { deploys, conflicts } = correlate(trail, leftOut.options, verdict => {
    if (isWithin(verdict.change.time, range) && asksForChange(question, verdict)) verdicts.push(verdict);
  });
  const tied = new Set(verdicts.flatMap(verdict => verdict.deploys));
  const asked = deploys.filter(
    ({ deploy }) =>
      tied.has(deploy) ||
      (asksForDeploy(question, deploy) && deploy.closes >= range.from && deploy.opens < range.until),
  );
  const standings = noChanges();
  for (const verdict of verdicts) {
    standings[verdict.standing] += 1;
    bounds.addVerdict(verdict);
  }
  for (const standing of asked) bounds.addDeploy(standing);
  const uids = new Set(asked.flatMap(({ deploy }) => deploy.uids));
  for (const { attestation } of verdicts) if (attestation !== undefined) uids.add(attestation.uid);
  for (const conflict of conflicts) if (uids.has(conflict.uid)) bounds.addConflict(conflict);
  return { verdicts, deploys: asked, standings, gaps: [...leftOut.gaps(), ...bounds.gaps()] };
}

/** Whether there are markers. Without them there is no answer to a question about a deploy. @throws DeployMarkerError USAGE */
function knowsDeploys(
  { gitSha, uid, deployId }: TraceQuestion,
  flags: TraceFlags,
  { out }: CommandContext,
): boolean {
  const isOfDeploy = gitSha !== undefined || uid !== undefined || deployId !== undefined;
  const knows = hasMarkers(flags, isOfDeploy);
  if (!knows) out.note(`note: ${NO_DEPLOYS.message}`);
  return knows;
}

async function writePage(
  report: Report,
  { html }: TraceFlags,
  { io, out, redactor }: CommandContext,
): Promise<void> {
  if (html === undefined) return;
  const { renderPage } = await import('../../report/page/html-page.ts');
  await writeReportFile(resolve(io.cwd, html), renderPage(report, redactor.redact), html);
  out.note(`wrote ${quote(html)}`);
}

/** Only event history can be asked by name, and only functions and layers are looked up so. @throws DeployMarkerError USAGE */
function checkQuick({ component = '' }: TraceQuestion, flags: TraceFlags): void {
  if (!flags.quick) return;
  if (/^(?:lambda|layer):/.test(componentKey(component)) && asksHistory(flags)) return;
  throw new DeployMarkerError(
    'USAGE',
    '--quick looks one function or layer up in event history, by its name',
    {
      hint: 'leave out --quick, or name a function with --component lambda:NAME and read event-history',
    },
  );
}

function questionOf(
  flags: TraceFlags,
  settled: SettledComponent | undefined,
): Readonly<Record<string, string>> {
  const asked: Record<string, string> = {};
  // An ARN stays as it was asked; of a name alone it is told what it was taken for.
  const component = flags.component?.includes(':') ? flags.component : settled?.component;
  if (component !== undefined) asked['component'] = component;
  for (const name of ['git-sha', 'uid', 'deploy-id', 'session-name'] as const) {
    const value = flags[name];
    if (value !== undefined) asked[name] = value;
  }
  return asked;
}

import { resolve } from 'node:path';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { componentKey } from '../../core/component/key.ts';
import { correlate } from '../../core/correlate/correlate.ts';
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
import { isWithin, parseTimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { writeReportFile } from '../../io/file/report-file.ts';
import { renderTraceTable } from '../../report/trace-table.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { coverageOf } from './coverage.ts';
import { judgingOf, questionFor, watchLeftOut } from './judge.ts';
import { readTrail } from './read.ts';
import { asksHistory, hasMarkers } from './sources.ts';
import type { TRACE_FLAGS } from './trace.flags.ts';

/** Who asks on the first day has no markers yet. */
const NO_DEPLOYS: ReportGap = {
  kind: 'not-seen',
  subject: '--markers',
  message: 'no markers were read, so that no deploy is known and no change is explained',
  incomplete: false,
};

type TraceFlags = OptionValues<typeof TRACE_FLAGS>;

/** Answers which deploy made a change, and which changes nobody's deploy explains. */
export async function run(
  { values: flags }: CommandInput<typeof TRACE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const question = parseTraceQuestion({
    component: flags.component,
    gitSha: flags['git-sha'],
    uid: flags.uid,
    deployId: flags['deploy-id'],
    sessionName: flags['session-name'],
  });
  const hasDeploys = knowsDeploys(question, flags, context);
  const judging = judgingOf(flags, context, question.component);
  const range = parseTimeRange({ since: flags.since, until: flags.until, now: judging.now });
  checkQuick(question, flags);
  const wanted = {
    ...questionFor(range, judging),
    component: question.component,
    isQuick: flags.quick,
  };
  const trail = await readTrail(flags, wanted, context);

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
  const frame = { command: 'trace', range, now: judging.now } as const;
  const coverage = coverageOf({ ...frame, services: wanted.services }, trail, flags);
  const gaps = [...trail.gaps, ...(hasDeploys ? [] : [NO_DEPLOYS]), ...leftOut.gaps(), ...bounds.gaps()];
  const told = { question: questionOf(flags), sources: trail.sources, gaps, deploys: asked, standings };
  const report = coverage.tell({
    ...toReportFrame({ ...frame, ...told }),
    changes: toReportChanges(verdicts),
  });
  const unwritten = await failuresOf(() => writePage(report, flags, context));
  if (json) out.resultParts(reportJson(report));
  else out.resultText(renderTraceTable(report, context.redactor.redact));
  throwWorst([...trail.errors, ...coverage.errorsOf(report), ...unwritten], false, context);
}

/** Whether there are markers. Without them there is no answer to a question about a deploy. @throws DeployMarkerError USAGE */
function knowsDeploys(
  { gitSha, uid, deployId }: TraceQuestion,
  flags: TraceFlags,
  { out }: CommandContext,
): boolean {
  const isOfDeploy = gitSha !== undefined || uid !== undefined || deployId !== undefined;
  const knows = hasMarkers(flags, isOfDeploy);
  if (!knows) out.note(`note: ${NO_DEPLOYS.message}; name them with --markers`);
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

function questionOf(flags: TraceFlags): Readonly<Record<string, string>> {
  const asked: Record<string, string> = {};
  for (const name of ['component', 'git-sha', 'uid', 'deploy-id', 'session-name'] as const) {
    const value = flags[name];
    if (value !== undefined) asked[name] = value;
  }
  return asked;
}

import { resolve } from 'node:path';
import type { OptionValues } from '../config/option.ts';
import { correlate } from '../core/correlate.ts';
import { quote } from '../core/quote.ts';
import type { Report } from '../core/report.ts';
import { noChanges, toReportChanges, toReportFrame } from '../core/report-entry.ts';
import { reportJson } from '../core/report-json.ts';
import { isWithin, parseTimeRange } from '../core/time-range.ts';
import {
  asksForChange,
  asksForDeploy,
  parseTraceQuestion,
  type TraceQuestion,
} from '../core/trace-question.ts';
import type { Verdict } from '../core/verdict.ts';
import { writeReportFile } from '../io/report-file.ts';
import { renderTraceTable } from '../report/trace-table.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { throwWorst } from './delivery.ts';
import { failuresOf } from './failures.ts';
import type { TRACE_FLAGS } from './trace.flags.ts';
import { judgingOf, questionFor } from './trail-judge.ts';
import { readTrail } from './trail-read.ts';
import { asksHistory } from './trail-sources.ts';

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
  const judging = judgingOf(flags, context);
  const range = parseTimeRange({ since: flags.since, until: flags.until, now: judging.now });
  tellSpellings(question, flags, context);
  const wanted = { ...questionFor(range, judging), component: question.component };
  const trail = await readTrail(flags, wanted, context);

  const verdicts: Verdict[] = [];
  const { deploys } = correlate(trail, { ...judging, seen: wanted.changes }, verdict => {
    if (isWithin(verdict.change.time, range) && asksForChange(question, verdict)) verdicts.push(verdict);
  });
  const tied = new Set(verdicts.flatMap(verdict => verdict.deploys));
  const asked = deploys.filter(
    ({ deploy }) =>
      tied.has(deploy) ||
      (asksForDeploy(question, deploy) && deploy.closes >= range.from && deploy.opens < range.until),
  );
  const standings = noChanges();
  for (const { standing } of verdicts) standings[standing] += 1;
  const { sources, gaps } = trail;
  const told = {
    question: questionOf(flags),
    sources,
    gaps,
    range,
    now: judging.now,
    deploys: asked,
    standings,
  };
  const report: Report = {
    ...toReportFrame({ command: 'trace', ...told }),
    changes: toReportChanges(verdicts),
  };
  const unwritten = await failuresOf(() => writePage(report, flags, context));
  if (json) out.resultParts(reportJson(report));
  else out.resultText(renderTraceTable(report, context.redactor.redact));
  throwWorst([...trail.errors, ...unwritten], false, context);
}

async function writePage(
  report: Report,
  { html }: TraceFlags,
  { io, out, redactor }: CommandContext,
): Promise<void> {
  if (html === undefined) return;
  const { renderPage } = await import('../report/html-page.ts');
  await writeReportFile(resolve(io.cwd, html), renderPage(report, redactor.redact), html);
  out.note(`wrote ${quote(html)}`);
}

/** LookupEvents compares names as callers spelt them. */
function tellSpellings({ component }: TraceQuestion, flags: TraceFlags, { out }: CommandContext): void {
  if (component === undefined || !/^(?:lambda|layer):/.test(component) || !asksHistory(flags)) return;
  out.note(
    `note: event history is searched for that name alone; calls that named ${component} by its ARN are not found`,
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

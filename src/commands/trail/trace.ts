import { resolve } from 'node:path';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { componentKey } from '../../core/component/key.ts';
import { parseTraceQuestion, type TraceQuestion } from '../../core/correlate/question.ts';
import type { Report } from '../../core/findings/report.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import { parseTimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { writeReportFile } from '../../io/file/report-file.ts';
import { renderTraceTable } from '../../report/trace-table.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { answerTrail, NO_DEPLOYS } from './answer.ts';
import { judgingOf } from './judge.ts';
import { KeptRequests } from './requests.ts';
import { asksHistory, hasMarkers } from './sources.ts';
import type { TRACE_FLAGS } from './trace.flags.ts';

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
  const requests = flags.html === undefined ? undefined : new KeptRequests(range);
  const asked = { question, asked: questionOf(flags), range, judging, hasDeploys, requests };
  const { report, errors } = await answerTrail(
    flags,
    { command: 'trace', isQuick: flags.quick, ...asked },
    context,
  );
  const unwritten = await failuresOf(() => writePage(report, requests, flags, context));
  if (json) out.resultParts(reportJson(report));
  else out.resultText(renderTraceTable(report, context.redactor.redact));
  throwWorst([...errors, ...unwritten], false, context);
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
  requests: KeptRequests | undefined,
  { html }: TraceFlags,
  { io, out, redactor }: CommandContext,
): Promise<void> {
  if (html === undefined) return;
  const { renderPage } = await import('../../report/page/html-page.ts');
  await writeReportFile(resolve(io.cwd, html), renderPage(report, redactor.redact, requests), html);
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

import { resolve } from 'node:path';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { componentKey } from '../../core/component/key.ts';
import { isOfDeploy, parseTraceQuestion, type TraceQuestion } from '../../core/correlate/question.ts';
import type { Report } from '../../core/findings/report.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { requireReportFile, writeReportFile } from '../../io/file/report-file.ts';
import { traceLines } from '../../report/trace-table.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { withRegionsOf } from '../places/asked-regions.ts';
import { requireKnownKind } from '../places/known-kind.ts';
import { answerTrail } from './answer.ts';
import {
  type AskedComponent,
  readAskedComponent,
  type SeenThings,
  type SettledComponent,
  settleComponent,
  withLocalMarkers,
} from './asked-component.ts';
import { judgingOf } from './judge.ts';
import { readRange } from './range.ts';
import { KeptRequests } from './requests.ts';
import { asksHistory, hasMarkers } from './sources.ts';
import { tellLines } from './styled-result.ts';
import type { TRACE_FLAGS } from './trace.flags.ts';

type TraceFlags = OptionValues<typeof TRACE_FLAGS>;

/** Answers which deploy made a change, and which changes nobody's deploy explains. */
export async function run(
  { values, positionals, sources }: CommandInput<typeof TRACE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const asked = askedOf(values, positionals);
  const flags = withRegionsOf(withLocalMarkers(values, context, 'trace'), asked, context);
  const question = parseTraceQuestion({
    component: asked.isBare ? undefined : asked.text,
    gitSha: flags['git-sha'],
    uid: flags.uid,
    deployId: flags['deploy-id'],
    sessionName: flags['session-name'],
  });
  const hasDeploys = hasMarkers(flags, isOfDeploy(question));
  const judging = judgingOf(flags, context, question.component);
  if (!hasDeploys && question.component !== undefined) requireKnownKind(question.component, judging.services);
  const range = readRange(flags, context);
  checkQuick(question, flags);
  if (flags.html !== undefined) await requireReportFile(resolve(context.io.cwd, flags.html), flags.html);
  const requests = flags.html === undefined ? undefined : new KeptRequests(range);
  const { report, errors } = await answerTrail(
    flags,
    {
      command: 'trace',
      question,
      range,
      judging,
      hasDeploys,
      sources,
      isQuick: flags.quick,
      requests,
      text: asked.text,
      settle: (things, services) => settle(asked, things, { services, out }),
      asked: settled => questionOf(flags, asked, settled),
    },
    context,
  );
  const unwritten = await failuresOf(() => writePage(report, requests, flags, context));
  if (json) out.resultParts(reportJson(report));
  else await tellLines(traceLines(report, context.redactor.redact), context);
  throwWorst([...errors, ...unwritten], false, context);
}

/** Under `--quick` a name alone is a function's, for nothing else is looked up so. */
function askedOf({ component, quick }: TraceFlags, positionals: readonly string[]): AskedComponent {
  const asked = readAskedComponent(component, positionals);
  return quick && asked.isBare ? { ...asked, text: `lambda:${asked.text}`, isBare: false } : asked;
}

function settle(
  { text, ...asked }: AskedComponent,
  things: SeenThings,
  known: Parameters<typeof settleComponent>[2],
): SettledComponent | undefined {
  return text === undefined ? undefined : settleComponent({ text, ...asked }, things, known);
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

function questionOf(
  flags: TraceFlags,
  { text, place }: AskedComponent,
  settled: SettledComponent | undefined,
): Readonly<Record<string, string>> {
  const question: Record<string, string> = {};
  // An ARN stays as it was asked; of a name alone it is told what it was taken for.
  const stays = place !== undefined || flags.component?.includes(':') === true;
  const component = stays ? text : settled?.component;
  if (component !== undefined) question['component'] = component;
  for (const name of ['git-sha', 'uid', 'deploy-id', 'session-name'] as const) {
    const value = flags[name];
    if (value !== undefined) question[name] = value;
  }
  return question;
}

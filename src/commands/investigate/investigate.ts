import { resolve } from 'node:path';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { hasName } from '../../core/component/bare-name.ts';
import { isComponent } from '../../core/component/component.ts';
import { isUnknown, standsFor } from '../../core/component/spellings.ts';
import { parseTraceQuestion } from '../../core/correlate/question.ts';
import type { Report } from '../../core/findings/report.ts';
import { reportJson } from '../../core/findings/report-json.ts';
import type { Place } from '../../core/investigate/config-types.ts';
import type { Investigation } from '../../core/investigate/investigation.ts';
import { summarize } from '../../core/investigate/summary.ts';
import { parseDuration } from '../../core/time/duration.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { requireReportFile, writeReportFile } from '../../io/file/report-file.ts';
import type { Env } from '../../io/io.ts';
import { investigationLines } from '../../report/investigate-text.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { startDeadline } from '../delivery/deadline.ts';
import { throwWorst } from '../delivery/delivery.ts';
import { failuresOf } from '../failures.ts';
import { requireKnownKind } from '../places/known-kind.ts';
import { answerTrail, hasEmitPlace, type TrailAnswer } from '../trail/answer.ts';
import { settleComponent, withLocalMarkers } from '../trail/asked-component.ts';
import { type Judging, judgingOf } from '../trail/judge.ts';
import { KeptRequests } from '../trail/requests.ts';
import { hasMarkers } from '../trail/sources.ts';
import { tellLines } from '../trail/styled-result.ts';
import { unknownRegion } from '../unknown-region.ts';
import { type Evidence, gatherEvidence, noEvidence } from './evidence.ts';
import { sinkFlagsOf } from './explaining.ts';
import type { INVESTIGATE_FLAGS, InvestigateFlags } from './investigate.flags.ts';
import { MissingParts } from './parts.ts';
import { createPlaces, type Places } from './places.ts';
import { investigatedRange, parseSubject, type Subject, widenFlags } from './question.ts';

/** A subject of which it is known what its name stands for; a name that was not seen stays as it is. */
interface FoundSubject extends Subject {
  readonly component: string;
}

/** What is known before AWS Config and CloudFormation are asked. */
interface Asked {
  readonly flags: InvestigateFlags;
  readonly subject: FoundSubject;
  readonly range: TimeRange;
  readonly judging: Judging;
  readonly requests: KeptRequests;
}

/** Answers who changed a component, what exactly, and whether it was meant. */
export async function run(
  { values, positionals, sources }: CommandInput<typeof INVESTIGATE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const subject = parseSubject(positionals);
  const timeout = parseDuration(values.timeout, '--timeout');
  const flags = widenFlags(withLocalMarkers(values, context, 'investigate'), subject, context);
  const hasDeploys = hasMarkers(flags, false);
  const judging = judgingOf(flags, context, subject.component);
  if (!hasDeploys && subject.component !== undefined) requireKnownKind(subject.component, judging.services);
  const { range, at } = investigatedRange(flags, context);
  if (flags.html !== undefined) await requireReportFile(resolve(context.io.cwd, flags.html), flags.html);
  const requests = new KeptRequests(range, ({ component }) => isAsked(subject, component));
  const answer = await answerTrail(
    flags,
    {
      command: 'investigate',
      question: { ...parseTraceQuestion({ component: subject.component }), place: subject.place },
      text: subject.text,
      settle: (things, services) => settleComponent(subject, things, { services, out: context.out }),
      asked: settled =>
        questionOf(values, subject.place === undefined ? (settled?.component ?? subject.text) : subject.text),
      range,
      judging,
      hasDeploys,
      sources,
      isQuick: false,
      requests,
    },
    context,
  );
  const missing = new MissingParts(context);
  const component = answer.settled?.component ?? subject.text;
  const asked = { flags, subject: { ...subject, component }, range, judging, requests };
  const evidence = await askFurther(answer, asked, { missing, timeout, context });
  const report = toInvestigation(answer.report, evidence, {
    asked,
    missing,
    at,
    hasDeploys,
    sinkFlags: sinkFlagsOf(flags.markers, hasEmitPlace(sources), context.io.cwd),
  });
  const unwritten = await failuresOf(() => writePage(report, flags, context));
  if (context.json) context.out.resultParts(reportJson(report));
  else await tellLines(investigationLines(report, context.redactor.redact), context);
  throwWorst([...answer.errors, ...missing.errors, ...unwritten], false, context);
}

/** Whether a changed thing is, or may turn out to be, what is asked for. */
function isAsked({ component, text }: Subject, changed: string): boolean {
  return component === undefined ? hasName(text, changed) : standsFor(component, changed);
}

/** Asks AWS Config and CloudFormation under one deadline. @throws DeployMarkerError CANCELLED */
async function askFurther(
  { report, deploys }: TrailAnswer,
  { flags, subject, range, judging, requests }: Asked,
  {
    missing,
    timeout,
    context,
  }: { readonly missing: MissingParts; readonly timeout: number; readonly context: CommandContext },
): Promise<Evidence> {
  const { component } = subject;
  if (!isComponent(component) && !isUnknown(component)) return noEvidence(component, missing);
  const what = 'AWS Config and CloudFormation had answered';
  const deadline = startDeadline(timeout, context.io.signal, what);
  const places = createPlaces(flags, missing, { signal: deadline.signal, context });
  try {
    const labels = deploys.flatMap(({ deploy }) =>
      deploy.markers.map(marker => marker.labels?.['stack'] ?? ''),
    );
    return await gatherEvidence(report, {
      component,
      homes: await homesOf(report, { flags, subject }, { places, missing, env: context.io.env }),
      range,
      now: judging.now,
      regions: flags.region,
      labels: [...new Set(labels.filter(Boolean))].reverse(),
      looks: flags.drift,
      requests,
      places,
      missing,
      signal: deadline.signal,
      context,
    });
  } finally {
    context.io.signal.throwIfAborted();
    deadline.stop();
    places.close();
  }
}

/** Where a component may be that no change tells of: where an ARN, a deploy or the accounts that are asked say. */
async function homesOf(
  { changes, deploys }: Report,
  { flags, subject: { component, place } }: Pick<Asked, 'flags' | 'subject'>,
  { places, missing, env }: { readonly places: Places; readonly missing: MissingParts; readonly env: Env },
): Promise<Place[]> {
  if (changes.some(change => change.component === component || change.also?.includes(component))) return [];
  const { account, region } = place ?? {};
  if (account !== undefined && region !== undefined) return [{ account, region }];
  const deployed = deploys.flatMap(deploy =>
    deploy.account === undefined || deploy.region === undefined
      ? []
      : [{ account: deploy.account, region: deploy.region }],
  );
  if (deployed.length > 0) return deployed;
  const [first] = flags.region;
  if (first === undefined) {
    const unknown = await missing.attempt(component, async () => unknownRegion('', env));
    const message = 'it is not known in which Region AWS Config and CloudFormation are to be asked';
    if (unknown !== undefined) missing.lack(component, message, unknown.hint);
    return [];
  }
  const named = flags.account.filter(text => /^\d{12}=/.test(text)).map(text => text.slice(0, 12));
  const asksOwn = named.length === 0 || flags.account.length > named.length;
  const own = asksOwn ? await places.ownAccount(first) : undefined;
  const accounts = [...new Set([account ?? [], own ?? [], named].flat())];
  const regions = region === undefined ? flags.region : [region];
  return accounts.flatMap(each => regions.map(at => ({ account: each, region: at })));
}

function toInvestigation(
  report: Report,
  evidence: Evidence,
  {
    asked,
    missing,
    at,
    hasDeploys,
    sinkFlags,
  }: {
    readonly asked: Asked;
    readonly missing: MissingParts;
    readonly at: number | undefined;
    readonly hasDeploys: boolean;
    readonly sinkFlags: string;
  },
): Investigation {
  const gaps = [...report.gaps, ...missing.gaps];
  const { version, generated_at, from, until, question, sources, totals, deploys } = report;
  const { isKnown, ...found } = evidence;
  const told = {
    version,
    command: 'investigate' as const,
    generated_at,
    from,
    until,
    question,
    component: asked.subject.component,
    ...(report.not_seen === undefined || isKnown ? {} : { not_seen: report.not_seen }),
    complete: !gaps.some(({ incomplete }) => incomplete),
  };
  const rest = { gaps, sources, totals, deploys, ...found };
  const summary = summarize({
    ...told,
    ...rest,
    now: asked.judging.now,
    at,
    hasMarkers: hasDeploys,
    sinkFlags,
  });
  return { ...told, summary, ...rest };
}

function questionOf({ at, since }: InvestigateFlags, component: string): Readonly<Record<string, string>> {
  return {
    component,
    ...(at === undefined ? {} : { at }),
    ...(since === undefined ? {} : { since }),
  };
}

async function writePage(
  report: Investigation,
  { html }: OptionValues<Pick<typeof INVESTIGATE_FLAGS, 'html'>>,
  { io, out, redactor }: CommandContext,
): Promise<void> {
  if (html === undefined) return;
  const { renderPage } = await import('../../report/page/html-page.ts');
  await writeReportFile(resolve(io.cwd, html), renderPage(report, redactor.redact), html);
  out.note(`wrote ${quote(html)}`);
}

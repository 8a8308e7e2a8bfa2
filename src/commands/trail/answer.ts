import { findValue, type OptionSources } from '../../config/resolve.ts';
import { serviceOfComponent } from '../../core/component/spellings.ts';
import { correlate } from '../../core/correlate/correlate.ts';
import type { DeployStanding } from '../../core/correlate/ledger.ts';
import { MarkerBounds } from '../../core/correlate/marker-bounds.ts';
import {
  asksForChange,
  asksForDeploy,
  isOfDeploy,
  isOfNamesake,
  type TraceQuestion,
} from '../../core/correlate/question.ts';
import type { Verdict } from '../../core/correlate/verdict.ts';
import { whyNoDeploy } from '../../core/deploy/asked-for.ts';
import { type Deploy, isOpenWithin } from '../../core/deploy/deploy.ts';
import { type CoverageQuestion, isBlind } from '../../core/findings/coverage.ts';
import type { Report } from '../../core/findings/report.ts';
import { noChanges, toReportChanges, toReportFrame } from '../../core/findings/report-entry.ts';
import { isAll, type ServiceChoice } from '../../core/services/choice.ts';
import type { ReportGap } from '../../core/source/gap.ts';
import { ChangesElsewhere } from '../../core/source/place-choice.ts';
import { isWithin, NO_TIME, type TimeRange } from '../../core/time/range.ts';
import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { askedPlace } from '../places/asked-place.ts';
import type { SeenThings, SettledComponent } from './asked-component.ts';
import { coverageOf } from './coverage.ts';
import { type Judging, questionFor, watchLeftOut } from './judge.ts';
import { readTrail } from './read.ts';
import type { KeptRequests } from './requests.ts';
import type { TrailFlags } from './sources.ts';

/** Who asks on the first day has no markers yet; or they are where `emit` puts them here, and nobody named that. */
function noDeploys(sources: OptionSources): ReportGap {
  const [place, source] = emitPlace(sources) ?? [];
  const step =
    place === undefined
      ? '`emit` after each deploy records them, and --markers reads them'
      : `\`emit\` writes to ${place} here: read them with --markers ${source}`;
  const message = `no markers were read, so that no deploy and no commit is known; ${step}`;
  return { kind: 'not-seen', subject: '--markers', message, incomplete: false };
}

/** Where settings have `emit` write, and what that is called when it is read. */
function emitPlace(sources: OptionSources): readonly [place: string, source: string] | undefined {
  const group = settingOf(sources, 'log-group');
  if (group !== undefined) return [`the log group ${group}`, `logs:${group}`];
  const path = settingOf(sources, 'bucket') ?? settingOf(sources, 'file');
  return path === undefined ? undefined : [path, path];
}

function settingOf({ env, file }: OptionSources, flag: string): string | undefined {
  const { raw } = findValue(flag, { type: 'string' }, { flags: {}, env, file });
  return typeof raw === 'string' ? raw : undefined;
}

/** Whether settings say where `emit` writes, so that it needs no flag for that. */
export function hasEmitPlace(sources: OptionSources): boolean {
  return settingOf(sources, 'channel-arn') !== undefined || emitPlace(sources) !== undefined;
}

/** What is asked of markers and changes. */
export interface TrailAsked {
  readonly command: Exclude<Report['command'], 'audit'>;
  readonly question: TraceQuestion;
  /** The component as it was asked. */
  readonly text: string | undefined;
  /** Finds what a name stands for once everything is read, and whether anything of it was seen. */
  readonly settle?: (things: SeenThings, services: ServiceChoice) => SettledComponent | undefined;
  /** What was asked for, by flag. */
  readonly asked: (settled: SettledComponent | undefined) => Report['question'];
  readonly range: TimeRange;
  readonly judging: Judging;
  /** Whether markers are read at all. */
  readonly hasDeploys: boolean;
  /** Where flags were resolved from. */
  readonly sources: OptionSources;
  readonly isQuick: boolean;
  readonly requests?: KeptRequests | undefined;
}

/** What markers and changes answer. */
export interface TrailAnswer {
  readonly report: Report;
  /** What was asked for, as it was found in what was read; undefined where everything was. */
  readonly settled: SettledComponent | undefined;
  /** The deploys of the report, with all that their markers say. */
  readonly deploys: readonly DeployStanding[];
  /** Why the report is incomplete. */
  readonly errors: readonly DeployMarkerError[];
}

/** Reads all sources, and judges the changes that are asked for. @throws DeployMarkerError as `readTrail` does */
export async function answerTrail(
  flags: TrailFlags,
  asking: TrailAsked,
  context: CommandContext,
): Promise<TrailAnswer> {
  const { command, range, judging, hasDeploys, isQuick, requests } = asking;
  const { component } = asking.question;
  const wanted = { ...questionFor(range, judging), component, isQuick, requests };
  const trail = await readTrail(flags, wanted, context);
  const unknown = hasDeploys ? [] : [noDeploys(asking.sources)];
  // Where nothing was read, that is what has to be told.
  if (!isBlind(trail)) noteBesideJson(unknown, context);
  const settled = asking.settle?.(trail, wanted.services);
  const question = { ...asking.question, component: settled?.component ?? component };
  const verdicts: Verdict[] = [];
  const seen = { ...judging, seen: isBlind(trail) ? NO_TIME : wanted.changes, places: trail.places };
  const leftOut = watchLeftOut(seen, range, change => asksForChange(question, { change, deploys: [] }));
  const bounds = new MarkerBounds(judging.window, judging.now);
  const namesakes = new ChangesElsewhere({ accounts: [], regions: [] });
  const { deploys, conflicts } = correlate(trail, leftOut.options, verdict => {
    if (!isWithin(verdict.change.time, range)) return;
    if (asksForChange(question, verdict)) verdicts.push(verdict);
    else if (isOfNamesake(question, verdict.change)) namesakes.add(verdict.change);
  });
  const tied = new Set(verdicts.flatMap(verdict => verdict.deploys));
  const asked = deploys.filter(
    ({ deploy }) => tied.has(deploy) || (asksForDeploy(question, deploy) && isOpenWithin(deploy, range)),
  );
  const standings = noChanges();
  for (const { standing } of verdicts) standings[standing] += 1;
  addToBounds(bounds, { asked, verdicts, conflicts });
  const covered = {
    command: 'trace',
    range,
    now: judging.now,
    services: servicesAbout(question.component, wanted.services),
    deploys: asked,
    noDeploy: noDeployOf(question, { deploys, asked, range }),
    place: isBlind(trail)
      ? undefined
      : await askedPlace({ text: asking.text, place: asking.question.place }, trail, { flags, context }),
  } as const;
  const coverage = coverageOf(covered, trail, flags);
  const others = toNamesakeGaps(asking.text ?? '', namesakes);
  const gaps = [...trail.gaps, ...unknown, ...leftOut.gaps(), ...others, ...bounds.gaps()];
  const frame = { command, range, now: judging.now, question: asking.asked(settled), sources: trail.sources };
  const report = coverage.tell({
    ...toReportFrame({ ...frame, gaps, deploys: asked, standings }),
    ...(settled?.notSeen === undefined ? {} : { not_seen: settled.notSeen }),
    changes: toReportChanges(verdicts),
  });
  return { report, settled, deploys: asked, errors: [...trail.errors, ...coverage.errorsOf(report)] };
}

/** What markers may hide of an answer; of two that contradict each other, where they are of its own. */
function addToBounds(
  bounds: MarkerBounds,
  {
    asked,
    verdicts,
    conflicts,
  }: {
    readonly asked: readonly DeployStanding[];
    readonly verdicts: readonly Verdict[];
    readonly conflicts: ReturnType<typeof correlate>['conflicts'];
  },
): void {
  for (const verdict of verdicts) bounds.addVerdict(verdict);
  for (const standing of asked) bounds.addDeploy(standing);
  const uids = new Set(asked.flatMap(({ deploy }) => deploy.uids));
  for (const { attestation } of verdicts) if (attestation !== undefined) uids.add(attestation.uid);
  for (const conflict of conflicts) if (uids.has(conflict.uid)) bounds.addConflict(conflict);
}

/** Of whoever asks for a commit or an id, a zero would be taken for a deploy that did nothing. */
function noDeployOf(
  question: TraceQuestion,
  {
    deploys,
    asked,
    range,
  }: Readonly<Record<'deploys' | 'asked', readonly DeployStanding[]>> & { readonly range: TimeRange },
): CoverageQuestion['noDeploy'] {
  if (!isOfDeploy(question) || asked.length > 0) return undefined;
  const { gitSha, uid, deployId } = question;
  const given = { 'git-sha': gitSha, uid, 'deploy-id': deployId };
  const flags = Object.entries(given).filter(([, value]) => value !== undefined);
  const has = (deploy: Deploy): boolean => asksForDeploy({ gitSha, uid, deployId }, deploy);
  return {
    subject: flags.map(([flag, value]) => `--${flag} ${value}`).join(' '),
    ...whyNoDeploy(
      deploys.map(({ deploy }) => deploy),
      has,
      range,
    ),
  };
}

/** Text tells it in its place; who gives JSON to a program reads it on stderr. */
function noteBesideJson(gaps: readonly ReportGap[], { json, out }: CommandContext): void {
  for (const { message } of json ? gaps : []) out.note(`note: ${message}`);
}

/** The services that have to be seen for an answer: whoever asks for one thing misses nothing of the others. */
function servicesAbout(component: string | undefined, services: ServiceChoice): ServiceChoice {
  const own = component === undefined ? undefined : serviceOfComponent(component);
  return own !== undefined && (isAll(services) || services.includes(own)) ? [own] : services;
}

/** Changes of what is only called like the thing that an ARN names. */
function toNamesakeGaps(asked: string, namesakes: ChangesElsewhere): ReportGap[] {
  const leftOut = namesakes.told(
    'changes of the same name in another account or Region, which are of another thing',
  );
  return leftOut === undefined ? [] : [{ ...leftOut, subject: asked, incomplete: false }];
}

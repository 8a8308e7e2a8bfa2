import { quote } from '../../core/base/quote.ts';
import { DEFAULT_WAITING } from '../../core/correlate/correlate.ts';
import type { DeployStanding } from '../../core/correlate/ledger.ts';
import { seenUntil } from '../../core/findings/coverage.ts';
import { type FindingMemory, parseMemory, renderMemory } from '../../core/findings/memory.ts';
import type { JudgedFile, Report } from '../../core/findings/report.ts';
import type { StateStore } from '../../core/findings/state-store.ts';
import type { Sighting } from '../../core/source/sighting.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import { firstRegion } from '../trail/accounts.ts';
import type { AuditFlags } from './audit.flags.ts';
import { sha256Of } from './files.ts';
import { toTell } from './notice.ts';

/** Longer than all places together take to be told, with what they try again: Slack has 40 s, and SNS three attempts. Our own choice. */
export const CLAIM_MS = 5 * 60_000;

/** What `--state` names, and what it held. */
export interface AuditState {
  readonly memory: FindingMemory | undefined;
  /** What was read; undefined where there was none yet. */
  readonly file: JudgedFile | undefined;
  /** What it is kept for. */
  readonly question: FindingMemory['question'];
  /**
   * Replaces what it held.
   *
   * @throws DeployMarkerError STATE_CONFLICT where another run wrote meanwhile, or is telling people
   */
  write(memory: FindingMemory, signal?: AbortSignal): Promise<void>;
}

/**
 * Opens `--state`; undefined without it.
 *
 * @param question what is asked now, by flag
 * @throws DeployMarkerError CONFIG_INVALID if the state is of another question, or ahead of the clock
 */
export async function openAuditState(
  flags: AuditFlags,
  question: Readonly<Record<string, string>>,
  context: CommandContext,
): Promise<AuditState | undefined> {
  const { state } = flags;
  if (state === undefined) return undefined;
  const { io, out, redactor } = context;
  const { openStateStore } = await import('./state-store.ts');
  const region = state.startsWith('s3:') ? firstRegion(flags, context) : '';
  const learn = learnerOf(redactor);
  const reach = { region, cwd: io.cwd, env: io.env, warn: out.warn, learn };
  const store: StateStore = await openStateStore(state, reach);
  const text = await store.read(io.signal);
  const memory = text === undefined ? undefined : parseMemory(text, store.title);
  if (memory !== undefined) requireFit(memory, { question, now: io.now(), title: store.title });
  const run = crypto.randomUUID();
  return {
    memory,
    file: text === undefined ? undefined : { flag: 'state', path: state, sha256: sha256Of(text) },
    question,
    async write(next, signal = io.signal) {
      if (memory !== undefined) requireUnclaimed(memory, io.now(), store.title);
      await store.write(renderMemory(next, run), signal);
    },
  };
}

/** What was read may have been written by a run that has not ended yet; what that one writes at its end counts. */
function requireUnclaimed({ claimed }: FindingMemory, now: number, title: string): void {
  const left = claimed === undefined ? 0 : Date.parse(claimed) - now;
  // Nobody claims it for longer: a claim that ends later was made by a wrong clock, or to keep others from telling.
  if (left <= 0 || left > CLAIM_MS) return;
  throw new DeployMarkerError(
    'STATE_CONFLICT',
    `${title} was changed by an audit that tells people what it found`,
    {
      hint: `run the same command again when that one has ended, or after ${claimed}`,
    },
  );
}

/** What is judged once is not judged again: so it must have been judged by this question, and before now. */
function requireFit(
  { question: held, watermark }: FindingMemory,
  {
    question,
    now,
    title,
  }: { readonly question: Readonly<Record<string, string>>; readonly now: number; readonly title: string },
): void {
  if (Date.parse(watermark) > now) {
    throw new DeployMarkerError(
      'CONFIG_INVALID',
      `${title} says that time is judged until ${watermark}, which is later than this machine's clock, ${formatUtcTime(now)}`,
      {
        hint: 'set the clock right; if the file is wrong, remove it, and look back far enough with --since once',
      },
    );
  }
  if (held === undefined) return;
  const flags = [...new Set([...Object.keys(held), ...Object.keys(question)])].sort();
  const other = flags.find(flag => held[flag] !== question[flag]);
  if (other === undefined) return;
  const [was, is] = [held, question].map(each => (each[other] === undefined ? 'none' : quote(each[other])));
  throw new DeployMarkerError(
    'CONFIG_INVALID',
    `${title} is kept for another question: --${other} was ${was}, and is ${is}`,
    {
      hint: 'name another file with --state; a new one begins with the time that --since gives, 24h for last',
    },
  );
}

/** What a run came to. */
export interface AuditRun {
  readonly range: TimeRange;
  readonly deploys: readonly DeployStanding[];
  readonly state: Pick<AuditState, 'memory' | 'question'>;
  /** What was seen of the sources: nothing is judged for good beyond it. */
  readonly sightings: readonly Sighting[];
  /** Nothing is lacking but single records, which no later run will read either. */
  readonly isWhole: boolean;
}

/** What is remembered if nothing comes of a run: what was remembered before, or that nothing is judged yet. */
export function rememberNothing({ range, state }: Pick<AuditRun, 'range' | 'state'>): FindingMemory {
  const { memory, question } = state;
  const from = formatUtcTime(range.from);
  if (memory === undefined) {
    return { watermark: from, begun: from, question, findings: {}, noticed: {}, mentioned: {} };
  }
  return { ...memory, question, claimed: undefined };
}

/**
 * What is remembered after a run. The watermark stops before what CloudTrail may still deliver, before deploys that wait or run, and
 * at the newest record that was seen, so that all of that is judged again. An incomplete answer leaves it where it was, and counts no
 * finding as told for good: the next run has to fail for them; but people are not told a second time.
 */
export function rememberRun(report: Report, run: AuditRun): FindingMemory {
  const { generated_at: now, findings: found = [] } = report;
  const from = formatUtcTime(run.range.from);
  const { watermark: start, begun, question, ...before } = rememberNothing(run);
  const findings = { ...before.findings };
  const noticed = { ...before.noticed };
  const mentioned = { ...before.mentioned };
  // What lies between the last watermark and this run's range has not been judged.
  const goesOn = from <= start;
  const kept = { begun: goesOn && begun !== undefined && from < begun ? from : begun, question };
  if (!run.isWhole) {
    for (const { id } of toTell(report)) noticed[id] ??= now;
    return { watermark: start, ...kept, findings, noticed, mentioned };
  }
  for (const { id, fails } of found) {
    if (fails) findings[id] ??= noticed[id] ?? now;
    else mentioned[id] ??= now;
  }
  if (!goesOn) return { watermark: start, ...kept, findings, noticed, mentioned };
  const reached = reachOf(run, Date.parse(now));
  return { watermark: reached > start ? reached : start, ...kept, findings, noticed, mentioned };
}

/** How far time is judged for good. */
function reachOf({ range, deploys, sightings }: AuditRun, now: number): string {
  const open = deploys.filter(({ state, isYoung }) => state === 'running' || isYoung);
  const end = Math.min(range.until, now) - DEFAULT_WAITING;
  const seen = Math.min(end, seenUntil(sightings));
  const reached = open.reduce((first, { deploy }) => Math.min(first, deploy.opens), seen);
  return formatUtcTime(Math.max(reached, range.from));
}

import { nameSome } from '../base/name-some.ts';
import { describeActor } from '../change/actor-text.ts';
import type { ReportDeploy } from '../findings/report.ts';
import { wantsLook } from '../findings/report-entry.ts';
import type { DifferenceEntry } from './difference.ts';
import type { Drift, DriftDifference } from './drift.ts';
import type { InvestigatedChange, Investigation, SummaryLine } from './investigation.ts';
import { describeRequest } from './request.ts';
import { describeShown, type ShownValue } from './shown-value.ts';
import { describeSpan } from './span-words.ts';

/** What a summary is made of. */
export interface SummaryInput extends Omit<Investigation, 'summary'> {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The moment that somebody asks about (`--at`). */
  readonly at: number | undefined;
  /** Whether any markers were read; without them nothing tells a deploy from another change. */
  readonly hasMarkers: boolean;
  /** Flags of `emit` that reach the place of the markers, each behind a blank. */
  readonly sinkFlags: string;
}

/** As many differences are named in one line. */
const MOST_NAMED = 3;

/** The answer in three to six lines: who, what, when, was it a deploy, does it differ from its template, what next. */
export function summarize(input: SummaryInput): SummaryLine[] {
  const change = mainChange(input);
  const drift = { topic: 'drift', text: describeDrift(input) } as const;
  const next = { topic: 'next', text: describeNext(input, change) } as const;
  if (change === undefined) {
    const [what, more] =
      input.not_seen === undefined ? ['no change', ''] : ['nothing', ', neither a change nor a marker'];
    const nothing = `${what} of ${input.component} was found from ${input.from} to ${input.until}${more}`;
    const unread = input.complete ? '' : '; not all could be read, so that it may have changed all the same';
    return [{ topic: 'what', text: `${nothing}${unread}${describeStrays(input)}` }, drift, next];
  }
  return [
    { topic: 'who', text: describeWho(change, input) },
    { topic: 'what', text: `${describeWhat(change)}${describeStrays(input)}` },
    { topic: 'when', text: describeWhen(change, input) },
    { topic: 'deploy', text: describeDeploy(change, input) },
    drift,
    next,
  ];
}

/** What was in force at the moment that is asked about; else the latest that wants a look, else the latest. */
function mainChange({ changes, component, at }: SummaryInput): InvestigatedChange | undefined {
  const own = changes.filter(change => change.component === component || change.also?.includes(component));
  const candidates = own.length > 0 ? own : changes;
  if (at !== undefined) {
    const before = candidates.find(({ time }) => Date.parse(time) <= at);
    if (before !== undefined) return before;
  }
  return candidates.find(wantsLook) ?? candidates[0];
}

function describeWho({ actor, account, deploys: [id] }: InvestigatedChange, input: SummaryInput): string {
  const deploy = input.deploys.find(each => each.deploy_id === id);
  const who = describeActor(actor, account);
  if (deploy === undefined || actor.session === undefined || deploy.role_session_name !== actor.session)
    return who;
  const { triggered_by: starter, url } = deploy;
  const start = starter === undefined ? '' : ` that ${starter} started`;
  return `${who}, in a run of ${deploy.actor}${start}${url === undefined ? '' : ` (${url})`}`;
}

function describeWhat({ action, component, recorded, request }: InvestigatedChange): string {
  const { state, differences, note } = recorded;
  const what = `${action} of ${component}`;
  if (state === 'created' || state === 'deleted') return `${what}: it was ${state}`;
  if (differences.length > 0) {
    const shared = recorded.shared_with.length > 0 ? ' (with other changes)' : '';
    return `${what}: ${nameSome(differences.map(describeDifference), MOST_NAMED)}${shared}`;
  }
  const asked = request === null ? [] : describeRequest(request);
  const told = asked.length > 0 ? `: asked for ${nameSome(asked, MOST_NAMED)}` : '';
  return `${what}${told}${note === undefined ? '' : `; ${note}`}`;
}

/** `timeout 30 → 300`. */
export function describeDifference({ path, before, after }: DifferenceEntry): string {
  return `${path} ${describeStep(before, after)}`;
}

/** `Timeout 30 → 300`, what the template has first. */
export function describeDriftDifference({ path, expected, actual }: DriftDifference): string {
  return expected === undefined && actual === undefined ? path : `${path} ${describeStep(expected, actual)}`;
}

function describeStep(from: ShownValue | undefined, to: ShownValue | undefined): string {
  const before = from === undefined ? 'nothing' : describeShown(from);
  return `${before} → ${to === undefined ? 'nothing' : describeShown(to)}`;
}

function describeStrays({ strays }: SummaryInput): string {
  if (strays.length === 0) return '';
  const [one] = strays;
  return strays.length === 1
    ? `; Config recorded a difference at ${one?.after_at} that no change accounts for`
    : `; Config recorded ${strays.length} differences that no change accounts for`;
}

function describeWhen({ time, event_id }: InvestigatedChange, { changes, now }: SummaryInput): string {
  const others = changes.length - 1;
  const open = changes.filter(each => each.event_id !== event_id && wantsLook(each)).length;
  const more =
    others === 0
      ? ''
      : `; ${others} more change${others === 1 ? '' : 's'} in the time that is asked for, ${open} to look at`;
  return `${plain(time)}, ${describeSpan(now - Date.parse(time))} ago${more}`;
}

function plain(time: string): string {
  return `${time.replace('T', ' ').replace('Z', '')} UTC`;
}

function describeDeploy(change: InvestigatedChange, input: SummaryInput): string {
  const deploys = change.deploys.flatMap(id => input.deploys.filter(each => each.deploy_id === id));
  const commits = deploys.map(describeCommit).join(' or ');
  switch (change.standing) {
    case 'explained':
      // What only fell into a deploy's time may be of another run, such as a rollback that recorded nothing.
      return change.rule === 'window'
        ? `most likely, of commit ${commits}: a role that deploys made it in its window, but no session ties them`
        : `yes, of commit ${commits}`;
    case 'attested':
      return `no, but ${change.note ?? ''}`;
    case 'aws-service':
      return 'no: an AWS service made it by itself';
    case 'ambiguous':
      return `perhaps: it may belong to ${commits}`;
    case 'coincident':
      return `no: it fell into the deploy of ${commits}, but was made by somebody else`;
    case 'unexplained':
      if (!input.hasMarkers) return 'not known: no markers were read; name them with --markers';
      return `no deploy explains it${change.note === undefined ? '' : ` (${change.note})`}${describeLast(input)}`;
  }
}

/** What was deployed before. */
function describeLast({ deploys: [last] }: SummaryInput): string {
  return last === undefined ? '' : `; the last one that is known is of commit ${describeCommit(last)}`;
}

function describeCommit({ git_sha, status, env, kind }: ReportDeploy): string {
  const what = kind === 'deploy' ? '' : `${kind}, `;
  return `${git_sha.slice(0, 7)} (${env}, ${what}${status})`;
}

function describeDrift({ drift, now }: SummaryInput): string {
  if (drift.length === 0) return 'not known: no stack is known to own it';
  return drift.map(each => describeOneDrift(each, now)).join('; ');
}

function describeOneDrift({ stack, state, resources, checked_at, is_new }: Drift, now: number): string {
  const age = checked_at === undefined ? '' : `, looked at ${describeSpan(now - Date.parse(checked_at))} ago`;
  const differing = resources.flatMap(({ differences }) => differences).map(describeDriftDifference);
  switch (state) {
    case 'modified':
      return `differs from the template of stack ${stack}: ${differing.length > 0 ? nameSome(differing, MOST_NAMED) : 'see below'}${age}`;
    case 'deleted':
      return `is in the template of stack ${stack}, and was deleted${age}`;
    case 'in-sync':
      return `is as the template of stack ${stack} has it${age}`;
    case 'not-checked':
      return `not known: nobody has looked for drift of stack ${stack}; ask with --drift`;
    case 'unsupported':
      return `not known: CloudFormation cannot tell it of this type (stack ${stack})`;
    case 'unknown':
      return `not known: ${is_new ? 'the look' : 'the last look'} at stack ${stack} failed`;
  }
}

/** What to do: go back to what a pipeline deploys, or say why it is right. */
function describeNext(input: SummaryInput, change: InvestigatedChange | undefined): string {
  const { drift, complete, deploys } = input;
  const isDrifted = drift.some(({ state }) => state === 'modified' || state === 'deleted');
  const roll = describeRoll(deploys);
  if (change === undefined) {
    const [near] = input.not_seen?.near ?? [];
    if (near !== undefined) return `ask for ${near}, if that is meant`;
    if (isDrifted)
      return `ask for more time with --since: somebody changed it before; or roll forward: ${roll}`;
    return complete
      ? 'ask for more time with --since, or for another component'
      : 'see below what is missing, and ask again';
  }
  if (wantsLook(change)) {
    const explain = describeExplanation(change, input);
    return `roll forward: ${roll}; or explain it: ${explain}`;
  }
  if (isDrifted) return `roll forward: ${roll}`;
  if (change.recorded.state === 'waiting') return 'ask again in some minutes, when Config has recorded it';
  const done = describeDone(input, change);
  return drift.some(({ state }) => state === 'not-checked')
    ? `${done}; ask with --drift whether it still holds`
    : done;
}

/** A change that is accounted for says nothing of the others. */
function describeDone({ changes }: SummaryInput, { event_id }: InvestigatedChange): string {
  const open = changes.filter(each => each.event_id !== event_id && wantsLook(each));
  const nearest = open.at(-1);
  if (nearest === undefined) return 'nothing, as far as this goes: the change is accounted for';
  const { action, time } = nearest;
  const which = open.length === 1 ? 'one other is' : `${open.length} others are`;
  const from = `${action} at ${plain(time)}`;
  return `this change is accounted for, but ${which} to look at: ${open.length === 1 ? from : `from ${from} on`}`;
}

/** The command that explains the change, as it can be pasted anywhere: a laptop at night has no checkout that would tell the commit. */
function describeExplanation({ event_id, time }: InvestigatedChange, input: SummaryInput): string {
  const { deploys, component, sinkFlags } = input;
  const env = deploys[0]?.env ?? 'ENV';
  const done = deploys.filter(({ status }) => status === 'success');
  const live = done.find(({ deployed_at = '' }) => deployed_at <= time) ?? done[0];
  // Where no commit is known, that is how one says so.
  const commit = live?.git_sha ?? '0000000';
  return `npx deploy-marker emit --env ${env} --component ${component} --explains ${event_id} --reason TEXT --git-sha ${commit}${sinkFlags}`;
}

function describeRoll(deploys: readonly ReportDeploy[]): string {
  const last = deploys.find(({ status }) => status === 'success');
  if (last === undefined) return 'run the pipeline that deploys it again';
  const where = last.url === undefined ? '' : ` (${last.url})`;
  return `run the pipeline of ${last.git_sha.slice(0, 7)} again${where}`;
}

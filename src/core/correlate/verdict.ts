import { type Actor, type Change, isPerson, isServiceAct } from '../change/change.ts';
import type { Attestation, Deploy } from '../deploy/deploy.ts';
import { isAt, isInWindow } from '../deploy/index-by-time.ts';
import type { Marker } from '../marker/marker.ts';
import { tellApart } from './attribution.ts';
import type { Evidence } from './evidence.ts';
import { followedCalls } from './followed-calls.ts';
import { whyNotCounting } from './own-explanation.ts';
import { personBehind } from './person-behind.ts';
import { findByRule } from './rules.ts';
import type { Rule, Standing } from './standing.ts';

/** What became of a change. */
export interface Verdict {
  readonly change: Change;
  readonly standing: Standing;
  /** The rule that tied it to `deploys`. */
  readonly rule?: Rule;
  /** One deploy, several if nothing tells them apart or they are coincident, none if no rule applies. */
  readonly deploys: readonly Deploy[];
  /** Who explained it later. */
  readonly attestation?: Attestation;
  /** Who clicked in the console, where the actor is a session that came of it. */
  readonly person?: Actor;
  /** For people: what nearly tied it to a deploy. */
  readonly note?: string;
  /** The marker that would have explained it if markers might say all that they say; `note` says why it does not. */
  readonly bounded?: Marker;
}

const NONE: readonly Attestation[] = [];

/** Judges a change: the rules in their order, then a person's explanation, then what AWS did by itself, then the window alone. */
export function judge(change: Change, evidence: Evidence): Verdict {
  const attestations = attestationsOf(change, evidence);
  const attestation = attestations.find(each => whyNotCounting(each, change) === undefined);
  const told = byRules(change, evidence) ?? byService(change) ?? byWindow(change, evidence);
  if (told?.standing === 'explained') return attestation === undefined ? told : { ...told, attestation };
  if (attestation !== undefined) {
    return { change, standing: 'attested', rule: 'attestation', deploys: [], attestation };
  }
  const open = told ?? { change, standing: 'unexplained', deploys: [], ...byPerson(change, evidence) };
  const [refused] = attestations;
  return { ...open, ...(refused === undefined ? nearMiss(open, evidence) : ofRefused(refused, change)) };
}

/** Explanations may name the call by its id in the trail of either account. */
function attestationsOf({ id, twins }: Change, { attestations }: Evidence): readonly Attestation[] {
  if (attestations.size === 0) return NONE;
  if (twins === undefined) return attestations.get(id) ?? NONE;
  return [id, ...twins].flatMap(each => attestations.get(each) ?? NONE);
}

function ofRefused(refused: Attestation, change: Change): Pick<Verdict, 'note' | 'bounded'> {
  return { note: `explained by ${whyNotCounting(refused, change)}`, bounded: refused };
}

/** What a service does by itself, nobody asked it to. */
function byService(change: Change): Verdict | undefined {
  return isServiceAct(change.actor) ? { change, standing: 'aws-service', deploys: [] } : undefined;
}

/** Told where the actor alone does not show that a person clicked. */
function byPerson(change: Change, evidence: Evidence): Pick<Verdict, 'person' | 'note'> {
  if (isPerson(change.actor)) return {};
  const person = personBehind(change, evidence);
  return person === undefined ? {} : { person, note: `it came of a click in the console by ${person.name}` };
}

function byRules(change: Change, evidence: Evidence): Verdict | undefined {
  const found = findByRule(change, evidence, 'nearest');
  if (found === undefined) return undefined;
  const deploys = tellApart(found.deploys, change, evidence);
  const isNamed = deploys.some(deploy => evidence.index.closeness(deploy, change) > 0);
  const note = found.contested === undefined || isNamed ? {} : { note: found.contested };
  const standing = deploys.length === 1 && note.note === undefined ? 'explained' : 'ambiguous';
  return { change, standing, rule: found.rule, deploys, ...note };
}

/** The same component at the right time is not enough: only an actor that is expected to deploy explains a change. */
function byWindow(change: Change, evidence: Evidence): Verdict | undefined {
  const near = evidence.index.byComponent(change);
  if (near.length === 0) return undefined;
  const { kind } = change.actor;
  const person = byPerson(change, evidence);
  const isPipeline = (kind === 'session' || kind === 'service') && !followsPeople(change, evidence);
  const expected = near.filter(deploy => isPipeline && evidence.index.expects(deploy, change.actor));
  if (expected.length === 0) {
    return { change, standing: 'coincident', rule: 'window', deploys: near, ...person };
  }
  const deploys = tellApart(expected, change, evidence);
  return { change, standing: deploys.length === 1 ? 'explained' : 'ambiguous', rule: 'window', deploys };
}

/** Whether all that is known to have set the actor to work are people. */
function followsPeople(change: Change, evidence: Evidence): boolean {
  if (personBehind(change, evidence) !== undefined) return true;
  const calls = followedCalls(change, evidence);
  return calls.length > 0 && calls.every(call => isPerson(call.change.actor));
}

/** What nearly tied the change to the deploy whose session's name it has. */
function nearMiss(told: Verdict, { index }: Evidence): Pick<Verdict, 'note' | 'bounded'> {
  const { change, standing } = told;
  if (change.actor.fromConsole === true) return {};
  const isNear = (deploy: Deploy): boolean => isInWindow(deploy, change) && isAt(deploy, change);
  const { session } = change.actor;
  const deploy = index.namedAround(session, change.time).find(isNear) ?? index.firstNamed(session);
  if (deploy === undefined || told.note !== undefined) return {};
  const whose = `the session of the deploy of ${deploy.marker.git_sha.slice(0, 7)}`;
  const bound = isNear(deploy) ? boundOf(deploy, change) : undefined;
  if (bound !== undefined) return { note: `${whose}, ${bound.why}`, bounded: bound.marker };
  if (standing !== 'unexplained') return {};
  const roles = deploy.identities.flatMap(({ role }) => role ?? []);
  if (roles.length > 0 && !index.expects(deploy, change.actor)) {
    return { note: `${whose}, but not its role ${roles.join(', ')}` };
  }
  return {
    note: `${whose}, but ${isInWindow(deploy, change) ? 'in another account or Region' : 'outside its window'}`,
  };
}

/** Why a deploy's own session explains nothing here. */
function boundOf(deploy: Deploy, change: Change): { why: string; marker: Marker } | undefined {
  const { session } = change.actor;
  const nameless = deploy.markers.find(
    each => each.role_session_name === session && each.role_arn === undefined,
  );
  if (nameless !== undefined) {
    return { why: 'whose marker names no role: the name alone explains nothing', marker: nameless };
  }
  return deploy.openInTime.has(change.time)
    ? undefined
    : { why: 'whose marker was made so late that it explains only what it names', marker: deploy.marker };
}

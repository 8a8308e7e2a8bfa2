import { tellApart } from './attribution.ts';
import { type Actor, type Change, isPerson, isServiceAct } from './change.ts';
import { findByRule } from './correlation-rules.ts';
import type { Attestation, Deploy } from './deploy.ts';
import { isOpen } from './deploy-index.ts';
import type { Evidence } from './evidence.ts';
import { followedCalls } from './followed-calls.ts';
import { personBehind } from './person-behind.ts';
import type { Rule, Standing } from './report.ts';

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
}

/** Judges a change: the rules in their order, then a person's explanation, then what AWS did by itself, then the window alone. */
export function judge(change: Change, evidence: Evidence): Verdict {
  const attestation = attestationOf(change, evidence);
  const told = byRules(change, evidence) ?? byService(change) ?? byWindow(change, evidence);
  if (told?.standing === 'explained') return attestation === undefined ? told : { ...told, attestation };
  if (attestation !== undefined) {
    return { change, standing: 'attested', rule: 'attestation', deploys: [], attestation };
  }
  return (
    told ?? {
      change,
      standing: 'unexplained',
      deploys: [],
      ...nearMiss(change, evidence),
      ...byPerson(change, evidence),
    }
  );
}

/** An explanation may name the call by its id in the trail of either account. */
function attestationOf({ id, twins }: Change, { attestations }: Evidence): Attestation | undefined {
  return attestations.get(id) ?? twins?.map(each => attestations.get(each)).find(Boolean);
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
  const found = findByRule(change, evidence);
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

function nearMiss(change: Change, { index }: Evidence): { note?: string } {
  const { actor } = change;
  if (actor.fromConsole === true) return {};
  const [deploy] = index.named(actor.session);
  if (deploy === undefined) return {};
  const commit = deploy.marker.git_sha.slice(0, 7);
  const roles = deploy.identities.flatMap(({ role }) => role ?? []);
  if (roles.length > 0 && !index.expects(deploy, actor)) {
    return { note: `the session of the deploy of ${commit}, but not its role ${roles.join(', ')}` };
  }
  const where = isOpen(deploy, change) ? 'in another account or Region' : 'outside its window';
  return { note: `the session of the deploy of ${commit}, but ${where}` };
}

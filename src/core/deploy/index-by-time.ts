import { append } from '../base/append.ts';
import type { NameTest } from '../base/pattern.ts';
import type { Actor, Change } from '../change/change.ts';
import { isGlobal } from '../change/global.ts';
import { furtherNames, parentOf } from '../component/spellings.ts';
import { kindOf, SessionDeploys } from './alike.ts';
import { byStart, type Deploy, type DeployIdentity, type Target } from './deploy.ts';
import { DeployList } from './list.ts';

/** Where something happened. */
export type Placed = Pick<Change, 'account' | 'region' | 'service' | 'isGlobal'>;

/**
 * How many deploys are wanted: `all`, or those that `tellApart` leaves of them, which are the `nearest`, and maybe a few more. Of a session
 * under which thousands of things are deployed at once, these are found without going through all.
 */
export type Reach = 'all' | 'nearest';

/** Finds deploys by what a change tells. Every answer is in the order of the deploys' starts. */
export class DeployIndex {
  readonly #deploys = new DeployList();
  readonly #bySession = new Map<string, SessionDeploys>();
  readonly #byComponent = new Map<string, DeployList>();
  /** What each deploy names, by component. */
  readonly #targets = new Map<Deploy, ReadonlyMap<string, readonly Target[]>>();
  /** What belongs to a stack, as markers with a label `stack` say: by stack and component, and the stacks of a component. */
  readonly #members = new Map<string, Map<string, Target[]>>();
  readonly #stacks = new Map<string, Set<string>>();
  readonly #isDeployRole: NameTest;

  /**
   * @param deploys in the order of their starts
   * @param isDeployRole roles that deploys use, besides those that markers name
   */
  constructor(deploys: readonly Deploy[], isDeployRole: NameTest) {
    this.#isDeployRole = isDeployRole;
    const seen = new Set<string>();
    for (const deploy of deploys) {
      this.#deploys.add(deploy);
      const kind = kindOf(deploy);
      for (const session of new Set(deploy.identities.map(identity => identity.session))) {
        if (session === undefined) continue;
        const known = this.#bySession.get(session) ?? new SessionDeploys();
        this.#bySession.set(session, known);
        known.add(deploy, kind);
      }
      const targets = new Map<string, Target[]>();
      for (const target of deploy.targets) append(targets, target.component, target);
      this.#targets.set(deploy, targets);
      for (const component of targets.keys()) listOf(this.#byComponent, component).add(deploy);
      const stack = deploy.marker.labels?.['stack'];
      if (stack !== undefined)
        for (const target of deploy.targets) this.#addMember(`stack:${stack}`, target, seen);
    }
  }

  /** Deploys that were under way where and while the change happened. */
  open(change: Change): readonly Deploy[] {
    return this.#deploys
      .around(change.time)
      .filter(deploy => isInWindow(deploy, change) && isAt(deploy, change));
  }

  /** The first deploy that ran under this session, whenever and wherever. */
  firstNamed(session: string | undefined): Deploy | undefined {
    return session === undefined ? undefined : this.#bySession.get(session)?.all[0];
  }

  /** Those of this session that opened no later and close no earlier, wherever. */
  namedAround(session: string | undefined, time: number): readonly Deploy[] {
    return (session === undefined ? undefined : this.#bySession.get(session)?.around(time)) ?? [];
  }

  /**
   * Deploys that ran under the actor's session and role, where and while the change happened. A session without a role is none:
   * whoever calls a role chooses the session's name.
   */
  bySession(actor: Actor, change: Change, reach: Reach = 'all'): readonly Deploy[] {
    const fits = (identity: DeployIdentity): boolean =>
      identity.role !== undefined && hasRole(identity, actor);
    return this.#ofSession(actor, change, fits, reach);
  }

  /**
   * The same for a session of another account, of which CloudTrail tells no role: deploys whose role is in that account. It may be
   * another role's.
   */
  byForeignSession(actor: Actor, change: Change, reach: Reach = 'all'): readonly Deploy[] {
    if (actor.role !== undefined || actor.account === undefined) return [];
    return this.#ofSession(actor, change, identity => identity.account === actor.account, reach);
  }

  #ofSession(
    { session }: Actor,
    change: Change,
    fits: (identity: DeployIdentity) => boolean,
    reach: Reach,
  ): readonly Deploy[] {
    const deploys = session === undefined ? undefined : this.#bySession.get(session);
    if (deploys === undefined) return [];
    const mayBe = (deploy: Deploy): boolean =>
      deploy.identities.some(identity => identity.session === session && fits(identity)) &&
      isAt(deploy, change);
    const isOne = (deploy: Deploy): boolean => mayBe(deploy) && this.#mayExplain(deploy, change);
    if (reach === 'all') return deploys.around(change.time).filter(isOne);
    const named = this.byComponent(change).filter(isOne);
    return named.length > 0 ? named : deploys.firstOfRuns(change.time, mayBe);
  }

  /** Deploys of all that the call changed, where and while it happened. */
  byComponent(change: Change): readonly Deploy[] {
    const names = this.#namesFor(change.component);
    const found = names.flatMap(name => this.#byComponent.get(name)?.around(change.time) ?? []);
    const deploys = names.length === 1 ? found : [...new Set(found)].sort(byStart);
    return deploys.filter(deploy => isInWindow(deploy, change) && this.closeness(deploy, change) > 0);
  }

  /** 2 if the deploy names all that the call changed; 1 if it names what some of it lies in, or a stack of it; else 0. */
  closeness(deploy: Deploy, change: Change): 0 | 1 | 2 {
    let least = this.#closenessTo(change.component, deploy, change);
    for (const other of change.others ?? []) {
      const closeness = this.#closenessTo(other, deploy, change);
      if (closeness < least) least = closeness;
    }
    return least;
  }

  #closenessTo(component: string, deploy: Deploy, change: Change): 0 | 1 | 2 {
    const lies = (target: Target): boolean => agrees(target, change);
    const targets = this.#targets.get(deploy);
    // Most deploys name what they change.
    if (targets?.get(component)?.some(lies)) return 2;
    const parent = parentOf(component);
    let closeness: 0 | 1 = 0;
    for (const name of [component, ...furtherNames(component)]) {
      const isNamed = targets?.get(name)?.some(lies) ?? false;
      if (isNamed && name !== parent) return 2;
      const isMember = (stack: string): boolean =>
        (targets?.get(stack)?.some(lies) && this.#members.get(stack)?.get(name)?.some(lies)) ?? false;
      if (isNamed || [...(this.#stacks.get(name) ?? [])].some(isMember)) closeness = 1;
    }
    return closeness;
  }

  /** Whether the deploy names the component or a stack that it belongs to, wherever it lies. */
  names(deploy: Deploy, component: string): boolean {
    const targets = this.#targets.get(deploy);
    return this.#namesFor(component).some(name => targets?.has(name));
  }

  /** What deploys may call the component, and the stacks that it belongs to. */
  #namesFor(component: string): readonly string[] {
    const further = furtherNames(component);
    if (further.length === 0 && this.#stacks.size === 0) return [component];
    const names = [component, ...further];
    return names.concat(names.flatMap(name => [...(this.#stacks.get(name) ?? [])]));
  }

  /** Whether the actor's role is one that this deploy is expected to use. */
  expects({ identities }: Deploy, actor: Actor): boolean {
    const { role } = actor;
    if (role === undefined) return false;
    return identities.some(identity => hasRole(identity, actor)) || this.#isDeployRole(role);
  }

  /** What belongs to a stack; nothing for other components. */
  membersOf(component: string): readonly Target[] {
    return [...(this.#members.get(component)?.values() ?? [])].flat();
  }

  /** What was told of late explains only what it names. */
  #mayExplain(deploy: Deploy, change: Change): boolean {
    if (deploy.openInTime.has(change.time)) return true;
    return isInWindow(deploy, change) && this.closeness(deploy, change) > 0;
  }

  #addMember(stack: string, target: Target, seen: Set<string>): void {
    const key = JSON.stringify([stack, target.component, target.account, target.region]);
    if (seen.has(key)) return;
    seen.add(key);
    const members = this.#members.get(stack) ?? new Map<string, Target[]>();
    this.#members.set(stack, members);
    append(members, target.component, target);
    this.#stacks.set(target.component, (this.#stacks.get(target.component) ?? new Set()).add(stack));
  }
}

function listOf(lists: Map<string, DeployList>, key: string): DeployList {
  const list = lists.get(key) ?? new DeployList();
  lists.set(key, list);
  return list;
}

/** Whether the actor has the role that the identity names; accounts have to agree where both are known. */
function hasRole({ role, account }: DeployIdentity, actor: Actor): boolean {
  return (
    role === actor.role && (account === undefined || actor.account === undefined || account === actor.account)
  );
}

/** Whether the change falls into the deploy's window, its ends included. */
export function isInWindow({ open }: Deploy, { time }: Pick<Change, 'time'>): boolean {
  return open.has(time);
}

/** Whether the deploy was under way when the change happened, by what its markers tell. */
export function isUnderWay({ underWay }: Deploy, { time }: Pick<Change, 'time'>): boolean {
  return underWay.has(time);
}

/** Whether the deploy may have happened where the change did. */
export function isAt({ targets }: Deploy, place: Placed): boolean {
  return targets.some(target => agrees(target, place));
}

/** Whether the target may lie there: what its marker does not tell may be anything, and what is global has no Region. */
export function agrees({ account, region }: Target, place: Placed): boolean {
  return (
    (account === undefined || account === place.account) &&
    (region === undefined || region === place.region || isGlobal(place))
  );
}

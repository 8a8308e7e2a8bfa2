import { append } from './append.ts';
import type { Actor, Change } from './change.ts';
import { furtherNames, parentOf, standsFor } from './component-spellings.ts';
import type { Deploy, DeployIdentity, Target } from './deploy.ts';
import type { NameTest } from './name-pattern.ts';

/** Where something happened. */
export type Placed = Pick<Change, 'account' | 'region'>;

/** Finds deploys by what a change tells. Every answer is in the order of the deploys' starts. */
export class DeployIndex {
  readonly #deploys: readonly Deploy[];
  readonly #bySession = new Map<string, Deploy[]>();
  readonly #byComponent = new Map<string, Deploy[]>();
  /** What belongs to a stack, as markers with a label `stack` say. */
  readonly #members = new Map<string, Map<string, Target>>();
  readonly #isDeployRole: NameTest;

  /** @param isDeployRole roles that deploys use, besides those that markers name */
  constructor(deploys: readonly Deploy[], isDeployRole: NameTest) {
    this.#deploys = deploys;
    this.#isDeployRole = isDeployRole;
    for (const { targets, marker } of deploys) {
      const stack = marker.labels?.['stack'];
      if (stack !== undefined) for (const target of targets) this.#addMember(`stack:${stack}`, target);
    }
    for (const deploy of deploys) {
      for (const session of new Set(deploy.identities.map(identity => identity.session))) {
        if (session !== undefined) append(this.#bySession, session, deploy);
      }
      const names = deploy.targets.flatMap(target => [target, ...this.membersOf(target.component)]);
      for (const name of new Set(names.map(({ component }) => component)))
        append(this.#byComponent, name, deploy);
    }
  }

  /** Deploys that were under way where and while the change happened. */
  open(change: Change): readonly Deploy[] {
    return this.#deploys.filter(deploy => isOpen(deploy, change) && isAt(deploy, change));
  }

  /** Deploys that ran under this session, whenever and wherever. */
  named(session: string | undefined): readonly Deploy[] {
    return (session === undefined ? undefined : this.#bySession.get(session)) ?? [];
  }

  /** Deploys that ran under the actor's session and role, where and while the change happened. */
  bySession(actor: Actor, change: Change): readonly Deploy[] {
    return this.named(actor.session).filter(
      deploy =>
        deploy.identities.some(
          identity =>
            identity.session === actor.session && (identity.role === undefined || hasRole(identity, actor)),
        ) &&
        isOpen(deploy, change) &&
        isAt(deploy, change),
    );
  }

  /** Deploys of all that the call changed, where and while it happened. */
  byComponent(change: Change): readonly Deploy[] {
    const deploys = this.#naming(change.component);
    return deploys.filter(deploy => isOpen(deploy, change) && this.closeness(deploy, change) > 0);
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

  #naming(component: string): readonly Deploy[] {
    const further = furtherNames(component);
    if (further.length === 0) return this.#byComponent.get(component) ?? [];
    const found = new Set([component, ...further].flatMap(name => this.#byComponent.get(name) ?? []));
    return this.#deploys.filter(deploy => found.has(deploy));
  }

  #closenessTo(component: string, deploy: Deploy, change: Change): 0 | 1 | 2 {
    const names = (target: Target): boolean =>
      standsFor(target.component, component) && agrees(target, change);
    const parent = parentOf(component);
    if (deploy.targets.some(target => names(target) && target.component !== parent)) return 2;
    const covers = (target: Target): boolean =>
      names(target) || (agrees(target, change) && this.membersOf(target.component).some(names));
    return deploy.targets.some(covers) ? 1 : 0;
  }

  /** Whether the actor's role is one that this deploy is expected to use. */
  expects({ identities }: Deploy, actor: Actor): boolean {
    const { role } = actor;
    if (role === undefined) return false;
    return identities.some(identity => hasRole(identity, actor)) || this.#isDeployRole(role);
  }

  /** What belongs to a stack; nothing for other components. */
  membersOf(component: string): readonly Target[] {
    return [...(this.#members.get(component)?.values() ?? [])];
  }

  #addMember(stack: string, target: Target): void {
    const members = this.#members.get(stack) ?? new Map<string, Target>();
    this.#members.set(stack, members.set(`${target.component} ${target.account} ${target.region}`, target));
  }
}

/** Whether the actor has the role that the identity names; accounts have to agree where both are known. */
function hasRole({ role, account }: DeployIdentity, actor: Actor): boolean {
  return (
    role === actor.role && (account === undefined || actor.account === undefined || account === actor.account)
  );
}

/** Whether the change falls into the deploy's window, its ends included. */
export function isOpen({ spans }: Deploy, { time }: Pick<Change, 'time'>): boolean {
  return spans.some(({ opens, closes }) => opens <= time && time <= closes);
}

/** Whether the deploy was under way when the change happened, by what its markers tell. */
export function isUnderWay({ spans }: Deploy, { time }: Pick<Change, 'time'>): boolean {
  return spans.some(
    ({ opens, closes, startedAt, endedAt }) => (startedAt ?? opens) <= time && time <= (endedAt ?? closes),
  );
}

/** Whether the deploy may have happened where the change did. */
function isAt({ targets }: Deploy, place: Placed): boolean {
  return targets.some(target => agrees(target, place));
}

/** Whether the target may lie there: what its marker does not tell may be anything. */
export function agrees({ account, region }: Target, place: Placed): boolean {
  return (
    (account === undefined || account === place.account) && (region === undefined || region === place.region)
  );
}

import { type Change, isPerson } from './change.ts';

/**
 * Whether both are one call in the trails of two accounts. Services share such ids where a call concerns several accounts.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (sharedEventID)
 */
export function areTwins(a: Change, b: Change): boolean {
  return (
    a.sharedId !== undefined &&
    a.sharedId === b.sharedId &&
    a.account !== b.account &&
    a.time === b.time &&
    a.service === b.service &&
    a.action === b.action
  );
}

/**
 * Twins as one change: where the changed thing is, which is not where its caller is, and by whom as the trail tells that knows
 * most of the caller. Which of the two was read first makes no difference.
 */
export function mergeTwins(a: Change, b: Change): Change {
  const [owner, other] = firstOf(a, b, placeWealth);
  const [teller] = firstOf(a, b, actorWealth);
  const ids = new Set([a.id, b.id, ...(a.twins ?? []), ...(b.twins ?? [])]);
  ids.delete(owner.id);
  const isNamed = !owner.component.endsWith(':?');
  return {
    ...owner,
    component: isNamed ? owner.component : other.component,
    stack: owner.stack ?? other.stack,
    version: owner.version ?? other.version,
    actor: teller.actor,
    twins: [...ids].sort(),
  };
}

function firstOf(a: Change, b: Change, wealthOf: (change: Change) => number): readonly [Change, Change] {
  const more = wealthOf(a) - wealthOf(b);
  return more > 0 || (more === 0 && a.id < b.id) ? [a, b] : [b, a];
}

function placeWealth({ account, actor, component }: Change): number {
  return (account === actor.account ? 0 : 2) + (component.endsWith(':?') ? 0 : 1);
}

function actorWealth({ account, actor }: Change): number {
  const { role, accessKeyId, fromConsole } = actor;
  return (
    (fromConsole === true ? 16 : 0) +
    (isPerson(actor) ? 8 : 0) +
    (role === undefined ? 0 : 4) +
    (account === actor.account ? 2 : 0) +
    (accessKeyId === undefined ? 0 : 1)
  );
}

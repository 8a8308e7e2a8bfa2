import type { Actor, Change } from '../change/change.ts';
import type { Deploy } from '../deploy/deploy.ts';
import { isInWindow, type Reach } from '../deploy/index-by-time.ts';
import type { Evidence } from './evidence.ts';
import { followedCalls, mayFollow } from './followed-calls.ts';
import { personBehind } from './person-behind.ts';
import type { Rule } from './standing.ts';

/** What a rule found. */
export interface Candidates {
  /** Deploys that may have made the change; none if the rule does not apply. */
  readonly deploys: readonly Deploy[];
  /** Why somebody who is no deploy may have made it too. */
  readonly contested?: string;
}

/** A way in which a deploy can account for a change. */
export interface CorrelationRule {
  readonly name: Rule;
  /** In one line, for the table of rules. */
  readonly says: string;
  /** @param reach whether deploys may be left out that others are nearer than; default all are wanted */
  find(change: Change, evidence: Evidence, reach: Reach): Candidates;
}

const NOBODY: Candidates = { deploys: [] };

/** Rules in the order in which they are tried; the first that gives a deploy counts. */
export const CORRELATION_RULES: readonly CorrelationRule[] = [
  {
    name: 'session',
    says: "its session name, role and account are the deploy's, inside the window",
    find: (change, evidence, reach) =>
      change.actor.kind === 'session' ? ofSession(change, evidence, reach) : NOBODY,
  },
  {
    name: 'chain',
    says: "its key was issued to the deploy's session by AssumeRole, over any number of hops, inside the window",
    find: ofCallers,
  },
  {
    name: 'stack',
    says: 'CloudFormation made it, in the session or by the service role of a call that the deploy had made on a stack, until the window ends',
    find: (change, evidence, reach) =>
      change.stack !== undefined && change.actor.kind === 'session'
        ? ofBridge(change, evidence)
        : ofStackCalls(change, evidence, reach),
  },
  {
    name: 'rollback',
    says: 'CloudFormation took back what a failed deploy had changed, however late',
    find: ofFailure,
  },
  {
    name: 'version',
    says: 'CodeDeploy shifted an alias to the version that the deploy published, however late',
    find: (change, { versions }) => {
      const published = change.actor.via === 'codedeploy' ? versions.get(versionKey(change)) : undefined;
      return published === undefined ? NOBODY : { deploys: [published] };
    },
  },
];

/**
 * What the first rule found that gives a deploy; undefined if none does, and for what a person did in the console.
 *
 * @param reach `nearest` where only those count that nothing tells apart
 */
export function findByRule(
  change: Change,
  evidence: Evidence,
  reach: Reach,
): (Candidates & { readonly rule: Rule }) | undefined {
  if (personBehind(change, evidence) !== undefined) return undefined;
  for (const { name, find } of CORRELATION_RULES) {
    const found = find(change, evidence, reach);
    if (found.deploys.length > 0) return { rule: name, ...found };
  }
  return undefined;
}

/** Names a version of a function; the same for the call that publishes it and the alias that points to it. */
export function versionKey({ account, region, component, version }: Change): string {
  return `${account} ${region} ${component} ${version}`;
}

/** What CloudFormation does in a caller's session follows from a call on a stack, which may be a person's in a session of that name. */
function ofSession(change: Change, evidence: Evidence, reach: Reach): Candidates {
  const found = bySession(change.actor, change, evidence, reach);
  if (found.deploys.length === 0 || !evidence.calls.hasConsole) return found;
  const isClicked = followedCalls(change, evidence).some(call => call.change.actor.fromConsole === true);
  return isClicked ? { ...found, contested: 'a call on a stack in the console may have made it too' } : found;
}

function bySession(actor: Actor, change: Change, { index }: Evidence, reach: Reach): Candidates {
  const deploys = index.bySession(actor, change, reach);
  if (deploys.length > 0 || actor.role !== undefined) return { deploys };
  const contested = 'CloudTrail does not tell the role of the session';
  return { deploys: index.byForeignSession(actor, change, reach), contested };
}

function ofCallers(change: Change, evidence: Evidence, reach: Reach): Candidates {
  for (const caller of evidence.chains.callersOf(change.actor)) {
    const found = bySession(caller, change, evidence, reach);
    if (found.deploys.length > 0) return found;
  }
  return NOBODY;
}

/**
 * A call to CloudFormation by a role that pipelines are known to take on the way, as those of CDK's bootstrap are. Only where
 * no record tells who took it: people take the same roles.
 */
function ofBridge(change: Change, { index, chains, isBridgeRole }: Evidence): Candidates {
  const isTold = !chains.callersOf(change.actor).next().done;
  return !isTold && isBridgeRole(change.actor.role ?? '') ? { deploys: index.open(change) } : NOBODY;
}

function ofStackCalls(change: Change, evidence: Evidence, reach: Reach): Candidates {
  const fitting = followedCalls(change, evidence);
  // Calls of one session share their list.
  const lists = [...new Set(fitting.map(call => call.deploys))];
  const named =
    reach === 'all'
      ? []
      : evidence.index.byComponent(change).filter(deploy => lists.some(list => list.has(deploy)));
  const deploys =
    named.length === 1
      ? named
      : [...new Set(lists.flatMap(list => [...list].filter(deploy => isInWindow(deploy, change))))];
  const isContested = fitting.some(call => call.deploys.size === 0);
  return isContested
    ? { deploys, contested: 'a stack call of nobody’s deploy may have made it too' }
    : { deploys };
}

function ofFailure(change: Change, evidence: Evidence): Candidates {
  if (change.actor.via !== 'cloudformation') return NOBODY;
  const { calls, failures } = evidence;
  const failed = [...(failures.get(failureKey(change)) ?? [])];
  const deploys = failed.filter(deploy =>
    calls.lastOperationsOf(deploy, change).some(call => mayFollow(change, call, evidence)),
  );
  return { deploys };
}

/** Names what CloudFormation changed and may take back. */
export function failureKey({ account, region, component }: Change): string {
  return `${account} ${region} ${component}`;
}

import type { Change } from './change.ts';
import { CLOUDFORMATION_SESSION } from './cloudtrail-actor.ts';
import type { Deploy } from './deploy.ts';
import { isOpen } from './deploy-index.ts';
import type { Evidence } from './evidence.ts';
import type { Rule } from './report.ts';
import type { StackCallRecord } from './stack-calls.ts';

/** What a rule found. */
export interface Candidates {
  /** Deploys that may have made the change; none if the rule does not apply. */
  readonly deploys: readonly Deploy[];
  /** Somebody who is no deploy may have made it too. */
  readonly isContested?: boolean;
}

/** A way in which a deploy can account for a change. */
export interface CorrelationRule {
  readonly name: Rule;
  /** In one line, for the table of rules. */
  readonly says: string;
  find(change: Change, evidence: Evidence): Candidates;
}

const NOBODY: Candidates = { deploys: [] };

/** Rules in the order in which they are tried; the first that gives a deploy counts. */
export const CORRELATION_RULES: readonly CorrelationRule[] = [
  {
    name: 'session',
    says: "its session name, role and account are the deploy's, inside the window",
    find: (change, { index }) => ({
      deploys: change.actor.kind === 'session' ? index.bySession(change.actor, change) : [],
    }),
  },
  {
    name: 'chain',
    says: "its key was issued to the deploy's session by AssumeRole, over any number of hops, inside the window",
    find: ofCallers,
  },
  {
    name: 'stack',
    says: 'CloudFormation made it, in the session or by the service role of a call that the deploy had made on a stack, until the window ends',
    find: (change, evidence) =>
      change.stack !== undefined && change.actor.kind === 'session'
        ? ofBridge(change, evidence)
        : ofStackCalls(change, evidence),
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

/** What the first rule found that gives a deploy; undefined if none does. */
export function findByRule(
  change: Change,
  evidence: Evidence,
): (Candidates & { readonly rule: Rule }) | undefined {
  for (const { name, find } of CORRELATION_RULES) {
    const found = find(change, evidence);
    if (found.deploys.length > 0) return { rule: name, ...found };
  }
  return undefined;
}

/** Names a version of a function; the same for the call that publishes it and the alias that points to it. */
export function versionKey({ account, region, component, version }: Change): string {
  return `${account} ${region} ${component} ${version}`;
}

/** Whether CloudFormation made the call with a service role, and not with its caller's session. */
export function isServiceRoleCall({ actor }: Change): boolean {
  return actor.via === 'cloudformation' && actor.session === CLOUDFORMATION_SESSION;
}

function ofCallers(change: Change, { chains, index }: Evidence): Candidates {
  for (const caller of chains.callersOf(change.actor)) {
    const deploys = index.bySession(caller, change);
    if (deploys.length > 0) return { deploys };
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

function ofStackCalls(change: Change, evidence: Evidence): Candidates {
  if (change.actor.via !== 'cloudformation') return NOBODY;
  const fitting = evidence.calls.before(change).filter(call => mayFollow(change, call, evidence));
  const deploys = fitting.flatMap(call => call.deploys.filter(deploy => isOpen(deploy, change)));
  return { deploys: [...new Set(deploys)], isContested: fitting.some(call => call.deploys.length === 0) };
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

/** Whether CloudFormation acts for the call: by the stack's service role, or in the caller's session with keys of its own. */
function mayFollow(change: Change, call: StackCallRecord, { calls, isServiceRole }: Evidence): boolean {
  const { actor } = change;
  if (isServiceRoleCall(change)) return calls.uses(call, actor) || isServiceRole(actor.role ?? '');
  const caller = call.change.actor;
  return (
    actor.session !== undefined &&
    actor.session === caller.session &&
    actor.role === caller.role &&
    actor.account === caller.account
  );
}

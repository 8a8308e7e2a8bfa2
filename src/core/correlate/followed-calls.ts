import { CLOUDFORMATION_SESSION } from '../change/actor.ts';
import type { Change } from '../change/change.ts';
import type { Evidence } from './evidence.ts';
import type { StackCallRecord } from './stack-calls.ts';

/** The calls on stacks from which a change by CloudFormation may follow. */
export function followedCalls(change: Change, evidence: Evidence): readonly StackCallRecord[] {
  if (change.actor.via !== 'cloudformation') return [];
  return evidence.calls.before(change).filter(call => mayFollow(change, call, evidence));
}

/** Whether CloudFormation made the call with a service role, and not with its caller's session. */
export function isServiceRoleCall({ actor }: Change): boolean {
  return actor.via === 'cloudformation' && actor.session === CLOUDFORMATION_SESSION;
}

/** Whether CloudFormation acts for the call: by the stack's service role, or in the caller's session with keys of its own. */
export function mayFollow(
  change: Change,
  call: StackCallRecord,
  { calls, isServiceRole }: Pick<Evidence, 'calls' | 'isServiceRole'>,
): boolean {
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

import type { Actor, Change } from '../change/change.ts';
import type { Evidence } from './evidence.ts';
import { followedCalls } from './followed-calls.ts';

/**
 * The person in the console who made a change, whatever the role and the session are called: by a click, by a role that was taken
 * there, or by a click on a stack, whose resources CloudFormation changes in the person's session. Undefined if nothing tells of one.
 */
export function personBehind(change: Change, evidence: Evidence): Actor | undefined {
  const { actor } = change;
  if (actor.fromConsole === true) return actor;
  const caller = evidence.chains.consoleCallerOf(actor);
  if (caller !== undefined || actor.kind !== 'session' || !evidence.calls.hasConsole) return caller;
  const calls = followedCalls(change, evidence);
  const isConsole = calls.length > 0 && calls.every(call => call.change.actor.fromConsole === true);
  return isConsole ? calls[0]?.change.actor : undefined;
}

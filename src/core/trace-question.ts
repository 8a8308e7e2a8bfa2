import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { isComponent } from './component.ts';
import { componentKey } from './component-key.ts';
import type { Deploy } from './deploy.ts';
import { quote } from './quote.ts';
import type { Verdict } from './verdict.ts';

/** What is asked for; all that is given must hold. Nothing given means everything. */
export interface TraceQuestion {
  /** In the spelling that changes have. */
  readonly component?: string | undefined;
  /** Lowercase, whole or its beginning. */
  readonly gitSha?: string | undefined;
  readonly uid?: string | undefined;
  readonly deployId?: string | undefined;
  readonly sessionName?: string | undefined;
}

/** Reads a question as people ask it. @throws DeployMarkerError USAGE */
export function parseTraceQuestion(asked: TraceQuestion): TraceQuestion {
  const { component, gitSha } = asked;
  if (component !== undefined && !isComponent(component)) {
    throw new DeployMarkerError('USAGE', `--component must be kind:name or an ARN, got ${quote(component)}`, {
      hint: 'pass for example --component lambda:resize-image',
    });
  }
  if (gitSha !== undefined && !/^[0-9a-f]{7,64}$/i.test(gitSha)) {
    throw new DeployMarkerError(
      'USAGE',
      `--git-sha must be 7 to 64 hexadecimal characters, got ${quote(gitSha)}`,
      {
        hint: 'pass the commit, or its first 7 characters',
      },
    );
  }
  return {
    ...asked,
    component: component === undefined ? undefined : componentKey(component),
    gitSha: gitSha?.toLowerCase(),
  };
}

/** Whether the question is about the deploy. */
export function asksForDeploy(question: TraceQuestion, deploy: Deploy): boolean {
  const { component, gitSha, uid, deployId, sessionName } = question;
  return (
    (component === undefined || deploy.targets.some(target => target.component === component)) &&
    (gitSha === undefined || isSameCommit(gitSha, deploy.marker.git_sha)) &&
    (uid === undefined || deploy.uids.includes(uid)) &&
    (deployId === undefined || deploy.id === deployId) &&
    (sessionName === undefined || deploy.identities.some(({ session }) => session === sessionName))
  );
}

/** Either may be the beginning of the other: markers hold short commits too. */
function isSameCommit(asked: string, told: string): boolean {
  return told.startsWith(asked) || asked.startsWith(told);
}

/**
 * Whether the question is about the change: about what it changed or who changed it, or about a deploy that it is tied to.
 */
export function asksForChange(
  question: TraceQuestion,
  { change, deploys }: Pick<Verdict, 'change' | 'deploys'>,
): boolean {
  const { component, gitSha, uid, deployId, sessionName } = question;
  const asksForDeploys = gitSha !== undefined || uid !== undefined || deployId !== undefined;
  const isTied = deploys.some(deploy => asksForDeploy({ ...question, component: undefined }, deploy));
  return (
    (component === undefined ||
      change.component === component ||
      deploys.some(deploy => asksForDeploy(question, deploy))) &&
    (asksForDeploys ? isTied : sessionName === undefined || change.actor.session === sessionName || isTied)
  );
}

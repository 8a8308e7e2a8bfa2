import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';
import type { Change } from '../change/change.ts';
import { placeOfChange } from '../change/global.ts';
import { isInPlace, placeAsked } from '../component/asked-place.ts';
import { type ComponentPlace, isComponent, quoteNoComponent } from '../component/component.ts';
import { readConsoleAddress } from '../component/console-address.ts';
import { componentKey } from '../component/key.ts';
import { isUnknown, serviceOfComponent, standsFor } from '../component/spellings.ts';
import type { Deploy } from '../deploy/deploy.ts';
import type { Verdict } from './verdict.ts';

/** What is asked for; all that is given must hold. Nothing given means everything. */
export interface TraceQuestion {
  /** In the spelling that changes have. */
  readonly component?: string | undefined;
  /** Where the component is, as its ARN says. */
  readonly place?: ComponentPlace | undefined;
  /** Lowercase, whole or its beginning. */
  readonly gitSha?: string | undefined;
  readonly uid?: string | undefined;
  readonly deployId?: string | undefined;
  readonly sessionName?: string | undefined;
}

/** Reads a question as people ask it. @throws DeployMarkerError USAGE */
export function parseTraceQuestion(asked: TraceQuestion): TraceQuestion {
  const { component, gitSha } = asked;
  // `ecs:?` is what a report calls a thing that no call named.
  if (component !== undefined && !isComponent(component) && !isUnknown(component)) {
    const found = quoteNoComponent(component);
    throw new DeployMarkerError('USAGE', `--component must be kind:name or an ARN, got ${found}`, {
      hint: meantBy(component) ?? 'pass for example --component lambda:resize-image',
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
    place: component === undefined ? undefined : placeAsked(component),
    gitSha: gitSha?.toLowerCase(),
  };
}

/** What somebody means by the address of a page of the console, or by a kind in capitals. */
export function meantBy(text: string): string | undefined {
  const meant = readConsoleAddress(text) ?? inSmallLetters(text);
  return meant === undefined ? undefined : `ask for ${meant}`;
}

function inSmallLetters(text: string): string | undefined {
  const small = text.replace(/^[A-Za-z0-9-]+:/, kind => kind.toLowerCase());
  return small !== text && isComponent(small) ? small : undefined;
}

/** Whether only deploys that are known answer the question. */
export function isOfDeploy({ gitSha, uid, deployId }: TraceQuestion): boolean {
  return gitSha !== undefined || uid !== undefined || deployId !== undefined;
}

/** Whether the question is about the deploy. */
export function asksForDeploy(question: TraceQuestion, deploy: Deploy): boolean {
  const { component, place, gitSha, uid, deployId, sessionName } = question;
  return (
    (component === undefined ||
      deploy.targets.some(target => standsFor(component, target.component) && isInPlace(place, target))) &&
    (gitSha === undefined || isSameCommit(gitSha, deploy.marker.git_sha)) &&
    (uid === undefined || deploy.uids.includes(uid)) &&
    (deployId === undefined || deploy.id === deployId) &&
    (sessionName === undefined || deploy.identities.some(({ session }) => session === sessionName))
  );
}

/** What no call named may be anything of its service, and is asked for with it. */
function isAbout(component: string, change: Change): boolean {
  return (
    isCalled(component, change) ||
    (isUnknown(change.component) && serviceOfComponent(component) === change.service)
  );
}

function isCalled(component: string, { component: changed, others = [] }: Change): boolean {
  return standsFor(component, changed) || others.some(other => standsFor(component, other));
}

/** Whether the change is of something that is called like what is asked for, and in another account or Region than its ARN says. */
export function isOfNamesake({ component, place }: TraceQuestion, change: Change): boolean {
  if (component === undefined || place === undefined || !isCalled(component, change)) return false;
  return !isThere(place, change);
}

function isThere(place: ComponentPlace | undefined, change: Change): boolean {
  return place === undefined || isInPlace(place, placeOfChange(change));
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
  const { component, place, sessionName } = question;
  if (isOfNamesake(question, change)) return false;
  const asksForDeploys = isOfDeploy(question);
  const isTied = deploys.some(deploy => asksForDeploy({ ...question, component: undefined }, deploy));
  return (
    (component === undefined ||
      (isAbout(component, change) && isThere(place, change)) ||
      deploys.some(deploy => asksForDeploy(question, deploy))) &&
    (asksForDeploys ? isTied : sessionName === undefined || change.actor.session === sessionName || isTied)
  );
}

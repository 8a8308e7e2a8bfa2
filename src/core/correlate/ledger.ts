import { append } from '../base/append.ts';
import type { Change } from '../change/change.ts';
import { isGlobal } from '../change/global.ts';
import { isShown } from '../component/shown.ts';
import { furtherNames, serviceOfComponent } from '../component/spellings.ts';
import type { Deploy, Target } from '../deploy/deploy.ts';
import { agrees, type Placed } from '../deploy/index-by-time.ts';
import type { ServiceChoice } from '../services/choice.ts';
import { isChosen, type PlaceChoice } from '../source/place-choice.ts';
import type { TimeRange } from '../time/range.ts';
import type { Evidence } from './evidence.ts';
import { isPreparing } from './stack-calls.ts';
import type { DeployState } from './standing.ts';
import type { Verdict } from './verdict.ts';

/** What decides how a deploy without a change stands. */
export interface StateRules {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A deploy that has not ended after this time never will. Milliseconds. */
  readonly unfinishedAfter: number;
  /** CloudTrail may deliver this late; a younger marker is waiting. Milliseconds. */
  readonly waiting: number;
  /** Services whose changes were read, and the time for which they were. */
  readonly services: ServiceChoice;
  readonly seen: TimeRange;
  /** Accounts and Regions of which changes were read. */
  readonly places: PlaceChoice;
}

/** How a deploy stands, and why. */
export interface DeployStanding {
  readonly deploy: Deploy;
  readonly state: DeployState;
  /** Changes that it explains. */
  readonly changes: number;
  /** Whether one of them did more than make or delete a change set. */
  readonly hasChanged: boolean;
  /** How many components it explains changes of, and does not name. */
  readonly unnamed: number;
  /** Whether CloudFormation made changes for it. */
  readonly isOfStack: boolean;
  /** Components that it names and did not change, where the sources would show it. */
  readonly unchanged: readonly string[];
  /** Whether changes may still arrive, or those after its end were not read. */
  readonly isYoung: boolean;
}

/** Services whose calls always tell what they changed. */
const ALWAYS_NAMED: readonly string[] = ['lambda', 'cloudformation'];

/** What was counted of a deploy. */
interface Tally {
  changes: number;
  hasChanged: boolean;
  /** Places by changed component. */
  readonly places: Map<string, Placed[]>;
}

const NO_CHANGE: Readonly<Tally> = { changes: 0, hasChanged: false, places: new Map() };

/** Counts what deploys changed, while changes are judged one by one. */
export class DeployLedger {
  readonly #tallies = new Map<Deploy, Tally>();
  readonly #evidence: Pick<Evidence, 'calls' | 'index'>;

  constructor(evidence: Pick<Evidence, 'calls' | 'index'>) {
    this.#evidence = evidence;
  }

  add({ standing, deploys, change }: Verdict): void {
    if (standing !== 'explained' && standing !== 'ambiguous') return;
    for (const deploy of deploys) {
      const tally = this.#tallies.get(deploy) ?? { ...NO_CHANGE, places: new Map() };
      this.#tallies.set(deploy, tally);
      // What may be a deploy's counts for it as far as it keeps us from missing a change.
      if (!isPreparing(change)) addPlaces(tally.places, change);
      if (standing === 'ambiguous') continue;
      tally.changes += 1;
      tally.hasChanged ||= !isPreparing(change);
    }
  }

  /** How the deploy stands, after all changes were added. */
  standingOf(deploy: Deploy, rules: StateRules): DeployStanding {
    const { changes, hasChanged, places } = this.#tallies.get(deploy) ?? NO_CHANGE;
    const { calls } = this.#evidence;
    const shown = deploy.targets.filter(target => isRead(target, rules));
    // Markers of a whole stack name every function in it, and a deploy of the stack changes some of them.
    const isOfStack = calls.hasOperations(deploy);
    const isOfMembers = deploy.marker.labels?.['stack'] !== undefined && isOfStack;
    const isAlone = deploy.targets.length === 1;
    const unchanged = isOfMembers ? [] : shown.filter(target => !this.#isChanged(target, places, isAlone));
    const age = rules.now - deploy.recordedAt;
    const is = {
      hasChanged,
      isShown: shown.length > 0,
      isChanged: unchanged.length < shown.length,
      // A clock that goes ahead makes nothing young for ever.
      isYoung:
        (age > -rules.waiting && age < rules.waiting) ||
        Math.min(deploy.closes, rules.now) > rules.seen.until,
      isSeen: rules.seen.from <= deploy.opens,
    };
    const state = this.#stateOf(deploy, rules, is);
    const names = is.isSeen ? unchanged.map(({ component }) => component) : [];
    const { index } = this.#evidence;
    const unnamed = [...places.keys()].filter(component => !index.names(deploy, component)).length;
    return { deploy, state, changes, hasChanged, unnamed, isOfStack, unchanged: names, isYoung: is.isYoung };
  }

  /** Of a stack that is all a deploy names, whatever it changed counts: not every member is known. */
  #isChanged(target: Target, places: Tally['places'], isAlone: boolean): boolean {
    const isStack = target.component.startsWith('stack:');
    if (isStack && isAlone && places.size > 0) return true;
    const named = [target, ...(isStack ? this.#evidence.index.membersOf(target.component) : [])];
    return named
      .flatMap(({ component }) => spellingsOf(component))
      .some(component => places.get(component)?.some(place => agrees(target, place)));
  }

  #stateOf(deploy: Deploy, rules: StateRules, is: Signs): DeployState {
    const { startedAt, endedAt, recordedAt } = deploy;
    if (endedAt === undefined) {
      return rules.now - (startedAt ?? recordedAt) > rules.unfinishedAfter ? 'unfinished' : 'running';
    }
    if (is.isChanged || (!is.isShown && is.hasChanged)) return 'changed';
    if (!is.isShown || !is.isSeen) return 'unseen';
    if (this.#evidence.calls.isEmptied(deploy)) return 'empty';
    return is.isYoung ? 'waiting' : 'missing';
  }
}

/** Whether records that were read would show a change of the target. What is global is recorded in one Region, whatever its marker says. */
function isRead({ component, account, region }: Target, { services, places }: StateRules): boolean {
  const service = serviceOfComponent(component);
  const isPlaced = service === undefined || !isGlobal({ service });
  return isShown(component, services) && isChosen(places, { account, region: isPlaced ? region : undefined });
}

/** What a deploy's state follows from. */
interface Signs {
  readonly hasChanged: boolean;
  readonly isShown: boolean;
  readonly isChanged: boolean;
  readonly isYoung: boolean;
  /** Whether changes were read from its start on. */
  readonly isSeen: boolean;
}

function addPlaces(places: Tally['places'], change: Change): void {
  addPlace(places, change.component, change);
  for (const name of furtherNames(change.component)) addPlace(places, name, change);
  for (const other of change.others ?? []) {
    addPlace(places, other, change);
    for (const name of furtherNames(other)) addPlace(places, name, change);
  }
}

/** Each place once: a component changes in a few places, and many times in each. */
function addPlace(
  places: Tally['places'],
  name: string,
  { account, region, service, isGlobal }: Placed,
): void {
  for (const each of places.get(name) ?? []) if (each.account === account && each.region === region) return;
  append(places, name, { account, region, service, isGlobal });
}

/** A component as changes may spell it: a call to another service need not tell what it changed. */
function spellingsOf(component: string): string[] {
  const service = serviceOfComponent(component);
  return service === undefined || ALWAYS_NAMED.includes(service) ? [component] : [component, `${service}:?`];
}

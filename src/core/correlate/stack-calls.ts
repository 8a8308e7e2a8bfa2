import { append } from '../base/append.ts';
import type { Actor, Change } from '../change/change.ts';
import { isGlobal } from '../change/global.ts';
import type { Deploy } from '../deploy/deploy.ts';
import { isInWindow } from '../deploy/index-by-time.ts';

/** Calls that make ready or tidy up, and change no resource. */
const PREPARING: readonly string[] = ['CreateChangeSet', 'DeleteChangeSet'];

/** Calls that set CloudFormation to work on a stack. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
const OPERATIONS: readonly string[] = [
  'CreateStack',
  'UpdateStack',
  'DeleteStack',
  'ExecuteChangeSet',
  'RollbackStack',
  'ContinueUpdateRollback',
  'CancelUpdateStack',
];

/** A call to CloudFormation, and the deploys that may have made it. */
export interface StackCallRecord {
  readonly change: Change;
  readonly stack: string;
  /** Several where a session stands for more than one deploy; none for a call of nobody's deploy. */
  readonly deploys: ReadonlySet<Deploy>;
}

/** Whether a call to CloudFormation only makes ready: a change set that is made and not executed changes nothing. */
export function isPreparing({ service, action }: Pick<Change, 'service' | 'action'>): boolean {
  return service === 'cloudformation' && PREPARING.includes(action);
}

/** Calls to CloudFormation by place and time. */
export class StackCalls {
  /** Whether one of the calls was made in the console. */
  readonly hasConsole: boolean;
  /**
   * Operations by place, by account, and by place and stack, in the order of time; and the stacks of each place and of each
   * account.
   */
  readonly #byPlace = new Map<string, StackCallRecord[]>();
  readonly #stacksOf = new Map<string, Set<string>>();
  readonly #byStack = new Map<string, StackCallRecord[]>();
  /** Service roles by stack: the call that executes a change set does not repeat the role. */
  readonly #roles = new Map<string, Set<string>>();
  readonly #prepared = new Set<Deploy>();
  /** Stacks that the deploys of each list set CloudFormation to work on, and the lists that each deploy is in. */
  readonly #executed = new Map<ReadonlySet<Deploy>, Set<string>>();
  readonly #listsOf = new Map<Deploy, ReadonlySet<Deploy>[]>();
  readonly #longest: number;
  readonly #reach: number;

  /** @param reach milliseconds for which a call of nobody's deploy may still change things */
  constructor(records: readonly StackCallRecord[], reach: number) {
    this.#reach = reach;
    this.hasConsole = records.some(({ change }) => change.actor.fromConsole === true);
    const ordered = records.toSorted((a, b) => a.change.time - b.change.time);
    for (const record of ordered) {
      const { change, deploys } = record;
      const key = stackKeyOf(record);
      const role = change.stack?.serviceRole;
      if (role !== undefined) addTo(this.#roles, key, role);
      if (isPreparing(change)) for (const deploy of deploys) this.#prepared.add(deploy);
      if (!OPERATIONS.includes(change.action)) continue;
      for (const where of [placeOf(change), change.account]) {
        append(this.#byPlace, where, record);
        addTo(this.#stacksOf, where, key);
      }
      append(this.#byStack, key, record);
      if (!this.#executed.has(deploys)) for (const deploy of deploys) append(this.#listsOf, deploy, deploys);
      addTo(this.#executed, deploys, key);
    }
    this.#longest = longestSpan(ordered, reach);
  }

  /** Whether the deploy set CloudFormation to work. */
  hasOperations(deploy: Deploy): boolean {
    return this.#listsOf.has(deploy);
  }

  /** The last operation before the change on each stack that the deploy set CloudFormation to work on, where it is the deploy's. */
  lastOperationsOf(deploy: Deploy, change: Change): StackCallRecord[] {
    const lists = this.#listsOf.get(deploy) ?? [];
    return [...new Set(lists.flatMap(list => [...(this.#executed.get(list) ?? [])]))]
      .map(stack => this.#lastOn(stack, change))
      .filter(record => record !== undefined)
      .filter(record => isWithinReach(record.change, change) && record.deploys.has(deploy));
  }

  /** Whether the deploy made a change set and executed none, as when it held nothing. */
  isEmptied(deploy: Deploy): boolean {
    return this.#prepared.has(deploy) && !this.hasOperations(deploy);
  }

  /** Whether CloudFormation was told to use the actor's role for the stack; it has to be in the account of the call. */
  uses(record: StackCallRecord, { role, account }: Actor): boolean {
    if (role === undefined || (account !== undefined && account !== record.change.account)) return false;
    return this.#roles.get(stackKeyOf(record))?.has(role) ?? false;
  }

  /**
   * The last operation on each stack at the same place before the change, if its window is still open; on those of every Region
   * of the account where something global was changed. The last one comes first.
   */
  before(change: Change): StackCallRecord[] {
    return this.#lastAt(change).filter(record =>
      record.deploys.size === 0
        ? change.time - record.change.time <= this.#reach
        : isAnyInWindow(record.deploys, change),
    );
  }

  /**
   * Goes back in time until every stack was met, or nothing can be open any more. Where one stack was called very often lately, it
   * is quicker to ask every stack for its last call.
   */
  #lastAt(change: Change): StackCallRecord[] {
    const list = this.#byPlace.get(reachOf(change)) ?? [];
    const stacks = this.#stacksOf.get(reachOf(change)) ?? new Set();
    const found = new Map<string, StackCallRecord>();
    const last = lastUntil(list, change.time);
    for (let rank = last; rank >= 0 && found.size < stacks.size; rank -= 1) {
      const record = list[rank];
      if (record === undefined || !this.#isRecent(record, change)) break;
      const key = stackKeyOf(record);
      if (!found.has(key)) found.set(key, record);
      if (last - rank > stacks.size) return this.#lastOfAll(stacks, change);
    }
    return [...found.values()];
  }

  #lastOfAll(stacks: Iterable<string>, change: Change): StackCallRecord[] {
    const found: StackCallRecord[] = [];
    for (const stack of stacks) {
      const record = this.#lastOn(stack, change);
      if (record !== undefined && this.#isRecent(record, change)) found.push(record);
    }
    return found.sort((a, b) => b.change.time - a.change.time);
  }

  #lastOn(stack: string, change: Change): StackCallRecord | undefined {
    const list = this.#byStack.get(stack) ?? [];
    return list[lastUntil(list, change.time)];
  }

  #isRecent(record: StackCallRecord, change: Change): boolean {
    return record.change.time >= change.time - this.#longest;
  }
}

function isAnyInWindow(deploys: Iterable<Deploy>, change: Change): boolean {
  for (const deploy of deploys) if (isInWindow(deploy, change)) return true;
  return false;
}

/** How long the longest span of any of the deploys is, or `least` if none is longer. Milliseconds. */
function longestSpan(records: readonly StackCallRecord[], least: number): number {
  const deploys = new Set<Deploy>();
  for (const record of records) for (const deploy of record.deploys) deploys.add(deploy);
  let longest = least;
  for (const { spans } of deploys)
    for (const { opens, closes } of spans) longest = Math.max(longest, closes - opens);
  return longest;
}

function addTo<K>(map: Map<K, Set<string>>, key: K, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** Where a call may have been made that led to the change: what is global is recorded in one Region, whatever the caller's. */
function reachOf(change: Change): string {
  return isGlobal(change) ? change.account : placeOf(change);
}

function isWithinReach(call: Change, change: Change): boolean {
  return isGlobal(change) ? call.account === change.account : placeOf(call) === placeOf(change);
}

function placeOf({ account, region }: Change): string {
  return `${account} ${region}`;
}

function stackKeyOf({ change, stack }: StackCallRecord): string {
  return `${placeOf(change)} ${stack}`;
}

/** Rank of the last record that is not after `time`, or -1. */
function lastUntil(records: readonly StackCallRecord[], time: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.change.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

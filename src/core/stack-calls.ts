import { append } from './append.ts';
import type { Actor, Change } from './change.ts';
import type { Deploy } from './deploy.ts';
import { isOpen } from './deploy-index.ts';
import { isGlobal } from './global-services.ts';

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
  readonly deploys: readonly Deploy[];
}

/** Whether a call to CloudFormation only makes ready: a change set that is made and not executed changes nothing. */
export function isPreparing({ service, action }: Pick<Change, 'service' | 'action'>): boolean {
  return service === 'cloudformation' && PREPARING.includes(action);
}

/** Calls to CloudFormation by place and time. */
export class StackCalls {
  /** Whether one of the calls was made in the console. */
  readonly hasConsole: boolean;
  /** Operations by place, by account, and by place and stack, in the order of time. */
  readonly #byPlace = new Map<string, StackCallRecord[]>();
  readonly #byStack = new Map<string, StackCallRecord[]>();
  /** Service roles by stack: the call that executes a change set does not repeat the role. */
  readonly #roles = new Map<string, Set<string>>();
  readonly #prepared = new Set<Deploy>();
  readonly #executed = new Map<Deploy, StackCallRecord[]>();
  readonly #longest: number;
  readonly #reach: number;

  /** @param reach milliseconds for which a call of nobody's deploy may still change things */
  constructor(records: readonly StackCallRecord[], reach: number) {
    this.#reach = reach;
    this.hasConsole = records.some(({ change }) => change.actor.fromConsole === true);
    const ordered = records.toSorted((a, b) => a.change.time - b.change.time);
    for (const record of ordered) {
      const { change, stack, deploys } = record;
      const role = change.stack?.serviceRole;
      if (role !== undefined) {
        const key = stackKeyOf(record);
        this.#roles.set(key, (this.#roles.get(key) ?? new Set()).add(role));
      }
      if (isPreparing(change)) for (const deploy of deploys) this.#prepared.add(deploy);
      if (!OPERATIONS.includes(change.action)) continue;
      append(this.#byPlace, placeOf(change), record);
      append(this.#byPlace, change.account, record);
      append(this.#byStack, `${placeOf(change)} ${stack}`, record);
      for (const deploy of deploys) append(this.#executed, deploy, record);
    }
    const spans = ordered.flatMap(({ deploys }) => deploys.flatMap(deploy => deploy.spans));
    this.#longest = spans.reduce((longest, { opens, closes }) => Math.max(longest, closes - opens), reach);
  }

  /** Calls by which the deploy set CloudFormation to work. */
  operationsOf(deploy: Deploy): readonly StackCallRecord[] {
    return this.#executed.get(deploy) ?? [];
  }

  /** Whether the deploy made a change set and executed none, as when it held nothing. */
  isEmptied(deploy: Deploy): boolean {
    return this.#prepared.has(deploy) && !this.#executed.has(deploy);
  }

  /** Whether CloudFormation was told to use the actor's role for the stack; it has to be in the account of the call. */
  uses(record: StackCallRecord, { role, account }: Actor): boolean {
    if (role === undefined || (account !== undefined && account !== record.change.account)) return false;
    return this.#roles.get(stackKeyOf(record))?.has(role) ?? false;
  }

  /**
   * The last operation on each stack at the same place before the change, if its window is still open; on those of every Region
   * of the account where something global was changed.
   */
  before(change: Change): StackCallRecord[] {
    const list = this.#byPlace.get(isGlobal(change) ? change.account : placeOf(change)) ?? [];
    const found: StackCallRecord[] = [];
    const seen = new Set<string>();
    for (let rank = lastUntil(list, change.time); rank >= 0; rank -= 1) {
      const record = list[rank];
      if (record === undefined || record.change.time < change.time - this.#longest) break;
      const stack = stackKeyOf(record);
      if (seen.has(stack)) continue;
      seen.add(stack);
      const isStillOpen =
        record.deploys.length === 0
          ? change.time - record.change.time <= this.#reach
          : record.deploys.some(deploy => isOpen(deploy, change));
      if (isStillOpen) found.push(record);
    }
    return found;
  }

  /** Whether the operation is the last one on its stack before the change. */
  isLast(record: StackCallRecord, change: Change): boolean {
    const list = this.#byStack.get(stackKeyOf(record)) ?? [];
    const isThere = isGlobal(change)
      ? record.change.account === change.account
      : placeOf(record.change) === placeOf(change);
    return isThere && list[lastUntil(list, change.time)] === record;
  }
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

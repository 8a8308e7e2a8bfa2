import type { Change } from '../change/change.ts';

/** Knows which change sets were carried out; the others changed nothing. */
export class ChangeSets {
  readonly #carriedOut = new Set<string>();
  /** When change sets were last carried out, by place, stack and name; and those of which no ARN was told. */
  readonly #byName = new Map<string, number>();
  readonly #withoutArn = new Map<string, number>();

  /** Takes a call to CloudFormation. */
  add(change: Change): void {
    if (change.action !== 'ExecuteChangeSet') return;
    const key = nameKey(change);
    const arn = change.stack?.changeSet;
    keepLatest(this.#byName, key, change.time);
    if (arn === undefined) keepLatest(this.#withoutArn, key, change.time);
    else this.#carriedOut.add(arn);
  }

  /** Whether the call only made a change set that nobody carried out afterwards, or threw one away. */
  isIdle(change: Change): boolean {
    if (change.stack?.prepares !== true) return false;
    if (change.action === 'DeleteChangeSet') return true;
    const arn = change.stack.changeSet;
    if (arn !== undefined && this.#carriedOut.has(arn)) return false;
    const named = arn === undefined ? this.#byName : this.#withoutArn;
    return (named.get(nameKey(change)) ?? Number.NEGATIVE_INFINITY) < change.time;
  }
}

function nameKey({ account, region, stack }: Change): string {
  return `${account} ${region} ${stack?.name} ${stack?.changeSetName}`;
}

function keepLatest(times: Map<string, number>, key: string, time: number): void {
  times.set(key, Math.max(time, times.get(key) ?? time));
}

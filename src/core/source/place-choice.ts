import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { fieldsOf, textOf } from '../base/fields.ts';
import type { LeftOut } from './gap.ts';

/** Accounts and Regions that are asked for; none are all. */
export interface PlaceChoice {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

/** Where something is, as far as it is told. */
export interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** All accounts and Regions. */
export const EVERYWHERE: PlaceChoice = { accounts: [], regions: [] };

/** Whether nothing is left out. */
export function isEverywhere({ accounts, regions }: PlaceChoice): boolean {
  return accounts.length === 0 && regions.length === 0;
}

/** What several sources together were asked for: of which one was asked for everything, the rest is among that. */
export function joinChoices(choices: readonly PlaceChoice[]): PlaceChoice {
  const join = (lists: readonly (readonly string[])[]): string[] =>
    lists.some(list => list.length === 0) ? [] : [...new Set(lists.flat())];
  return {
    accounts: join(choices.map(({ accounts }) => accounts)),
    regions: join(choices.map(({ regions }) => regions)),
  };
}

/** So many places stand in one line. */
const MOST_NAMES = 8;

/** Whether something may be in a place that is asked for: what nobody tells may be anything. */
export function isChosen({ accounts, regions }: PlaceChoice, { account, region }: Place): boolean {
  return isAmong(accounts, account) && isAmong(regions, region);
}

function isAmong(chosen: readonly string[], name: string | undefined): boolean {
  return chosen.length === 0 || !name || chosen.includes(name);
}

/** The place that a record of CloudTrail tells. */
export function placeOfRecord(value: unknown): Place {
  const record = fieldsOf(value);
  const account =
    textOf(record['recipientAccountId']) ?? textOf(fieldsOf(record['userIdentity'])['accountId']);
  return { account, region: textOf(record['awsRegion']) };
}

/** Counts changes that are left out for where they were made, so that none of them vanishes. */
export class ChangesElsewhere {
  readonly #choice: PlaceChoice;
  readonly #counts = new Map<string, number>();

  constructor(choice: PlaceChoice) {
    this.#choice = choice;
  }

  add({ account, region }: Place): void {
    const name = [account, region].filter(Boolean).join(' ');
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** What was left out, in one line; undefined if nothing was. */
  told(what = `changes outside of ${describe(this.#choice)}`): LeftOut | undefined {
    const most = [...this.#counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    if (most.length === 0) return undefined;
    const names = most.slice(0, MOST_NAMES).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
    const others = most.length - names.length;
    const rest = others > 0 ? `, and ${others} more` : '';
    const count = most.reduce((sum, [, times]) => sum + times, 0);
    return {
      kind: 'left-out',
      message: `${what}: ${names.join(', ')}${rest}`,
      count,
    };
  }
}

function describe({ accounts, regions }: PlaceChoice): string {
  const flags = [
    ...(accounts.length === 0 ? [] : [`--account ${accounts.join(', ')}`]),
    ...(regions.length === 0 ? [] : [`--region ${regions.join(', ')}`]),
  ];
  return flags.join(' and ');
}

/** Looks whether records of what is asked for by its name are there at all. */
export class PlacesSeen {
  readonly #choice: PlaceChoice;
  readonly #accounts = new Set<string>();
  readonly #regions = new Set<string>();
  /** Accounts that have a record in a Region that is asked for. */
  readonly #met = new Set<string>();
  /** Some records do not tell, and may be of what is asked for. */
  #isSure = true;

  constructor(choice: PlaceChoice) {
    this.#choice = choice;
  }

  /** Looks at any record of the source. */
  add(record: unknown): void {
    const { account, region } = placeOfRecord(record);
    if (account === undefined || region === undefined) {
      this.#isSure = false;
      return;
    }
    this.#accounts.add(account);
    this.#regions.add(region);
    if (isAmong(this.#choice.regions, region)) this.#met.add(account);
  }

  /** TRAIL_NOT_SEEN for what is asked for and is not there; nothing where there are no records, which is told as such. */
  toErrors(title: string): DeployMarkerError[] {
    const { accounts, regions } = this.#choice;
    if (!this.#isSure || this.#accounts.size === 0) return [];
    const lacking = [
      ...accounts.filter(account => !this.#accounts.has(account)).map(account => `the account ${account}`),
      ...regions.filter(region => !this.#regions.has(region)).map(region => `the Region ${region}`),
    ];
    if (lacking.length > 0) return [notSeen(`${title} has no records of ${lacking.join(', ')}`)];
    const elsewhere = accounts.filter(account => !this.#met.has(account));
    if (elsewhere.length === 0) return [];
    return [notSeen(`${title} has no records of ${elsewhere.join(', ')} in ${regions.join(', ')}`)];
  }
}

function notSeen(message: string): DeployMarkerError {
  const hint = 'check --account and --region, and that --changes holds what they name';
  return new DeployMarkerError('TRAIL_NOT_SEEN', message, { hint });
}

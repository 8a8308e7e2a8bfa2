import type { DeployStanding } from '../correlate/ledger.ts';
import type { Sighting } from '../source/sighting.ts';

/** An account whose records end before deploys in it that should have left some. */
export interface StoppedAccount {
  readonly account: string;
  /** Time of its newest record in any source; milliseconds since the epoch. */
  readonly newest: number;
  readonly deploys: number;
}

/**
 * Accounts of which records were seen, but none since before a deploy in them began, of which a change should be there by now. That
 * others go on does not show it, for an account may be quiet; a deploy in it is not. Markers tell the account by the deploy's role, or
 * by what they say that was changed. Event history is CloudTrail itself, which does not stand still.
 */
export function stoppedAccounts(
  sightings: readonly Sighting[],
  deploys: readonly DeployStanding[],
): StoppedAccount[] {
  const newest = newestOf(sightings);
  for (const { kind, accounts } of sightings) {
    if (kind === 'history') for (const account of accounts.keys()) newest.delete(account);
  }
  const stopped = new Map<string, number>();
  for (const { deploy, state } of deploys) {
    if (state !== 'missing' || deploy.startedAt === undefined) continue;
    const accounts = new Set([
      ...deploy.targets.flatMap(({ account }) => account ?? []),
      ...deploy.identities.flatMap(({ account }) => account ?? []),
    ]);
    // A role in another account than what it changes leaves records in both: that all of them are silent is no accident.
    const known = [...accounts].flatMap(account => newest.get(account) ?? []);
    if (known.length === 0 || known.some(time => time >= deploy.opens)) continue;
    for (const account of accounts) {
      if (newest.has(account)) stopped.set(account, (stopped.get(account) ?? 0) + 1);
    }
  }
  return [...stopped]
    .map(([account, count]) => ({ account, newest: newest.get(account) ?? 0, deploys: count }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

function newestOf(sightings: readonly Sighting[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { accounts } of sightings) {
    for (const [account, { newest }] of accounts) {
      if (newest > (all.get(account) ?? Number.NEGATIVE_INFINITY)) all.set(account, newest);
    }
  }
  return all;
}

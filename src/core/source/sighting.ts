import { isWithin, type TimeRange } from '../time/range.ts';
import { formatUtcTime } from '../time/utc.ts';

/** Which kind of source records come from, for silence does not mean the same in each of them. */
export type SourceKind =
  /** Copies of logs: whoever makes them may have stopped. */
  | 'files'
  /** A store that records are taken into, unless somebody stopped that. */
  | 'store'
  /** CloudTrail itself: it answers for all of the time that it is asked for. */
  | 'history';

/** What was seen of a source's records, whether they are changes or not. */
export class Sighting {
  readonly source: string;
  readonly kind: SourceKind;
  /** Time of the newest record, whenever that is; milliseconds since the epoch. */
  newest = Number.NEGATIVE_INFINITY;
  /** Time of the oldest record, whenever that is, too. */
  oldest = Number.POSITIVE_INFINITY;
  /** Records in the time that was asked for. Of services that nobody asked for, sources show only some. */
  records = 0;
  /** Services of those records. */
  readonly services = new Set<string>();
  /** The newest record of each account. */
  readonly accounts = new Map<string, { newest: number }>();
  /** Regions of the records in the time that was asked for, by account; empty for one that has only others. */
  readonly regions = new Map<string, Set<string>>();
  readonly #asked: TimeRange;
  // Records of one account and service come in a row.
  #account: string | undefined;
  #ofAccount = { newest: Number.NEGATIVE_INFINITY };
  #service: string | undefined;
  #regions = new Set<string>();
  #region: string | undefined;

  constructor(source: string, kind: SourceKind, asked: TimeRange) {
    this.source = source;
    this.kind = kind;
    this.#asked = asked;
  }

  /** Counts a record; it is called for each one. */
  add(service: string, time: number, account: string, region: string): void {
    if (time > this.newest) this.newest = time;
    if (time < this.oldest) this.oldest = time;
    if (account !== this.#account) this.#goTo(account);
    if (time > this.#ofAccount.newest) this.#ofAccount.newest = time;
    if (!isWithin(time, this.#asked)) return;
    this.records += 1;
    if (region !== this.#region) {
      this.#region = region;
      this.#regions.add(region);
    }
    if (service === this.#service) return;
    this.#service = service;
    this.services.add(service);
  }

  /** What reports tell of it. */
  told(): { readonly newest?: string } {
    return Number.isFinite(this.newest) ? { newest: formatUtcTime(this.newest) } : {};
  }

  #goTo(account: string): void {
    this.#account = account;
    this.#ofAccount = this.accounts.get(account) ?? { newest: Number.NEGATIVE_INFINITY };
    this.accounts.set(account, this.#ofAccount);
    this.#region = undefined;
    this.#regions = this.regions.get(account) ?? new Set();
    this.regions.set(account, this.#regions);
  }
}

import { nameSome } from '../base/name-some.ts';
import type { NameTest } from '../base/pattern.ts';
import { DEFAULT_WAITING } from '../correlate/correlate.ts';
import type { DeployStanding } from '../correlate/ledger.ts';
import type { NoDeploy } from '../deploy/asked-for.ts';
import { isAll, type ServiceChoice } from '../services/choice.ts';
import { type AskedPlace, describeUnseenPlace } from '../source/place-sighting.ts';
import type { Sighting } from '../source/sighting.ts';
import { describeSpan } from '../time/duration.ts';
import type { TimeRange } from '../time/range.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { Report } from './report.ts';
import { stoppedAccounts } from './stopped-accounts.ts';

const DAY = 24 * 3_600_000;
/** Clocks differ by a little; a record that is this much later than ours tells that ours is wrong. */
const SKEW = 5 * 60_000;

/** What an answer is to rest on. */
export interface CoverageQuestion {
  readonly command: 'trace' | 'audit';
  /** The time that was asked for. */
  readonly range: TimeRange;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Nobody gave the end: it comes of the clock. */
  readonly endsByClock: boolean;
  readonly services: ServiceChoice;
  /** What was seen of each source that did not fail. */
  readonly sightings: readonly Sighting[];
  /** Whether a source of changes failed: then there is more to see than was seen. */
  readonly hasFailed: boolean;
  /** Whether a call, as `service:action`, is left out because somebody asked for that. */
  readonly isIgnored: NameTest;
  /** Deploys that were open within the range. */
  readonly deploys: readonly DeployStanding[];
  readonly scope?: ScopeSighting | undefined;
  /** Why there is none of the deploys that are asked for by commit or id. */
  readonly noDeploy?: (NoDeploy & Pick<Shortfall, 'subject'>) | undefined;
  /** Where the component is that is asked for, as its ARN says. */
  readonly place?: AskedPlace | undefined;
}

/** What was seen of a scope. */
export interface ScopeSighting {
  readonly title: string;
  /** How many components were seen. */
  readonly components: number;
  /** Whether one of them is in scope. */
  readonly isMet: boolean;
  /** What markers name that is in scope, and of no service that was read. */
  readonly unread: readonly string[];
}

/**
 * How much it matters that something was not seen:
 * - `note`: it is told;
 * - `pass`: nothing passes for it, but what was found holds;
 * - `quiet`: there is no answer, unless somebody says that it may be quiet;
 * - `wrong`: there is no answer, whatever anybody says.
 */
export type ShortfallWeight = 'note' | 'pass' | 'quiet' | 'wrong';

/** Something that was asked for and not seen. */
export interface Shortfall {
  readonly subject: string;
  readonly message: string;
  readonly weight: ShortfallWeight;
  /** One step that helps against it; by default what helps against silence. */
  readonly hint?: string;
  /** Whether records may still come, have stopped to come, or begin late. */
  readonly isLate?: true;
}

/**
 * What an answer lacks though no source failed. Nothing that was looked at is no pass: each of these would otherwise look like a day
 * without changes.
 */
export function findShortfalls(question: CoverageQuestion): Shortfall[] {
  const ofTime = timeShortfall(question);
  if (ofTime !== undefined) return [ofTime];
  const silent = question.sightings.flatMap(sighting => silenceOf(sighting, question));
  return [
    ...deployShortfall(question),
    ...placeShortfall(question),
    ...unseenServices(question),
    ...ignoredServices(question),
    ...silent,
    ...stoppedShortfalls(question),
    ...clockShortfall(question),
    ...futureShortfall(question),
    ...scopeShortfall(question),
  ];
}

function timeShortfall({ range, now }: CoverageQuestion): Shortfall | undefined {
  const span = spanOf(range);
  if (range.from >= range.until) {
    return { subject: span, message: 'the time that is asked for is empty', weight: 'wrong' };
  }
  if (range.from < now) return undefined;
  return { subject: span, message: 'the time that is asked for lies in the future', weight: 'wrong' };
}

function futureShortfall({ range, now, endsByClock }: CoverageQuestion): Shortfall[] {
  if (endsByClock || range.until <= now + SKEW) return [];
  const message = `it ends in the future; what is later than ${formatUtcTime(now)} is still to come`;
  return [{ subject: spanOf(range), message, weight: 'note', isLate: true }];
}

function placeShortfall({ place, sightings, hasFailed }: CoverageQuestion): Shortfall[] {
  const unseen = place === undefined || hasFailed ? undefined : describeUnseenPlace(place, sightings);
  if (place === undefined || unseen === undefined) return [];
  const { message, hint, isAway } = unseen;
  return [{ subject: place.component, message, hint, weight: isAway ? 'wrong' : 'quiet' }];
}

function unseenServices(question: CoverageQuestion): Shortfall[] {
  const { services, sightings, hasFailed, command } = question;
  const seen = new Set(sightings.flatMap(sighting => [...sighting.services]));
  // Of all services nobody expects all to be there.
  const asked = isAll(services) ? ['any service'] : services;
  const unseen = asked.filter(service => (isAll(services) ? seen.size === 0 : !seen.has(service)));
  if (unseen.length === 0 || hasFailed) return [];
  const what = `no record of ${nameSome(unseen)}`;
  const message = `${what} was seen in the time that is asked for, not even a read or a failed call`;
  if (unseen.length < asked.length) return [{ subject: nameSome(unseen), message, weight: 'note' }];
  // Who asks what happened is answered by a trail that lives, and by CloudTrail itself; who asks for a verdict is not.
  const isAnswer = ({ records, kind }: Sighting): boolean => records > 0 || kind === 'history';
  const hasLooked = command === 'trace' && sightings.some(isAnswer);
  const weight = hasLooked ? 'note' : 'quiet';
  return [{ subject: nameSome(unseen), message, weight }];
}

/** Where every call of every service is left out, nothing can be found. */
function ignoredServices({ services, isIgnored }: CoverageQuestion): Shortfall[] {
  // No call is called so: who leaves it out leaves out all.
  const all = isAll(services) ? ['~'] : services;
  if (!all.every(service => isIgnored(`${service}:~`))) return [];
  const what = isAll(services) ? 'all services' : nameSome(services);
  return [{ subject: '--ignore', message: `it leaves out every call of ${what}`, weight: 'quiet' }];
}

/**
 * Up to when sources of changes showed that they live: what is later may still come. Each copy and each store has to show it; event history
 * may be quiet in one place. Milliseconds since the epoch.
 */
export function seenUntil(sightings: readonly Sighting[]): number {
  const history = sightings.filter(({ kind }) => kind === 'history').map(({ newest }) => newest);
  const others = sightings.filter(({ kind }) => kind !== 'history').map(({ newest }) => newest);
  if (history.length > 0) others.push(latestOf(history));
  return others.length === 0
    ? Number.NEGATIVE_INFINITY
    : others.reduce((first, newest) => Math.min(first, newest));
}

/** Of one source: that it gave nothing, or that what it gave ends too early. */
function silenceOf(sighting: Sighting, question: CoverageQuestion): Shortfall[] {
  const { source: subject, kind, newest, records } = sighting;
  const { range, now, command } = question;
  if (records === 0) {
    const message = `it gave no record at all of the time that is asked for${newest > 0 ? `; its newest is of ${formatUtcTime(newest)}` : ''}`;
    if (kind === 'history') return [{ subject, message, weight: 'note' }];
    return [{ subject, message, weight: 'quiet', ...(newest < range.until ? { isLate: true } : {}) }];
  }
  if (kind === 'history') return [];
  const end = Math.min(range.until, now);
  const lag = end - newest;
  const message = `its newest record is of ${formatUtcTime(newest)}, ${describeSpan(lag)} before the end of the time that is asked for: it may have stood still`;
  // Of a time long ago nobody copies more than is asked for; a trail without a record for a day is none. What ended within the last
  // day is asked by a job that comes every day, too.
  const isLong = lag > DAY;
  if (isLong || (lag > DEFAULT_WAITING && now - end <= DAY)) {
    const ofAudit = isLong ? 'quiet' : 'pass';
    return [{ subject, message, weight: command === 'trace' ? 'note' : ofAudit, isLate: true }];
  }
  return staleAccounts(sighting, range);
}

/** Accounts of which a source had records before, and none of the time that is asked for. */
function staleAccounts({ source, accounts }: Sighting, { from }: TimeRange): Shortfall[] {
  const stale = [...accounts].filter(([account, { newest }]) => account !== '' && newest < from);
  if (stale.length === 0) return [];
  const names = nameSome(stale.map(([account]) => account).toSorted());
  const message = `it has older records of ${names}, and none of the time that is asked for`;
  return [{ subject: source, message, weight: 'note', isLate: true }];
}

/**
 * Of a source that stood still as a whole, {@link silenceOf} tells. Where sources show who took roles, each deploy leaves a record, even
 * one that had nothing to change; where they show changes alone, as a trail of writes does, it may leave none.
 */
function stoppedShortfalls({ sightings, deploys, hasFailed, command }: CoverageQuestion): Shortfall[] {
  if (hasFailed) return [];
  const showsRoles = sightings.some(({ services }) => services.has('sts'));
  const weight = command === 'audit' && showsRoles ? 'pass' : 'note';
  return stoppedAccounts(sightings, deploys).map(({ account, newest, deploys: count }) => {
    const since = count === 1 ? 'a deploy in it began' : `${count} deploys in it began`;
    const message = `its newest record is of ${formatUtcTime(newest)}, before ${since} of which there should be a change: its trail may have stood still`;
    return { subject: `account ${account}`, message, weight, isLate: true };
  });
}

function clockShortfall({ sightings, now, endsByClock }: CoverageQuestion): Shortfall[] {
  const newest = latestOf(sightings.map(sighting => sighting.newest));
  if (!endsByClock || newest <= now + SKEW) return [];
  const message = `a record is of ${formatUtcTime(newest)}, and this machine's clock says ${formatUtcTime(now)}: what is later was not judged`;
  return [{ subject: 'clock', message, weight: 'wrong' }];
}

function scopeShortfall({ scope, hasFailed }: CoverageQuestion): Shortfall[] {
  if (scope === undefined || hasFailed) return [];
  const { title, components, isMet, unread } = scope;
  const named =
    unread.length === 0 ? '' : `markers name ${nameSome(unread)}, of no service that was read (--services)`;
  if (isMet) return named === '' ? [] : [{ subject: title, message: named, weight: 'note' }];
  const all =
    components === 0
      ? 'no component was seen'
      : `it fits none of the ${components} components that were seen`;
  return [
    {
      subject: title,
      message: `nothing is in scope: ${all}${named === '' ? '' : `; ${named}`}`,
      weight: 'quiet',
    },
  ];
}

/** Who asks for a deploy knows that there is one. */
function deployShortfall({ noDeploy }: CoverageQuestion): Shortfall[] {
  if (noDeploy === undefined) return [];
  const { subject, message, isAnswer } = noDeploy;
  const hint = 'check it, --markers, and --since: markers are read from about a day before that on';
  return [{ subject, message, ...(isAnswer ? { weight: 'note' } : { weight: 'wrong', hint }) }];
}

function spanOf({ from, until }: TimeRange): string {
  return `${formatUtcTime(from)} to ${formatUtcTime(until)}`;
}

function latestOf(times: readonly number[]): number {
  return times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
}

/** Whether no changes could be read at all: then nothing is known of them, and not that there are none. */
export function isBlind({ sources }: Pick<Report, 'sources'>): boolean {
  return sources.every(({ side, records, complete }) => side === 'markers' || (!complete && records === 0));
}

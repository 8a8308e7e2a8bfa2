import { describeActor } from '../../core/change/actor-text.ts';
import { DEFAULT_WAITING } from '../../core/correlate/correlate.ts';
import { type DeployState, STANDINGS, type Standing } from '../../core/correlate/standing.ts';
import { isBlind } from '../../core/findings/coverage.ts';
import type { Report, ReportChange, ReportDeploy, ReportFinding } from '../../core/findings/report.ts';
import { makerOf } from '../../core/marker/marker.ts';
import { standingWord } from './standing-words.ts';

/** What each standing means, for people who meet it for the first time. */
const STANDING_MEANING: Readonly<Record<Standing, string>> = {
  explained: 'a deploy made it',
  attested: 'a person explained it later',
  'aws-service': 'an AWS service made it by itself',
  ambiguous: 'more than one deploy could have made it',
  coincident: 'fell into a deploy, made by somebody else',
  unexplained: 'no deploy made it',
};

/** What each state of a deploy means. */
export const STATE_MEANING: Readonly<Record<DeployState, string>> = {
  changed: 'changed something',
  waiting: 'no change yet, recorded too recently to judge',
  missing: 'no change found',
  empty: 'had nothing to change',
  running: 'is running',
  unfinished: 'started, never ended',
  unseen: 'its changes were not read',
};

/** Signs beside the words of standings, for where there are no colours, and for who does not see them. */
export const STANDING_SIGN: Readonly<Record<Standing, string>> = {
  explained: '✓',
  attested: '✓',
  'aws-service': '·',
  ambiguous: '?',
  coincident: '~',
  unexplained: '✗',
};

/** The same of a deploy's status. */
export const STATUS_SIGN: Readonly<Record<ReportDeploy['status'], string>> = {
  pending: '·',
  running: '·',
  success: '✓',
  failed: '✗',
  canceled: '✗',
};

/** What a standing means in a report, as {@link standingWord} calls it. */
export function standingMeaning(standing: Standing, report: Pick<Report, 'command' | 'sources'>): string {
  return standingWord(standing, report) === standing
    ? STANDING_MEANING[standing]
    : 'no markers were read that would tell';
}

/**
 * What is said of changes that want a look. What an audit has to look at stands among its findings, where it may be accepted, or does
 * not fail.
 */
export function openWordsOf({ command }: Pick<Report, 'command'>): string {
  return command === 'audit' ? 'not accounted for' : 'to look at';
}

/** Whether a finding makes the audit fail. */
export function isFailing({ fails, accepted }: ReportFinding): boolean {
  return fails && accepted === undefined;
}

/** `2025-12-14T08:05:10Z` as `2025-12-14 08:05:10`. */
export function toPlainTime(time: string): string {
  return time.replace('T', ' ').replace('Z', '');
}

/** When a deploy began, as well as is known. */
export function startOf({ started_at, window, deployed_at }: ReportDeploy): string {
  return started_at ?? deployed_at ?? window.from;
}

/** The commit as people write it. */
export function shortCommit({ git_sha }: Pick<ReportDeploy, 'git_sha'>): string {
  return git_sha.slice(0, 7);
}

/** As many components of one deploy are named; JSON has them all. */
const MOST_COMPONENTS = 20;

/** The components of a deploy, and how many are not named. */
export function describeComponents({ components }: Pick<ReportDeploy, 'components'>): string {
  if (components.length === 0) return '-';
  const left = components.length - MOST_COMPONENTS;
  const more = left > 0 ? ` and ${left.toLocaleString('en')} more, see --json` : '';
  return `${components.slice(0, MOST_COMPONENTS).join(', ')}${more}`;
}

/** Who made a change. */
export function describeMaker({ actor, account }: Pick<ReportChange, 'actor' | 'account'>): string {
  return describeActor(actor, account);
}

/** Short commits by deploy id; a deploy that is not listed shows as the start of its id. */
export function describeDeploys(change: ReportChange, deploys: ReadonlyMap<string, ReportDeploy>): string[] {
  return change.deploys.map(id => {
    const deploy = deploys.get(id);
    return deploy === undefined ? id.slice(0, 8) : shortCommit(deploy);
  });
}

/** Who started a deploy, and from where: `jane (circleci), acme/app main`. */
export function describeOrigin(deploy: ReportDeploy): string {
  const { repository, ref } = deploy;
  const who = makerOf(deploy);
  const from = [repository, ref].filter(Boolean).join(' ');
  return from === '' ? who : `${who}, ${from}`;
}

/** How an open change lies to the deploys that it names; empty if it names none. */
export function describeTie(change: ReportChange, commits: readonly string[]): string {
  if (commits.length === 0) return '';
  if (change.standing === 'ambiguous') return `for ${commits.join(' or ')}`;
  if (change.standing === 'coincident') return `during ${commits.join(', ')}`;
  return commits.join(', ');
}

/** `44 explained, 6 unexplained`; standings without a change are left out. Without markers it is the word for want of one that is known. */
export function describeStandings(report: Pick<Report, 'command' | 'sources' | 'totals'>): string {
  const { standings } = report.totals;
  return STANDINGS.filter(standing => standings[standing] > 0)
    .map(standing => {
      const why = standingWord(standing, report) === standing ? '' : ', since no markers were read';
      return `${standings[standing].toLocaleString('en')} ${standing}${why}`;
    })
    .join(', ');
}

/** The first words about a component of which nothing is in what was read; undefined for a report that tells of one. */
export function titleNotSeen(report: Report): string | undefined {
  const component = report.not_seen?.component;
  if (component === undefined) return undefined;
  return isUnread(report) ? `Whether ${component} changed is not known` : `Nothing of ${component} was seen`;
}

/**
 * Sentences about a component of which nothing is in what was read; so that it looks neither like one that was left alone, nor, where
 * changes could not be read, like one that is not there. None for a report that tells of it.
 */
export function describeNotSeen(report: Report): string[] {
  const { not_seen, sources } = report;
  if (not_seen === undefined) return [];
  if (isUnread(report)) return [`${titleNotSeen(report)}: no changes could be read.`];
  const { near, elsewhere = [], services } = not_seen;
  const others = elsewhere.length === 0 ? 'No name that was seen is like it.' : describeNamesakes(elsewhere);
  const seen = [
    `${titleNotSeen(report)}: no change of it, and no marker.`,
    near.length === 0 ? others : `Did you mean ${near.join(' or ')}?`,
  ];
  if (sources.some(({ side, complete }) => side === 'changes' && !complete)) {
    return [
      ...seen,
      ...describePart(report),
      'Not all changes could be read: it may have changed all the same.',
      ...describeFreshness(report),
    ];
  }
  const read = `Changes of ${services.join(', ')} were read; name other services with --services, or all.`;
  return [...seen, ...(services.includes('all') ? [] : [read]), ...describeFreshness(report)];
}

/** Whether nothing at all was read: where a part was, and it held nothing, that is another answer. */
function isUnread(report: Report): boolean {
  return isBlind(report) && partError(report) === undefined;
}

/** What was not read where a part was. */
function describePart(report: Report): string[] {
  const message = partError(report);
  return message === undefined ? [] : [`${message.charAt(0).toUpperCase()}${message.slice(1)}.`];
}

function partError({ sources }: Report): string | undefined {
  const part = sources.find(({ side, error }) => side === 'changes' && error?.code === 'ANSWER_INCOMPLETE');
  return part?.error?.message;
}

function describeNamesakes(places: readonly string[]): string {
  return `Something of the same name was seen in ${places.join(', ')}, which is another one.`;
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html */
const STILL_TO_COME = 'Changes of the last minutes may still be missing: CloudTrail takes about five.';

/** What can be asked for and leaves a sentence about changes true. */
const OF_CHANGES: readonly string[] = ['component'];

/** Sentences about a time in which nothing changed, and how far that can be known; none where something did, or nothing was seen of it. */
export function describeUnchanged(report: Report): string[] {
  const { command, question, totals, not_seen, complete } = report;
  const asksMore = Object.keys(question).some(flag => !OF_CHANGES.includes(flag));
  if (command !== 'trace' || totals.changes > 0 || not_seen !== undefined || asksMore) return [];
  const { component } = question;
  const of = component === undefined ? '' : ` of ${component}`;
  if (isUnread(report))
    return [`Whether anything${of} changed in this time is not known: no changes could be read.`];
  if (!complete)
    return [
      `No change${of} was found in this time, but the answer is incomplete: there may be one all the same.`,
      ...describePart(report),
    ];
  const isLate = report.gaps.some(({ late }) => late === true);
  return [
    isLate ? `No change${of} was found in what was read of this time.` : sayUnchanged(component),
    ...describeFreshness(report),
  ];
}

function sayUnchanged(component: string | undefined): string {
  return component === undefined
    ? 'Nothing changed in this time.'
    : `${component} was not changed in this time.`;
}

/** Up to when records were seen; and, where the time that is asked for ends now, that the last changes may still come. None for a report that read nothing. */
function describeFreshness(report: Report): string[] {
  if (isUnread(report)) return [];
  const newest = report.sources
    .flatMap(source => source.newest ?? [])
    .sort()
    .at(-1);
  const read =
    newest === undefined
      ? 'No record was seen.'
      : `The newest record that was read is of ${toPlainTime(newest)}.`;
  return endsNow(report) ? [read, STILL_TO_COME] : [read];
}

/** {@link describeFreshness} of an answer that ends now and whose other sentences do not tell it: one with changes in it looks as whole as any. */
export function describeStillToCome(report: Report): string[] {
  if (report.command === 'audit' || !endsNow(report)) return [];
  const isTold = [...describeNotSeen(report), ...describeUnchanged(report)].includes(STILL_TO_COME);
  return isTold ? [] : describeFreshness(report);
}

/** Whether the end of the time that is asked for is so near that records of it are still to come. */
function endsNow({ generated_at, until }: Report): boolean {
  return Date.parse(generated_at) - Date.parse(until) < DEFAULT_WAITING;
}

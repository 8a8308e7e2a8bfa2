import type { Report, ReportChange } from '../../core/findings/report.ts';
import type { Drift, DriftState } from '../../core/investigate/drift.ts';
import type { RecordedChange, RecordedState } from '../../core/investigate/recorded-change.ts';
import { describeDeploys, describeTie, standingMeaning, toPlainTime } from './report-words.ts';
import { standingWord } from './standing-words.ts';

/** What each state of a recording means. */
const RECORDED_MEANING: Readonly<Record<RecordedState, string>> = {
  changed: 'AWS Config recorded a difference',
  unchanged: 'AWS Config recorded no difference',
  created: 'it was created',
  deleted: 'it was deleted',
  waiting: 'AWS Config has no item yet',
  missed: 'AWS Config missed it',
  'no-before': 'AWS Config does not know what was there before',
  'not-recorded': 'not recorded by AWS Config',
  'not-read': 'AWS Config was not read',
};

/** What each state of drift means. */
const DRIFT_MEANING: Readonly<Record<DriftState, string>> = {
  'in-sync': 'as its template has it',
  modified: 'differs from its template',
  deleted: 'deleted, though its template has it',
  'not-checked': 'not known, nobody has looked yet',
  unsupported: 'not known, CloudFormation cannot tell of this type',
  unknown: 'not known, the look failed',
};

const FOUND_BY: Readonly<Record<Drift['found_by'], string>> = {
  component: '',
  'stack-resources': '',
  tags: ', found by its tags',
  marker: ', found by a marker’s label',
};

/** What Config says of a change, without the differences. */
export function describeRecording({ state, before_at, after_at, note }: RecordedChange): string {
  const times = [before_at, after_at].flatMap(time => (time === undefined ? [] : toPlainTime(time)));
  const between = times.length === 2 ? ` between ${times.join(' and ')}` : '';
  return `${RECORDED_MEANING[state]}${between}${note === undefined ? '' : `; ${note}`}`;
}

/** Which stack, how it stands, and when CloudFormation looked. */
export function describeDriftHead(drift: Drift): string {
  const { stack, account, region, state, checked_at, found_by } = drift;
  const looked = checked_at === undefined ? '' : `, looked at ${toPlainTime(checked_at)} UTC`;
  return `stack ${stack} in ${account} ${region}${FOUND_BY[found_by]}: ${DRIFT_MEANING[state]}${looked}`;
}

/** What the next step is where nobody has looked for drift in this run. */
export function describeLook({ is_new, state }: Drift): string | undefined {
  if (is_new || state === 'unsupported') return undefined;
  return state === 'not-checked'
    ? '--drift has CloudFormation look'
    : 'that is the last known state; --drift looks again';
}

/** Whether a deploy made the change, with its commits. */
export function describeStanding(
  change: ReportChange,
  report: Pick<Report, 'command' | 'sources' | 'deploys'>,
): string {
  const { deploys } = report;
  const commits = describeDeploys(change, new Map(deploys.map(deploy => [deploy.deploy_id, deploy])));
  const tie = describeTie(change, commits);
  return [
    `${standingWord(change.standing, report)}: ${standingMeaning(change.standing, report)}`,
    tie,
    change.note ?? '',
  ]
    .filter(Boolean)
    .join(', ');
}

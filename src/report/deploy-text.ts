import type { Tone } from '../core/base/styled-line.ts';
import type { ReportDeploy } from '../core/findings/report.ts';
import type { Paragraph } from './plain-text.ts';
import {
  describeComponents,
  describeOrigin,
  STATE_MEANING,
  STATUS_SIGN,
  shortCommit,
  startOf,
  toPlainTime,
} from './words/report-words.ts';

/** Of a commit, in a link, and of the one before it. */
const LINKED_CHARACTERS = 12;

const STATUS_TONE: Readonly<Record<ReportDeploy['status'], Tone>> = {
  pending: 'warn',
  running: 'warn',
  success: 'good',
  failed: 'bad',
  canceled: 'bad',
};

/** What a deploy is and where it comes from, without its changes. */
export function deployHeadParagraphs(deploy: ReportDeploy): Paragraph[] {
  const { window, state, kind, status, role_session_name: session } = deploy;
  const start = `${toPlainTime(startOf(deploy))}  ${STATUS_SIGN[status]} ${status.padEnd(8)}  `;
  const place = [kind === 'deploy' ? '' : kind, deploy.env].filter(Boolean).join(' ');
  const date = window.from.slice(0, 10);
  const until = window.until.startsWith(date) ? window.until.slice(11, 19) : toPlainTime(window.until);
  const details = [
    `window ${toPlainTime(window.from)} to ${until}${window.assumed_start ? ', start assumed' : ''}`,
    state === 'changed' ? '' : state === 'missing' ? 'NO CHANGE FOUND' : STATE_MEANING[state],
  ];
  return [
    {
      first: start,
      text: [shortCommit(deploy), place, describeComponents(deploy)].join('  '),
      rest: '      ',
      tones: { first: STATUS_TONE[status], text: 'strong' },
    },
    ...originParagraphs(deploy, '  '),
    ...(session === undefined
      ? []
      : [{ first: '  session ', text: [roleOf(deploy), session].filter(Boolean).join('/'), rest: '    ' }]),
    {
      first: '  ',
      text: details.filter(Boolean).join(', '),
      tones: { text: state === 'changed' ? 'soft' : 'warn' },
    },
  ];
}

/** The role's name as CloudTrail has it beside the session: without its path. */
function roleOf({ role_arn }: ReportDeploy): string | undefined {
  return role_arn?.slice(role_arn.lastIndexOf('/') + 1);
}

/** Who started a deploy and from where, its commit and the one before it, version and run, why, and who approved it; each whole. */
export function originParagraphs(deploy: ReportDeploy, indent: string): Paragraph[] {
  const { git_sha, commit_url, url, reason, approved_by, previous_git_sha, target_version } = deploy;
  const approval = approved_by === undefined ? undefined : `approved by ${approved_by}`;
  // Hosts find a commit by these, and a link that is broken over two lines cannot be clicked.
  const link = commit_url?.replace(git_sha, git_sha.slice(0, LINKED_CHARACTERS));
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    ['by ', describeOrigin(deploy)],
    ['commit ', link ?? (git_sha.length > 7 ? git_sha : undefined)],
    ['before it ', previous_git_sha?.slice(0, LINKED_CHARACTERS)],
    ['version ', target_version],
    ['run ', url],
    [reason === undefined ? '' : 'reason ', [reason, approval].filter(Boolean).join(', ') || undefined],
  ];
  return rows.flatMap(([label, text]) =>
    text === undefined ? [] : [{ first: `${indent}${label}`, text, rest: `${indent}  ` }],
  );
}

import type { OptionTable, OptionValues } from '../../config/option.ts';
import { FINDING_KINDS } from '../../core/findings/report.ts';
import { TRAIL_FLAGS, TRAIL_GROUPS } from '../trail/trail.flags.ts';

const VERDICT = 'What counts:';

/** Flags of `audit`. */
export const AUDIT_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    group: TRAIL_GROUPS.asked,
    default: '24h',
    configurable: false,
    describe:
      'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601; or last, where the run before stopped.',
  },
  ...TRAIL_FLAGS,
  'fail-on': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    group: VERDICT,
    value: 'KIND',
    choices: [...FINDING_KINDS, 'none'],
    describe:
      'Fail for these findings; none reports only, and fails for tampered logs and what could not be read.',
    unset: 'tampered-log, unexplained-change, unexpected-session, person-change, conflicting-marker',
  },
  allow: {
    type: 'string',
    value: 'FILE',
    group: VERDICT,
    describe: 'Read from this file, a JSON list, what is allowed, why and until when.',
    unset: 'none',
  },
  scope: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
    group: VERDICT,
    describe: 'Count only the components in this file, a pattern or ARN on each line; ! leaves one out.',
    unset: 'all',
  },
  baseline: {
    type: 'string',
    value: 'FILE',
    group: VERDICT,
    describe: 'Accept the findings in this file, which --write-baseline made.',
    unset: 'none',
  },
  'write-baseline': {
    type: 'string',
    value: 'FILE',
    group: VERDICT,
    configurable: false,
    describe: 'Write what is found now to this file, and accept it.',
    unset: 'none',
  },
  'session-pattern': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'PATTERN',
    group: VERDICT,
    describe: 'Expect session names like this, with * and ?.',
    unset: 'as session-name composes them',
  },
  verify: {
    type: 'boolean',
    group: VERDICT,
    describe: "Hold the logs of a bucket against CloudTrail's digests, and report those that were changed.",
  },
  state: {
    type: 'string',
    value: 'FILE',
    group: TRAIL_GROUPS.result,
    describe: 'Remember in this file, or at s3://BUCKET/KEY, what was told and how far time is judged.',
    unset: 'none',
  },
  junit: {
    type: 'string',
    value: 'FILE',
    group: TRAIL_GROUPS.result,
    configurable: false,
    describe: 'Write the findings as JUnit XML to this file too.',
    unset: 'none',
  },
  html: {
    type: 'string',
    value: 'FILE',
    group: TRAIL_GROUPS.result,
    configurable: false,
    describe: 'Write the findings as one page to this file too.',
    unset: 'none',
  },
  diff: {
    type: 'boolean',
    group: TRAIL_GROUPS.result,
    describe: 'Add what AWS Config recorded before and after each change found, of up to 25 components.',
  },
  'notify-sns': {
    type: 'string',
    value: 'ARN',
    group: TRAIL_GROUPS.result,
    describe: 'Tell this SNS topic of each new finding once; it needs --state.',
    unset: 'none',
  },
  'notify-slack-env': {
    type: 'string',
    value: 'VAR',
    secret: 'unless a name',
    group: TRAIL_GROUPS.result,
    describe: 'Tell the Slack webhook in this variable of each new finding once; it needs --state.',
    unset: 'none',
  },
} as const satisfies OptionTable;

/** Values of `audit`'s flags. */
export type AuditFlags = OptionValues<typeof AUDIT_FLAGS>;

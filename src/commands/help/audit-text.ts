import type { AUDIT_FLAGS } from '../audit/audit.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';
import { TRAIL_GROUPS, TRAIL_TEXTS } from './trail-text.ts';

const VERDICT = 'What counts:';

/** Texts of {@link AUDIT_FLAGS}. */
export const AUDIT_TEXTS: FlagTexts<typeof AUDIT_FLAGS> = {
  since: {
    group: TRAIL_GROUPS.asked,
    describe:
      'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601; or last, where the run before stopped.',
  },
  ...TRAIL_TEXTS,
  'fail-on': {
    group: VERDICT,
    describe:
      'Fail for these findings; none reports only, and fails for tampered logs and what could not be read.',
    unset: 'tampered-log, unexplained-change, unexpected-session, person-change, conflicting-marker',
  },
  allow: {
    group: VERDICT,
    describe: 'Read from this file, a JSON list, what is allowed, why and until when.',
    unset: 'none',
  },
  scope: {
    group: VERDICT,
    describe: 'Count only the components in this file, a pattern or ARN on each line; ! leaves one out.',
    unset: 'all',
  },
  baseline: {
    group: VERDICT,
    describe: 'Accept the findings in this file, which --write-baseline made.',
    unset: 'none',
  },
  'write-baseline': {
    group: VERDICT,
    describe: 'Write what is found now to this file, and accept it.',
    unset: 'none',
  },
  'session-pattern': {
    group: VERDICT,
    describe: 'Expect session names like this, with * and ?.',
    unset: 'as session-name composes them',
  },
  verify: {
    group: VERDICT,
    describe: "Hold the logs of a bucket against CloudTrail's digests, and report those that were changed.",
  },
  state: {
    group: TRAIL_GROUPS.result,
    describe: 'Remember in this file, or at s3://BUCKET/KEY, what was told and how far time is judged.',
    unset: 'none',
  },
  junit: {
    group: TRAIL_GROUPS.result,
    describe: 'Write the findings as JUnit XML to this file too.',
    unset: 'none',
  },
  html: {
    group: TRAIL_GROUPS.result,
    describe: 'Write the findings as one page to this file too.',
    unset: 'none',
  },
  diff: {
    group: TRAIL_GROUPS.result,
    describe: 'Add what AWS Config recorded before and after each change found, of up to 25 components.',
  },
  'notify-sns': {
    group: TRAIL_GROUPS.result,
    describe: 'Tell this SNS topic of each new finding once; it needs --state.',
    unset: 'none',
  },
  'notify-slack-env': {
    group: TRAIL_GROUPS.result,
    describe: 'Tell the Slack webhook in this variable of each new finding once; it needs --state.',
    unset: 'none',
  },
};

/** What help says of `audit`. */
export const AUDIT_TEXT: CommandText<typeof AUDIT_FLAGS> = {
  summary: 'Fail if something changed that no deploy explains.',
  examples: [
    ['audit --markers deploys.jsonl', 'Judge the last 24 hours.'],
    [
      'audit --since last --state audit.json --markers deploys.jsonl --junit audit.xml',
      'Go on from where the run before stopped.',
    ],
    [
      'audit --markers deploys.jsonl --write-baseline baseline.json',
      'Accept what is found today, for a first adoption.',
    ],
  ],
  flags: AUDIT_TEXTS,
};

import type { OptionTable, OptionValues } from '../../config/option.ts';
import { FINDING_KINDS } from '../../core/findings/report.ts';
import { TRAIL_FLAGS } from '../trail/trail.flags.ts';

const VERDICT = 'What counts:';
const RESULT = 'Result:';

/** Flags of `audit`. */
export const AUDIT_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    group: VERDICT,
    default: '24h',
    configurable: false,
    describe: 'how far back: 24h, yesterday, ISO 8601, or last',
  },
  'fail-on': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    group: VERDICT,
    value: 'KIND',
    choices: [...FINDING_KINDS, 'none'],
    describe: 'findings that fail it; repeatable',
  },
  'session-pattern': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'PATTERN',
    group: VERDICT,
    describe: 'session names that fit',
  },
  allow: { type: 'string', value: 'FILE', group: VERDICT, describe: 'what is allowed, why, until when' },
  baseline: { type: 'string', value: 'FILE', group: VERDICT, describe: 'findings that are accepted' },
  'write-baseline': {
    type: 'string',
    value: 'FILE',
    group: VERDICT,
    configurable: false,
    describe: "accept today's findings from now on",
  },
  scope: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
    group: VERDICT,
    describe: 'components that count, one a line',
  },
  ...TRAIL_FLAGS,
  diff: {
    type: 'boolean',
    group: RESULT,
    describe: 'what AWS Config recorded around findings',
  },
  verify: { type: 'boolean', group: VERDICT, describe: "hold a bucket's logs against CloudTrail's digests" },
  html: { type: 'string', value: 'FILE', group: RESULT, configurable: false, describe: 'write a page too' },
  junit: {
    type: 'string',
    value: 'FILE',
    group: RESULT,
    configurable: false,
    describe: 'write JUnit XML too',
  },
  state: {
    type: 'string',
    value: 'FILE',
    group: RESULT,
    describe: 'what was found before; or s3://BUCKET/KEY',
  },
  'notify-sns': {
    type: 'string',
    value: 'ARN',
    group: RESULT,
    describe: 'topic that is told of new findings',
  },
  'notify-slack-env': {
    type: 'string',
    value: 'VAR',
    secret: 'unless a name',
    group: RESULT,
    describe: 'variable that holds the webhook to tell',
  },
} as const satisfies OptionTable;

/** Values of `audit`'s flags. */
export type AuditFlags = OptionValues<typeof AUDIT_FLAGS>;

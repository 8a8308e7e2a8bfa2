import type { OptionTable, OptionValues } from '../../config/option.ts';
import { FINDING_KINDS } from '../../core/findings/report.ts';
import { TRAIL_FLAGS } from '../trail/trail.flags.ts';

/** Flags of `audit`. */
export const AUDIT_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    default: '24h',
    configurable: false,
  },
  ...TRAIL_FLAGS,
  'fail-on': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'KIND',
    choices: [...FINDING_KINDS, 'none'],
  },
  allow: {
    type: 'string',
    value: 'FILE',
  },
  scope: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
  },
  baseline: {
    type: 'string',
    value: 'FILE',
  },
  'write-baseline': {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
  'session-pattern': {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'PATTERN',
  },
  verify: {
    type: 'boolean',
  },
  state: {
    type: 'string',
    value: 'FILE',
  },
  junit: {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
  html: {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
  diff: {
    type: 'boolean',
  },
  'notify-sns': {
    type: 'string',
    value: 'ARN',
  },
  'notify-slack-env': {
    type: 'string',
    value: 'VAR',
    secret: 'unless a name',
  },
} as const satisfies OptionTable;

/** Values of `audit`'s flags. */
export type AuditFlags = OptionValues<typeof AUDIT_FLAGS>;

import type { OptionTable } from '../../config/option.ts';
import { PAGE_FLAGS, TRAIL_FLAGS, TRAIL_GROUPS } from './trail.flags.ts';

/** Flags of `trace`. */
export const TRACE_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    default: '7d',
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
  },
  ...TRAIL_FLAGS,
  component: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Ask for this component, as the argument does.',
    unset: 'all',
  },
  'git-sha': {
    type: 'string',
    refusesEmpty: true,
    value: 'SHA',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Ask for deploys of this commit, by 7 characters of it or more.',
    unset: 'all',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Ask for this STS session, by its whole name.',
    unset: 'all',
  },
  'deploy-id': {
    type: 'string',
    value: 'ID',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Ask for the deploy with this deploy_id.',
    unset: 'all',
  },
  uid: {
    type: 'string',
    value: 'UID',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Ask for the deploy of the marker with this uid.',
    unset: 'all',
  },
  quick: {
    type: 'boolean',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe:
      'Look one function up by its name alone in event history. It takes seconds, and is never complete (exit code 8).',
  },
  ...PAGE_FLAGS,
} as const satisfies OptionTable;

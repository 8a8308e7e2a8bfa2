import type { OptionTable } from '../../config/option.ts';
import { TRAIL_FLAGS } from './trail.flags.ts';

const QUESTION = 'What is asked:';

/** Flags of `trace`. */
export const TRACE_FLAGS = {
  component: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: QUESTION,
    configurable: false,
    describe: 'the same as [component]: kind:name, ARN, or a name',
  },
  quick: {
    type: 'boolean',
    group: QUESTION,
    configurable: false,
    describe: 'one function, by its name alone: fast, and incomplete',
  },
  'git-sha': {
    type: 'string',
    refusesEmpty: true,
    value: 'SHA',
    group: QUESTION,
    configurable: false,
    describe: 'commit, 7 characters or more',
  },
  uid: { type: 'string', value: 'UID', group: QUESTION, configurable: false, describe: 'uid of a marker' },
  'deploy-id': {
    type: 'string',
    value: 'ID',
    group: QUESTION,
    configurable: false,
    describe: 'id of a deploy',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: QUESTION,
    configurable: false,
    describe: 'STS session',
  },
  since: {
    type: 'string',
    value: 'TIME',
    group: QUESTION,
    configurable: false,
    default: '7d',
    describe: 'how far back: 7d, yesterday, 14:05, ISO 8601',
  },
  ...TRAIL_FLAGS,
  html: {
    type: 'string',
    value: 'FILE',
    group: 'Result:',
    configurable: false,
    describe: 'write a page too',
  },
} as const satisfies OptionTable;

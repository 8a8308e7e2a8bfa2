import type { OptionTable, OptionValues } from '../../config/option.ts';
import { TRAIL_FLAGS } from '../trail/trail.flags.ts';

const QUESTION = 'What is asked:';
const RESULT = 'Result:';

/** Flags of `investigate`. */
export const INVESTIGATE_FLAGS = {
  at: {
    type: 'string',
    value: 'TIME',
    group: QUESTION,
    configurable: false,
    describe: 'what was in force then: a day before, an hour after',
  },
  since: {
    type: 'string',
    value: 'TIME',
    group: QUESTION,
    configurable: false,
    describe: 'how far back (default: 24h), or ISO 8601',
  },
  drift: {
    type: 'boolean',
    group: QUESTION,
    configurable: false,
    describe: 'have CloudFormation look for drift now',
  },
  timeout: {
    type: 'string',
    value: 'TIME',
    group: QUESTION,
    default: '60s',
    configurable: false,
    describe: 'for AWS Config and CloudFormation',
  },
  ...TRAIL_FLAGS,
  html: { type: 'string', value: 'FILE', group: RESULT, configurable: false, describe: 'write a page too' },
} as const satisfies OptionTable;

/** Values of `investigate`'s flags. */
export type InvestigateFlags = OptionValues<typeof INVESTIGATE_FLAGS>;

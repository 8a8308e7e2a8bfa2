import type { OptionTable } from '../config/option.ts';

const RESULT = 'Result:';

/** Flags of `template`. */
export const TEMPLATE_FLAGS = {
  param: {
    type: 'list',
    value: 'NAME=VALUE',
    group: RESULT,
    configurable: false,
    describe: "Make this value the parameter's default.",
    unset: 'as the template has it',
  },
  out: {
    type: 'string',
    value: 'FILE',
    group: RESULT,
    configurable: false,
    describe: 'Write the template to this file.',
    unset: 'stdout',
  },
} as const satisfies OptionTable;

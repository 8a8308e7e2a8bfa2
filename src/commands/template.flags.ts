import type { OptionTable } from '../config/option.ts';

/** Flags of `template`. */
export const TEMPLATE_FLAGS = {
  param: {
    type: 'list',
    value: 'NAME=VALUE',
    configurable: false,
    describe: 'default of a parameter; repeatable',
  },
  out: { type: 'string', value: 'FILE', configurable: false, describe: 'write it there, not to stdout' },
} as const satisfies OptionTable;

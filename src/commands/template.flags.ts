import type { OptionTable } from '../config/option.ts';

/** Flags of `template`. */
export const TEMPLATE_FLAGS = {
  param: {
    type: 'list',
    value: 'NAME=VALUE',
    configurable: false,
  },
  out: {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
} as const satisfies OptionTable;

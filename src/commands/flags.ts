import type { OptionTable } from '../config/option.ts';

/** Flags that every command has. */
export const COMMON_FLAGS = {
  json: {
    type: 'boolean',
    configurable: false,
  },
  quiet: { type: 'boolean', configurable: false },
  debug: {
    type: 'boolean',
    configurable: false,
  },
  color: {
    type: 'string',
    value: 'WHEN',
    configurable: false,
    choices: ['auto', 'always', 'never'],
    default: 'auto',
  },
  config: {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
  help: { type: 'boolean', configurable: false },
  version: {
    type: 'boolean',
    configurable: false,
  },
} as const satisfies OptionTable;

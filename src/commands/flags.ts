import type { OptionTable } from '../config/option.ts';

/** Flags that every command has. */
export const COMMON_FLAGS = {
  json: { type: 'boolean', configurable: false, describe: 'print one JSON object' },
  quiet: { type: 'boolean', configurable: false, describe: 'leave out notes' },
  debug: { type: 'boolean', configurable: false, describe: 'print details and stacks' },
  color: {
    type: 'string',
    value: 'WHEN',
    configurable: false,
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    describe: 'colours',
  },
  config: {
    type: 'string',
    value: 'FILE',
    configurable: false,
    describe: 'settings (default deploy-marker.json)',
  },
  help: { type: 'boolean', configurable: false, describe: 'show this help' },
  version: { type: 'boolean', configurable: false, describe: 'show the version' },
} as const satisfies OptionTable;

import type { OptionTable } from '../config/option.ts';

const EVERY = 'Every command:';

/** Flags that every command has. */
export const COMMON_FLAGS = {
  json: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Print one JSON object on stdout, and an error as one on stderr.',
  },
  quiet: { type: 'boolean', group: EVERY, configurable: false, describe: 'Leave out notes, not warnings.' },
  debug: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Tell details on stderr, and the stack of an error.',
  },
  color: {
    type: 'string',
    value: 'WHEN',
    group: EVERY,
    configurable: false,
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    describe: 'Colour results; auto does on a terminal, and heeds NO_COLOR and FORCE_COLOR.',
  },
  config: {
    type: 'string',
    value: 'FILE',
    group: EVERY,
    configurable: false,
    describe: 'Read settings from this JSON file.',
    unset: 'deploy-marker.json, where it is',
  },
  help: { type: 'boolean', group: EVERY, configurable: false, describe: 'Show this help, and do nothing.' },
  version: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Show the version, and do nothing.',
  },
} as const satisfies OptionTable;

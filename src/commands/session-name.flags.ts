import type { OptionTable } from '../config/option.ts';

/** Flags that say what a session name is made of; `assume-role` has them too. */
export const SESSION_NAME_PARTS = {
  env: {
    type: 'string',
    value: 'ENV',
  },
  'git-sha': {
    type: 'string',
    value: 'SHA',
  },
  workflow: {
    type: 'string',
    value: 'NAME',
  },
  job: {
    type: 'string',
    value: 'NAME',
  },
  prefix: {
    type: 'string',
    value: 'TEXT',
    default: 'ci',
  },
  strict: {
    type: 'boolean',
  },
} as const satisfies OptionTable;

/** Flags of `session-name`. */
export const SESSION_NAME_FLAGS = {
  ...SESSION_NAME_PARTS,
  export: {
    type: 'string',
    value: 'VAR',
    configurable: false,
  },
  check: {
    type: 'string',
    value: 'NAME',
    configurable: false,
  },
} as const satisfies OptionTable;

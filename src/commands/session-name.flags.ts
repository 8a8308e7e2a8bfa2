import type { OptionTable } from '../config/option.ts';

const NAME = 'Session name:';

/** Flags that say what a session name is made of; `assume-role` has them too. */
export const SESSION_NAME_PARTS = {
  env: {
    type: 'string',
    value: 'ENV',
    group: NAME,
    describe: 'Name the environment, such as prod, in at most 20 characters.',
    unset: 'needed for a composed name',
  },
  'git-sha': {
    type: 'string',
    value: 'SHA',
    group: NAME,
    describe: 'Name the commit by 7 to 64 hexadecimal characters.',
    unset: 'what is checked out, else what CI says',
  },
  workflow: {
    type: 'string',
    value: 'NAME',
    group: NAME,
    describe: 'Name the workflow.',
    unset: 'what makes the run unique, such as 8 characters of CIRCLE_WORKFLOW_ID',
  },
  job: {
    type: 'string',
    value: 'NAME',
    group: NAME,
    describe: 'Name the job.',
    unset: 'what CI says, and none outside CI',
  },
  prefix: {
    type: 'string',
    value: 'TEXT',
    default: 'ci',
    group: NAME,
    describe: 'Begin the name with this text of at most 20 characters.',
  },
  strict: {
    type: 'boolean',
    group: NAME,
    describe: 'Refuse what would have to be changed or cut, instead of changing it.',
  },
} as const satisfies OptionTable;

/** Flags of `session-name`. */
export const SESSION_NAME_FLAGS = {
  ...SESSION_NAME_PARTS,
  export: {
    type: 'string',
    value: 'VAR',
    group: NAME,
    configurable: false,
    describe: 'Set this variable to the name for later steps too, in $BASH_ENV or $GITHUB_ENV.',
    unset: 'none',
  },
  check: {
    type: 'string',
    value: 'NAME',
    group: NAME,
    configurable: false,
    describe: 'Accept or refuse this whole name, and compose none.',
    unset: 'none',
  },
} as const satisfies OptionTable;

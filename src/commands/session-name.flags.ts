import type { OptionTable } from '../config/option.ts';

/** Flags that say what a session name is made of; `assume-role` has them too. */
export const SESSION_NAME_PARTS = {
  env: { type: 'string', value: 'ENV', describe: 'environment, such as prod' },
  'git-sha': { type: 'string', value: 'SHA', describe: 'commit (default: what CI or git says)' },
  workflow: { type: 'string', value: 'NAME', describe: 'workflow (default: what makes the run unique)' },
  job: { type: 'string', value: 'NAME', describe: 'job (default: what CI says)' },
  prefix: { type: 'string', value: 'TEXT', default: 'ci', describe: 'first part of the name' },
  strict: { type: 'boolean', describe: 'refuse instead of changing characters' },
} as const satisfies OptionTable;

/** Flags of `session-name`. */
export const SESSION_NAME_FLAGS = {
  ...SESSION_NAME_PARTS,
  check: {
    type: 'string',
    value: 'NAME',
    configurable: false,
    describe: 'check this whole name instead of composing one',
  },
  export: {
    type: 'string',
    value: 'VAR',
    configurable: false,
    describe: 'also set VAR for later steps ($BASH_ENV or $GITHUB_ENV)',
  },
} as const satisfies OptionTable;

import type { SESSION_NAME_FLAGS, SESSION_NAME_PARTS } from '../session-name.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';

const NAME = 'Session name:';

/** Texts of {@link SESSION_NAME_PARTS}. */
export const SESSION_NAME_PARTS_TEXTS: FlagTexts<typeof SESSION_NAME_PARTS> = {
  env: {
    group: NAME,
    describe: 'Name the environment, such as prod, in at most 20 characters.',
    unset: 'needed for a composed name',
  },
  'git-sha': {
    group: NAME,
    describe: 'Name the commit by 7 to 64 hexadecimal characters.',
    unset: 'what is checked out, else what CI says',
  },
  workflow: {
    group: NAME,
    describe: 'Name the workflow.',
    unset: 'what makes the run unique, such as 8 characters of CIRCLE_WORKFLOW_ID',
  },
  job: { group: NAME, describe: 'Name the job.', unset: 'what CI says, and none outside CI' },
  prefix: { group: NAME, describe: 'Begin the name with this text of at most 20 characters.' },
  strict: { group: NAME, describe: 'Refuse what would have to be changed or cut, instead of changing it.' },
};

/** Texts of {@link SESSION_NAME_FLAGS}. */
const SESSION_NAME_TEXTS: FlagTexts<typeof SESSION_NAME_FLAGS> = {
  ...SESSION_NAME_PARTS_TEXTS,
  export: {
    group: NAME,
    describe: 'Set this variable to the name for later steps too, in $BASH_ENV or $GITHUB_ENV.',
    unset: 'none',
  },
  check: { group: NAME, describe: 'Accept or refuse this whole name, and compose none.', unset: 'none' },
};

/** What help says of `session-name`. */
export const SESSION_NAME_TEXT: CommandText<typeof SESSION_NAME_FLAGS> = {
  summary: 'Compose or check an STS session name that leads to one deploy.',
  examples: [
    ['session-name --env prod', 'Name the session of this CI job.'],
    ['session-name --env prod --export ROLE_SESSION_NAME', 'Set the name for later steps too.'],
    ['session-name --check ci-prod-a1b2c3d', 'Accept or refuse a name.'],
  ],
  flags: SESSION_NAME_TEXTS,
};

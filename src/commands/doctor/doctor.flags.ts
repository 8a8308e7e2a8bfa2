import type { OptionTable } from '../../config/option.ts';

const CHECKED = 'What is checked:';

/** Flags of `doctor` alone; it takes every setting of the other commands too. */
export const DOCTOR_FLAGS = {
  online: {
    type: 'boolean',
    group: CHECKED,
    configurable: false,
    describe: 'Ask AWS too, and CI for a token where it has to be asked. Nothing is changed.',
  },
  'trust-policy': {
    type: 'string',
    value: 'FILE',
    group: CHECKED,
    configurable: false,
    describe: "Hold this trust policy of the role, JSON, against the job's token.",
    unset: "none, or the role's own with --online",
  },
} as const satisfies OptionTable;

import type { OptionTable } from '../../config/option.ts';

/** Flags of `doctor` alone; it takes every setting of the other commands too. */
export const DOCTOR_FLAGS = {
  'trust-policy': {
    type: 'string',
    value: 'FILE',
    configurable: false,
    describe: "trust policy of the role, to check the job's token against",
  },
  online: {
    type: 'boolean',
    configurable: false,
    describe: 'ask AWS too, and CI for a token where it has to be asked',
  },
} as const satisfies OptionTable;

import type { OptionTable } from '../../config/option.ts';

/** Flags of `doctor` alone; it takes every setting of the other commands too. */
export const DOCTOR_FLAGS = {
  online: {
    type: 'boolean',
    configurable: false,
  },
  'trust-policy': {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
} as const satisfies OptionTable;

import type { OptionTable } from '../../config/option.ts';
import { PAGE_FLAGS, SUBJECT_FLAGS, TRAIL_FLAGS } from './trail.flags.ts';

/** Flags of `trace`. */
export const TRACE_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    configurable: false,
    default: '7d',
  },
  ...TRAIL_FLAGS,
  ...SUBJECT_FLAGS,
  'deploy-id': {
    type: 'string',
    value: 'ID',
    configurable: false,
  },
  uid: {
    type: 'string',
    value: 'UID',
    configurable: false,
  },
  quick: {
    type: 'boolean',
    configurable: false,
  },
  ...PAGE_FLAGS,
} as const satisfies OptionTable;

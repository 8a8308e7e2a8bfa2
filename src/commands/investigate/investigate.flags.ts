import type { OptionTable, OptionValues } from '../../config/option.ts';
import type { TrailFlags } from '../trail/sources.ts';
import { PAGE_FLAGS, TRAIL_FLAGS } from '../trail/trail.flags.ts';

/** Flags of `investigate`. */
export const INVESTIGATE_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    configurable: false,
  },
  ...TRAIL_FLAGS,
  at: {
    type: 'string',
    value: 'TIME',
    configurable: false,
  },
  drift: {
    type: 'boolean',
    configurable: false,
  },
  timeout: {
    type: 'string',
    value: 'DURATION',
    default: '60s',
    configurable: false,
  },
  ...PAGE_FLAGS,
} as const satisfies OptionTable;

/** Values of `investigate`'s flags. */
export type InvestigateFlags = OptionValues<typeof INVESTIGATE_FLAGS> & Pick<TrailFlags, 'isRegionAssumed'>;

import type { OptionTable, OptionValues } from '../../config/option.ts';
import type { TrailFlags } from '../trail/sources.ts';
import { PAGE_FLAGS, TRAIL_FLAGS, TRAIL_GROUPS } from '../trail/trail.flags.ts';

/** Flags of `investigate`. */
export const INVESTIGATE_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
    unset: '24h',
  },
  ...TRAIL_FLAGS,
  at: {
    type: 'string',
    value: 'TIME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe:
      'Ask what was in force at this time, in the forms that --since takes; a day before and an hour after are read.',
    unset: 'none',
  },
  drift: {
    type: 'boolean',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'Have CloudFormation look now whether the resource still is as its stack has it.',
  },
  timeout: {
    type: 'string',
    value: 'DURATION',
    group: TRAIL_GROUPS.asked,
    default: '60s',
    configurable: false,
    describe:
      'Wait this long for AWS Config and CloudFormation, such as 30s or 2m; a bare number is seconds.',
  },
  ...PAGE_FLAGS,
} as const satisfies OptionTable;

/** Values of `investigate`'s flags. */
export type InvestigateFlags = OptionValues<typeof INVESTIGATE_FLAGS> & Pick<TrailFlags, 'isRegionAssumed'>;

import type { DeployWindow } from '../deploy/span.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Windows of more slots than this get slots of a day. */
const MOST_SLOTS = 30;

/** Stretches of time by which changes and deploys meet, for a join on equality. */
export interface Slots {
  readonly unit: string;
  /** How many of them a window can touch. */
  readonly count: number;
}

/** Slots that a window of this length touches in few rows. */
export function slots({ before, after, unfinishedAfter }: DeployWindow): Slots {
  const longest = before + unfinishedAfter + after;
  const hours = Math.ceil(longest / HOUR_MS) + 1;
  return hours <= MOST_SLOTS
    ? { unit: 'hour', count: hours }
    : { unit: 'day', count: Math.ceil(longest / DAY_MS) + 1 };
}

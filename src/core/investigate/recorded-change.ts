import type { ConfigItem } from './config-item.ts';
import type { DifferenceEntry } from './difference.ts';

/**
 * What Config recorded around a change:
 * - `changed`: a difference; `unchanged`: two items without one;
 * - `created`, `deleted`: the resource came or went;
 * - `waiting`: no item yet, and it may still come;
 * - `missed`: no item came in time, or none before the next change;
 * - `no-before`: an item after it, and none before it within the time that was looked through;
 * - `not-recorded`: Config records nothing of it; `not-read`: Config could not be asked.
 */
const RECORDED_STATES = [
  'changed',
  'unchanged',
  'created',
  'deleted',
  'waiting',
  'missed',
  'no-before',
  'not-recorded',
  'not-read',
] as const;
/** What Config recorded around a change. */
export type RecordedState = (typeof RECORDED_STATES)[number];

/** What Config says of a change. Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
export interface RecordedChange {
  readonly state: RecordedState;
  /** Of the item before it and of the one after it. */
  readonly before_at?: string;
  readonly after_at?: string;
  readonly recording?: 'continuous' | 'daily';
  readonly differences: readonly DifferenceEntry[];
  /** Differences that nobody sets, which are left out: times, revisions. */
  readonly noise: number;
  /** Ids of other changes between the same two items: the differences are those of all of them. */
  readonly shared_with: readonly string[];
  /** For people. */
  readonly note?: string;
}

/** A difference that Config recorded, and that no change accounts for. */
export interface StrayDifference {
  readonly before_at: string;
  readonly after_at: string;
  readonly state: 'changed' | 'created' | 'deleted';
  readonly differences: readonly DifferenceEntry[];
}

/** All that Config recorded of one resource, and changes of it. */
export interface Recording {
  readonly type: string;
  /** In the order of time. */
  readonly items: readonly ConfigItem[];
  /** How far back an item was looked for, milliseconds since the epoch. */
  readonly searchedFrom: number;
  /** Says why there may be no items; undefined where nobody asked. */
  readonly recorder?: RecorderState | undefined;
  /** Why there is no item at all, where Config says so. */
  readonly absence?: 'no-recorder' | 'not-discovered' | 'no-type' | undefined;
}

/** What an account's recorder does about one type. */
export interface RecorderState {
  readonly state: 'recording' | 'stopped' | 'none' | 'other-types';
  readonly frequency: 'continuous' | 'daily';
}

/**
 * Why an answer rests on less than there is:
 * - `failed`: a source, or a part of it, could not be read, or was refused;
 * - `passed-over`: left out because it is known to hold nothing of what is asked, such as digests beside logs;
 * - `left-out`: left out because somebody asked for that, or it is no change;
 * - `not-seen`: what was asked for is not among what was read;
 * - `bounded`: a marker says more than it may say.
 */
export const GAP_KINDS = ['failed', 'passed-over', 'left-out', 'not-seen', 'bounded'] as const;
/** Why an answer rests on less than there is. */
export type GapKind = (typeof GAP_KINDS)[number];

/** Something that the answer does not rest on. */
export interface ReportGap {
  readonly kind: GapKind;
  /** What it is about, for example a source or a marker's uid. */
  readonly subject: string;
  /** One line for people. */
  readonly message: string;
  /** How many records, files or markers; absent where nobody can count. */
  readonly count?: number;
  /** Whether the answer is incomplete for it. */
  readonly incomplete: boolean;
  /** Records may still come, have stopped to come, or begin late: a change may be missing. Absent where that is not so. */
  readonly late?: true;
}

/** What a source leaves out by design. */
export type LeftOut = Pick<ReportGap, 'kind' | 'message' | 'count'>;

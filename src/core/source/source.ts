import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { StoredMarker } from '../marker/stored.ts';
import type { ServiceChoice } from '../services/choice.ts';
import type { TimeRange } from '../time/range.ts';
import type { LeftOut } from './gap.ts';
import type { LogIntegrity } from './integrity.ts';
import type { SourceKind } from './sighting.ts';

/** What is wanted of a source of changes. */
export interface ChangeQuery extends TimeRange {
  /** Services without `.amazonaws.com`, or `all`, of which reads are left out; AssumeRole calls are always wanted too. */
  readonly services: ServiceChoice;
  /** A component that the question is about; sources may leave out what is certainly of others. */
  readonly component: string | undefined;
  /** Whether what finds the component fast will do, although it does not find all of its changes; the answer is incomplete then. */
  readonly isQuick?: boolean | undefined;
}

/** How a source that takes long is read. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Is told how much of the work is done, from 0 to 1, and what that is in words for people, where there is more to tell: most of it nobody sees. */
  readonly onProgress?: ((done: number, detail?: () => string) => void) | undefined;
  /** Is told what the source leaves out without being less complete for it. */
  readonly onLeftOut?: ((leftOut: LeftOut) => void) | undefined;
  /** Is told what became of verifying the logs of one account and Region, where that was asked for. */
  readonly onIntegrity?: ((integrity: LogIntegrity) => void) | undefined;
}

/** Why something is missing of what a source holds; nothing is missing if there are none. */
export type Gaps = readonly DeployMarkerError[];

/** A place where CloudTrail's records are. */
export interface ChangeSource {
  /** The place in words. */
  readonly title: string;
  readonly kind: SourceKind;
  /**
   * Hands over records as CloudTrail writes them, parsed and unchecked, more than what is wanted.
   *
   * @throws DeployMarkerError where it had to stop; what was handed over before stands
   */
  read(query: ChangeQuery, take: (record: unknown) => void, options: ReadOptions): Promise<Gaps>;
}

/** A place where markers are. */
export interface MarkerSource {
  /** The place in words. */
  readonly title: string;
  /**
   * Hands over markers.
   *
   * @throws DeployMarkerError where it had to stop; what was handed over before stands
   */
  read(range: TimeRange, take: (marker: StoredMarker) => void, options: ReadOptions): Promise<Gaps>;
}

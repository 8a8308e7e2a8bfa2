import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { ReportGap } from '../findings/report.ts';
import type { Marker } from '../marker/marker.ts';
import type { StoredMarker } from '../marker/stored.ts';
import type { ServiceChoice } from '../service-choice.ts';
import type { TimeRange } from '../time/range.ts';
import type { SourceKind } from './sighting.ts';

/** How a delivery may be cut short. */
export interface DeliverOptions {
  readonly signal?: AbortSignal;
}

/** A place where markers go. */
export interface MarkerSink {
  readonly name: 'lake' | 'logs' | 'file';
  /** The place in words, for example a channel's ARN or a path. */
  readonly title: string;
  /** How many markers one `deliver` call is best given, and how many such calls may run side by side. */
  readonly chunkSize: number;
  readonly concurrency: number;
  /**
   * Refuses a marker that this sink can never take, before anything is sent.
   *
   * @throws DeployMarkerError, for example EVENT_TOO_LARGE
   */
  check(marker: Marker): void;
  /**
   * Delivers markers. Resolves only if the other side confirmed every one of them.
   *
   * @throws DeliveryError otherwise; it says what became of each marker.
   */
  deliver(markers: readonly Marker[], options?: DeliverOptions): Promise<Delivery>;
  /** What `deliver` would send, without network and credentials. */
  preview(markers: readonly Marker[]): Promise<readonly DeliveryPreview[]>;
}

/** A request or a write that was not made. */
export interface DeliveryPreview {
  /** In one line: method and URL, or the file. */
  readonly target: string;
  /** Exactly the text that would go there. */
  readonly body: string;
}

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
  /** Is told how much of the work is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Is told what the source leaves out without being less complete for it. */
  readonly onLeftOut?: ((leftOut: LeftOut) => void) | undefined;
}

/** What a source leaves out by design. */
export type LeftOut = Pick<ReportGap, 'kind' | 'message' | 'count'>;

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

import type { Marker } from '../marker/marker.ts';
import type { Delivery } from './delivery.ts';

/** How a delivery may be cut short. */
export interface DeliverOptions {
  readonly signal?: AbortSignal;
}

/** A place where markers go. */
export interface MarkerSink {
  readonly name: 'lake' | 'logs' | 's3' | 'file';
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

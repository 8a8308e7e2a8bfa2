import type { ErrorCode } from '../../errors/codes.ts';
import { DeployMarkerError, type ErrorDetails } from '../../errors/deploy-marker-error.ts';

/** One marker that a sink confirmed. `eventId` is the other side's own id, where it gives one. */
export interface DeliveredMarker {
  readonly uid: string;
  readonly component: string;
  readonly eventId: string | null;
}

/** One marker that a sink was offered and is not known to have stored. */
export interface FailedMarker {
  readonly uid: string;
  readonly component: string;
  /** The service's code for this event, or ours for a failure of the whole call. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** What became of the markers that a sink was offered; every one of them is in one of the lists. */
export interface Delivery {
  readonly delivered: readonly DeliveredMarker[];
  readonly failed: readonly FailedMarker[];
}

/** A delivery that did not store every marker: the failure, and what became of each marker. */
export class DeliveryError extends DeployMarkerError {
  /** What was stored all the same, and what was not. Not enumerable, so that logging the error stays short. */
  declare readonly delivery: Delivery;

  constructor(code: ErrorCode, message: string, delivery: Delivery, details: ErrorDetails = {}) {
    super(code, message, details);
    Object.defineProperty(this, 'delivery', { value: delivery });
  }
}

import {
  type DeliveredMarker,
  type Delivery,
  DeliveryError,
  type FailedMarker,
} from '../../core/delivery/delivery.ts';
import type { Marker } from '../../core/marker/marker.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import { DeployMarkerError, type ErrorDetails } from '../../errors/deploy-marker-error.ts';
import { toOneLine } from '../../errors/visible-text.ts';

/** How a service's refusals are told. */
export interface OutcomeWords {
  /** What people call the service. */
  readonly service: string;
  /** The next step after a refusal with this code, where it is another one than that of our own code. */
  hintFor?(errorCode: string): ErrorDetails;
  /** What a refusal with this code is for us; without it, EVENTS_REJECTED. */
  codeFor?(errorCode: string): ErrorCode;
}

/** What became of each marker of one `deliver` call. What the service says is made harmless: it is shown in logs, where lines can be commands. */
export class Outcomes {
  readonly #markers: readonly Marker[];
  readonly #words: OutcomeWords;
  readonly #eventIds = new Map<string, string | null>();
  readonly #refusals = new Map<string, { readonly code: string; readonly message: string }>();

  constructor(markers: readonly Marker[], words: OutcomeWords) {
    this.#markers = markers;
    this.#words = words;
  }

  /** What is told of a marker last counts. @param eventId the service's own id, where it gives one */
  stored(uid: string, eventId: string | null): void {
    this.#refusals.delete(uid);
    this.#eventIds.set(uid, eventId === null ? null : toOneLine(eventId));
  }

  /** What is told of a marker last counts. */
  refused(uid: string, code: string, message: string): void {
    this.#eventIds.delete(uid);
    this.#refusals.set(uid, { code: toOneLine(code), message: toOneLine(message) });
  }

  /**
   * Puts one batch after the other, each of which notes its outcomes here.
   *
   * @throws DeliveryError for the first whole call that failed; else EVENTS_REJECTED, or what it is for the sink, if any marker was refused, and
   *   UNEXPECTED_RESPONSE if one has no answer
   */
  async collect<Batch>(batches: Iterable<Batch>, put: (batch: Batch) => Promise<void>): Promise<Delivery> {
    for (const batch of batches) {
      try {
        await put(batch);
      } catch (error) {
        throw this.#toError(error);
      }
    }
    return this.#settle();
  }

  #settle(): Delivery {
    const delivery = this.#toDelivery('UNEXPECTED_RESPONSE', 'the answer does not mention this event');
    const { failed } = delivery;
    const first = failed.find(({ uid }) => this.#refusals.has(uid)) ?? failed[0];
    if (first === undefined) return delivery;
    const { service, hintFor = () => ({}), codeFor = () => 'EVENTS_REJECTED' as const } = this.#words;
    const code = this.#refusals.has(first.uid) ? codeFor(first.errorCode) : 'UNEXPECTED_RESPONSE';
    const count = `${failed.length} of ${this.#markers.length}`;
    const message = `${service} refused ${count} ${this.#markers.length === 1 ? 'marker' : 'markers'}; ${first.component}: ${first.errorCode}: ${first.errorMessage}`;
    throw new DeliveryError(code, message, delivery, hintFor(first.errorCode));
  }

  /** A failure of the whole call, for the markers that have no answer of their own. */
  #toError(error: unknown): unknown {
    if (!(error instanceof DeployMarkerError)) return error;
    const { code, message, hint, cause } = error;
    return new DeliveryError(code, message, this.#toDelivery(code, message), { cause, hint });
  }

  #toDelivery(otherwiseCode: string, otherwiseMessage: string): Delivery {
    const delivered: DeliveredMarker[] = [];
    const failed: FailedMarker[] = [];
    for (const { uid, component } of this.#markers) {
      const eventId = this.#eventIds.get(uid);
      const { code, message } = this.#refusals.get(uid) ?? { code: otherwiseCode, message: otherwiseMessage };
      if (eventId !== undefined) delivered.push({ uid, component, eventId });
      else failed.push({ uid, component, errorCode: code, errorMessage: message });
    }
    return { delivered, failed };
  }
}

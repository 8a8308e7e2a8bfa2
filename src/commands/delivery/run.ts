import {
  type DeliveredMarker,
  type Delivery,
  DeliveryError,
  type FailedMarker,
} from '../../core/delivery/delivery.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import type { Marker } from '../../core/marker/marker.ts';
import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toDeployMarkerError, worstOf } from '../../errors/render.ts';

/** Markers for one call of a sink. */
export interface Parcel {
  readonly markers: readonly Marker[];
  /** What went wrong on the way to it; its markers are offered all the same. */
  readonly fault?: DeployMarkerError;
  /** Is told what became of them; resolves to the UIDs that are kept for another time. */
  settle?(delivery: Delivery): Promise<readonly string[]>;
}

/** What a delivery run did, and why it is incomplete if it is. */
export interface DeliveryTally {
  readonly delivered: number;
  readonly failed: readonly FailedMarker[];
  /** UIDs that were not stored and are kept for another time. */
  readonly spooled: readonly string[];
  readonly error: DeployMarkerError | undefined;
}

/** Failures that say nothing of the next call: single markers were refused, or the spool, not the sink, is in trouble. */
const SINGLE: readonly string[] = ['EVENTS_REJECTED', 'MARKER_CONFLICT', 'SPOOL_UNWRITABLE'];

/**
 * Delivers a stream of parcels to one sink, several side by side. Stops offering markers after the first failure of a
 * whole call, and counts the rest as failed of it; refusals of single markers do not stop it. Memory is that of the
 * parcels under way, and of what failed.
 *
 * @param onDelivered is told of the markers of a parcel as soon as they are confirmed
 */
export async function deliverStream(
  sink: MarkerSink,
  parcels: AsyncIterable<Parcel>,
  signal: AbortSignal,
  onDelivered: (delivered: readonly DeliveredMarker[]) => void,
): Promise<DeliveryTally> {
  const errors: DeployMarkerError[] = [];
  const failed: FailedMarker[] = [];
  const spooled: string[] = [];
  const underWay = new Set<Promise<void>>();
  let delivered = 0;
  const stoppedBy = (): DeployMarkerError | undefined =>
    signal.aborted ? toDeployMarkerError(signal.reason) : errors.find(({ code }) => !SINGLE.includes(code));
  const settle = async (parcel: Parcel, delivery: Delivery): Promise<void> => {
    onDelivered(delivery.delivered);
    delivered += delivery.delivered.length;
    for (const marker of delivery.failed) failed.push(marker);
    for (const uid of (await parcel.settle?.(delivery)) ?? []) spooled.push(uid);
  };
  const offer = async (parcel: Parcel): Promise<void> => {
    const call = sink
      .deliver(parcel.markers, { signal })
      .catch((error: unknown) => {
        const failure = toDeployMarkerError(error);
        errors.push(failure);
        return error instanceof DeliveryError ? error.delivery : failAll(parcel, failure);
      })
      .then(delivery => settle(parcel, delivery))
      .catch((error: unknown) => void errors.push(toDeployMarkerError(error)))
      .finally(() => underWay.delete(call));
    underWay.add(call);
    if (underWay.size >= sink.concurrency) await Promise.race(underWay);
  };

  try {
    for await (const parcel of parcels) {
      if (parcel.fault !== undefined) errors.push(parcel.fault);
      const stop = stoppedBy();
      if (stop === undefined) await offer(parcel);
      else await settle(parcel, failAll(parcel, stop));
    }
  } catch (error) {
    errors.push(toDeployMarkerError(error));
  }
  await Promise.all(underWay);
  if (signal.aborted && errors.length === 0) errors.push(toDeployMarkerError(signal.reason));
  return { delivered, failed, spooled, error: decisiveOf(errors) };
}

/**
 * The failure that counts of one call: the worst, but a spool that cannot be written is never behind what `--on-error`
 * forgives.
 */
export function decisiveOf(errors: readonly DeployMarkerError[]): DeployMarkerError | undefined {
  const worst = worstOf(errors);
  const spool = errors.find(({ code }) => code === 'SPOOL_UNWRITABLE');
  return worst !== undefined && [3, spool?.exitCode].includes(worst.exitCode) ? (spool ?? worst) : worst;
}

function failAll({ markers }: Parcel, { code, message }: DeployMarkerError): Delivery {
  const failed = markers.map(({ uid, component }) => ({
    uid,
    component,
    errorCode: code,
    errorMessage: message,
  }));
  return { delivered: [], failed };
}

/** Cuts blocks of any size into chunks of one size; the last may be smaller. */
export async function* chunksOf(
  blocks: AsyncIterable<readonly Marker[]>,
  size: number,
): AsyncGenerator<readonly Marker[]> {
  let rest: readonly Marker[] = [];
  for await (const block of blocks) {
    const all = rest.length === 0 ? block : [...rest, ...block];
    const whole = all.length - (all.length % size);
    for (let start = 0; start < whole; start += size) yield all.slice(start, start + size);
    rest = all.slice(whole);
  }
  if (rest.length > 0) yield rest;
}

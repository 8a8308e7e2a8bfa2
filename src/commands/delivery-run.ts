import { type DeliveredMarker, type Delivery, DeliveryError, type FailedMarker } from '../core/delivery.ts';
import type { Marker } from '../core/marker.ts';
import type { MarkerSink } from '../core/ports.ts';
import type { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { toDeployMarkerError, worstOf } from '../errors/render.ts';

/** What a delivery run did, and why it is incomplete if it is. */
export interface DeliveryTally {
  readonly delivered: number;
  readonly failed: readonly FailedMarker[];
  readonly error: DeployMarkerError | undefined;
}

/**
 * Delivers a stream of markers to one sink, several chunks side by side. Stops offering markers after the first
 * failure of a whole call, and counts the rest as failed of it; refusals of single markers do not stop it. Memory is
 * that of the chunks under way, and of what failed.
 *
 * @param onDelivered is told of each marker as soon as it is confirmed
 */
export async function deliverStream(
  sink: MarkerSink,
  markers: AsyncIterable<readonly Marker[]>,
  signal: AbortSignal,
  onDelivered: (delivered: DeliveredMarker) => void,
): Promise<DeliveryTally> {
  const errors: DeployMarkerError[] = [];
  const failed: FailedMarker[] = [];
  const underWay = new Set<Promise<void>>();
  let delivered = 0;
  const settle = (delivery: Delivery): void => {
    for (const marker of delivery.delivered) onDelivered(marker);
    delivered += delivery.delivered.length;
    failed.push(...delivery.failed);
  };
  const stoppedBy = (): DeployMarkerError | undefined =>
    signal.aborted
      ? toDeployMarkerError(signal.reason)
      : errors.find(({ code }) => code !== 'EVENTS_REJECTED');
  const offer = async (chunk: readonly Marker[]): Promise<void> => {
    const call = sink
      .deliver(chunk, { signal })
      .then(settle, error => {
        if (error instanceof DeliveryError) settle(error.delivery);
        errors.push(toDeployMarkerError(error));
      })
      .finally(() => underWay.delete(call));
    underWay.add(call);
    if (underWay.size >= sink.concurrency) await Promise.race(underWay);
  };

  try {
    for await (const chunk of chunksOf(markers, sink.chunkSize)) {
      const stop = stoppedBy();
      if (stop === undefined) await offer(chunk);
      else failed.push(...chunk.map(marker => toUnoffered(marker, stop)));
    }
  } catch (error) {
    errors.push(toDeployMarkerError(error));
  }
  await Promise.all(underWay);
  if (signal.aborted && errors.length === 0) errors.push(toDeployMarkerError(signal.reason));
  return { delivered, failed, error: worstOf(errors) };
}

function toUnoffered({ uid, component }: Marker, { code, message }: DeployMarkerError): FailedMarker {
  return { uid, component, errorCode: code, errorMessage: message };
}

/** Cuts blocks of any size into chunks of one size; the last may be smaller. */
async function* chunksOf(
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

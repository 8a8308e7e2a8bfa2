import { DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';

/** The error to throw for an aborted signal: its reason if that is ours (a deadline, say), else CANCELLED. */
function toCancellation(signal: AbortSignal): DeployMarkerError {
  const reason: unknown = signal.reason;
  if (reason instanceof DeployMarkerError && isDeployMarkerError(reason)) return reason;
  return new DeployMarkerError('CANCELLED', 'cancelled before the work was done', { cause: reason });
}

/** @throws DeployMarkerError the signal's own, or CANCELLED, if it was aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw toCancellation(signal);
}

import { DeployMarkerError } from '../../src/errors/deploy-marker-error.ts';

/** A signal that is aborted soon, as the command line does it when its time is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly reason: DeployMarkerError;
}

/** Begins a deadline of 100 ms. */
export function startDeadline(): Deadline {
  const controller = new AbortController();
  const reason = new DeployMarkerError('TIMEOUT', 'the time is over');
  setTimeout(() => controller.abort(reason), 100);
  return { signal: controller.signal, reason };
}

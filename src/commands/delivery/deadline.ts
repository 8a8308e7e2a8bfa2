import { setMaxListeners } from 'node:events';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** One deadline over all attempts of all sinks, together with the process's own signal. */
export function startDeadline(
  milliseconds: number,
  signal: AbortSignal,
  what = 'every marker was confirmed',
): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `the deadline of ${milliseconds / 1000} s passed before ${what}`;
    controller.abort(new DeployMarkerError('TIMEOUT', message));
  }, milliseconds);
  // As `AbortSignal.any`, which takes a hundredth of all the time of a call.
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  // Every request under way listens, which is more than Node expects of one signal and no leak.
  setMaxListeners(0, controller.signal);
  const stop = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, stop };
}

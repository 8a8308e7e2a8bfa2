import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './io.ts';

/** How far a long run has come. */
export interface Progress {
  add(count: number): void;
  stop(): void;
}

/**
 * Shows a bar on the terminal until it is stopped; then nothing is left of it.
 *
 * @param words what stands between the bar and the time that is left, with cli-progress's names of figures
 */
export function startProgress({ stream }: Terminal, total: number, words: string): Progress {
  const bar = new SingleBar(
    {
      format: `{bar} ${words}, {eta_formatted} left`,
      stream,
      clearOnComplete: true,
      hideCursor: true,
      // Signals are the command's own business.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { add: count => bar.increment(count), stop: () => bar.stop() };
}

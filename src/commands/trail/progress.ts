import type { CommandContext } from '../command.ts';

/** How far reading has come. */
export interface ReadingProgress {
  /** Where one source tells how much of it is done, from 0 to 1, and what that is. */
  part(rank: number): (done: number, detail?: () => string) => void;
  stop(): void;
}

/** CI systems end a job that says nothing for ten minutes. */
const NOTE_EVERY_MS = 60_000;
const STEPS = 1000;

/** Shows a bar on a terminal; elsewhere a note each minute, with an estimate of what is left. */
export async function openReadingProgress(
  sources: number,
  { io: { terminal, now }, out }: CommandContext,
): Promise<ReadingProgress> {
  const parts = new Array<number>(sources).fill(0);
  const details = new Array<(() => string) | undefined>(sources);
  const done = (): number => parts.reduce((sum, part) => sum + part, 0) / sources;
  const bar =
    terminal === undefined
      ? undefined
      : (await import('../../io/progress.ts')).startProgress(terminal, STEPS, '{percentage} % read');
  let shown = 0;
  const begun = now();
  const timer = setInterval(() => {
    const share = done();
    const left = share > 0 ? ((now() - begun) * (1 - share)) / share : Number.NaN;
    const estimate = Number.isNaN(left) ? '' : `, about ${Math.ceil(left / 60_000)} min left`;
    if (bar !== undefined) return;
    const told = details.map(detail => (detail === undefined ? '' : ` (${detail()})`)).join('');
    out.note(`reading: ${Math.floor(share * 100)} %${told}${estimate}`);
  }, NOTE_EVERY_MS);
  return {
    part: rank => (share, detail) => {
      parts[rank] = share;
      details[rank] = detail;
      const steps = Math.floor(done() * STEPS);
      bar?.add(steps - shown);
      shown = steps;
    },
    stop() {
      clearInterval(timer);
      bar?.stop();
    },
  };
}

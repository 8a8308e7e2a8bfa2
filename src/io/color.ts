import type { Env } from './io.ts';

/** What decides on colours. */
export interface ColorQuestion {
  /** `--color`: `auto`, `always` or `never`. */
  readonly choice: string;
  readonly env: Env;
  /** Results go to a terminal. */
  readonly isTerminal: boolean;
}

/**
 * Whether results are coloured: as `--color` says; else not under `NO_COLOR`, under `FORCE_COLOR` unless it is 0 or false, not in
 * a dumb terminal, and otherwise on a terminal.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function wantsColor({ choice, env, isTerminal }: ColorQuestion): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force) return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

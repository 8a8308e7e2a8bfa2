import type { Env } from '../io/io.ts';
import { detectCi } from './detect.ts';

/** The file through which a step tells the later steps of its job what to set. */
export interface StepFile {
  readonly kind: 'bash-env' | 'github-env';
  readonly path: string;
}

/**
 * The file for later steps. In a GitHub job that is `$GITHUB_ENV`, whatever `BASH_ENV` says: the image of the machine may set that
 * one, too, for all of its jobs, and nothing in it is masked. Elsewhere `$BASH_ENV` comes first. Undefined where neither is set.
 */
export function findStepFile(env: Env): StepFile | undefined {
  const bash = env['BASH_ENV'] ? ({ kind: 'bash-env', path: env['BASH_ENV'] } as const) : undefined;
  const github = env['GITHUB_ENV'] ? ({ kind: 'github-env', path: env['GITHUB_ENV'] } as const) : undefined;
  return detectCi(env)?.system === 'github' ? (github ?? bash) : (bash ?? github);
}

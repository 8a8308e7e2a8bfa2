import { detectCi } from '../ci/detect.ts';
import type { CiFacts } from '../ci/provider.ts';
import { quote } from '../core/base/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Io } from '../io/io.ts';

/** What is known of the job: CI facts, or outside CI what git tells; `system` is absent outside CI. */
export type JobFacts = Partial<CiFacts>;

/** What reading the facts takes. */
export interface FactsOptions {
  /** Whether no flag says the commit. */
  readonly needsCommit: boolean;
  /** Is told where CI and the checkout name different commits. */
  warn(note: string): void;
}

/**
 * Reads what CI says of this job. The commit, where it is needed, is the one that is checked out, for that is what is deployed: a job
 * may check out another one than started it. Without a checkout it is the one that CI names.
 */
export async function readJobFacts(
  io: Pick<Io, 'env' | 'cwd' | 'signal'>,
  { needsCommit, warn }: FactsOptions,
): Promise<JobFacts> {
  const facts: JobFacts = detectCi(io.env) ?? {};
  if (!needsCommit) return facts;
  const { readGitFacts } = await import('../ci/git.ts');
  const git = await readGitFacts({ cwd: io.cwd, env: io.env, signal: io.signal });
  if (git.sha === undefined) return facts;
  const named = facts.sha?.trim();
  if (named === undefined) return { ...git, ...facts, sha: git.sha };
  if (isSameCommit(named, git.sha)) return { ...facts, sha: git.sha };
  const chosen = `${git.sha} is checked out in ${io.cwd}, and is recorded`;
  warn(`${facts.system ?? 'CI'} names the commit ${quote(named)}, but ${chosen}; --git-sha chooses another`);
  // Branch and repository of another checkout are its own, too.
  return { ...facts, ...git };
}

/** CI may name a commit by its beginning. */
function isSameCommit(named: string, checkedOut: string): boolean {
  return named.length >= 7 && checkedOut.startsWith(named.toLowerCase());
}

/** @throws DeployMarkerError USAGE if the environment is not known */
export function requireEnvironment<T>(env: T | undefined): T {
  if (env !== undefined) return env;
  throw new DeployMarkerError('USAGE', 'the environment is not known', {
    hint: 'pass --env, for example --env prod, or set DEPLOY_MARKER_ENV',
  });
}

/**
 * @param explains whether it is an explanation, which names the commit that was live, and is made where nobody has a checkout
 * @throws DeployMarkerError USAGE if the commit is not known
 */
export function requireCommit<T>(sha: T | undefined, explains = false): T {
  if (sha !== undefined) return sha;
  throw new DeployMarkerError('USAGE', 'the commit is not known: neither CI nor git tells it here', {
    hint: explains
      ? 'pass --git-sha with the commit that was live, which `trace` and `investigate` show of the last deploy, or 0000000 if nobody knows it'
      : 'pass --git-sha, for example --git-sha "$(git rev-parse HEAD)"',
  });
}

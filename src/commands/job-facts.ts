import { detectCi } from '../ci/detect.ts';
import type { CiFacts } from '../ci/provider.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Io } from '../io/io.ts';

/** What is known of the job: CI facts, or outside CI what git tells; `system` is absent outside CI. */
export type JobFacts = Partial<CiFacts>;

/**
 * Reads what CI says of this job. Where it does not tell the commit and the commit is needed, git is asked.
 */
export async function readJobFacts(io: Io, { needsCommit }: { needsCommit: boolean }): Promise<JobFacts> {
  const facts: JobFacts = detectCi(io.env) ?? {};
  if (facts.sha !== undefined || !needsCommit) return facts;
  const { readGitFacts } = await import('../ci/git.ts');
  const git = await readGitFacts({ cwd: io.cwd, env: io.env, signal: io.signal });
  return { ...git, ...facts, ...(git.sha === undefined ? {} : { sha: git.sha }) };
}

/** @throws DeployMarkerError USAGE if the environment is not known */
export function requireEnvironment<T>(env: T | undefined): T {
  if (env !== undefined) return env;
  throw new DeployMarkerError('USAGE', 'the environment is not known', {
    hint: 'pass --env, for example --env prod, or set DEPLOY_MARKER_ENV',
  });
}

/** @throws DeployMarkerError USAGE if the commit is not known */
export function requireCommit<T>(sha: T | undefined): T {
  if (sha !== undefined) return sha;
  throw new DeployMarkerError('USAGE', 'the commit is not known: neither CI nor git tells it here', {
    hint: 'pass --git-sha, for example --git-sha "$(git rev-parse HEAD)"',
  });
}

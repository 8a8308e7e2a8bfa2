import { detectCi } from '../ci/detect.ts';
import type { CiFacts } from '../ci/provider.ts';
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

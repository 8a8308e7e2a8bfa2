// Variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
import type { Env } from '../../io/io.ts';
import { isOn, joinPresent, readValue } from '../env-value.ts';
import { toFacts } from '../facts.ts';
import type { CiFacts, CiProvider } from '../provider.ts';
import { toPageBelow, toRepository } from '../web-address.ts';

/**
 * GitHub Actions.
 *
 * A rerun keeps the run id and counts the attempt, so both make a run. No variable tells the legs of a matrix
 * apart: they share one `jobRunId`. For `pull_request` events GITHUB_SHA is the merge commit that GitHub made for
 * the test, not the branch's; it is what the job checked out, so it stays `sha`.
 */
export const githubActions: CiProvider = {
  id: 'github',
  title: 'GitHub Actions',
  detect: env => isOn(env, 'GITHUB_ACTIONS'),
  describe: (env): CiFacts => {
    const run = joinPresent(readValue(env, 'GITHUB_RUN_ID'), readValue(env, 'GITHUB_RUN_ATTEMPT'));
    const job = readValue(env, 'GITHUB_JOB');
    return toFacts('github', {
      jobRunId: job === undefined ? undefined : joinPresent(run, job),
      workflowRunId: run,
      uniqueRun: run,
      workflow: readValue(env, 'GITHUB_WORKFLOW'),
      job,
      sha: readValue(env, 'GITHUB_SHA'),
      ref: readValue(env, 'GITHUB_REF_NAME'),
      repository: toRepository(readValue(env, 'GITHUB_REPOSITORY')),
      // The triggering actor of a rerun is who asked for the rerun; the actor stays who began.
      triggeredBy: readValue(env, 'GITHUB_TRIGGERING_ACTOR', 'GITHUB_ACTOR'),
      url: readPage(env),
    });
  },
};

function readPage(env: Env): string | undefined {
  const repository = toRepository(readValue(env, 'GITHUB_REPOSITORY'));
  const runId = readValue(env, 'GITHUB_RUN_ID');
  if (repository === undefined || runId === undefined) return undefined;
  const attempt = readValue(env, 'GITHUB_RUN_ATTEMPT');
  const run = `${repository}/actions/runs/${runId}`;
  return toPageBelow(
    readValue(env, 'GITHUB_SERVER_URL'),
    attempt === undefined ? run : `${run}/attempts/${attempt}`,
  );
}

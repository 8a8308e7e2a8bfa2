// Variables: https://buildkite.com/docs/pipelines/configure/environment-variables
import { isOn, readValue } from '../env-value.ts';
import { toFacts } from '../facts.ts';
import type { CiFacts, CiProvider } from '../provider.ts';
import { toPageBelow, toRepository } from '../web-address.ts';

/**
 * Buildkite.
 *
 * A retried job gets a new BUILDKITE_JOB_ID in the same build. A build made by hand without a commit has the
 * literal `HEAD` as its commit, which names nothing afterwards; `sha` is absent then.
 */
export const buildkite: CiProvider = {
  id: 'buildkite',
  title: 'Buildkite',
  detect: env => isOn(env, 'BUILDKITE'),
  describe: (env): CiFacts => {
    const jobId = readValue(env, 'BUILDKITE_JOB_ID');
    const commit = readValue(env, 'BUILDKITE_COMMIT');
    return toFacts('buildkite', {
      jobRunId: jobId,
      workflowRunId: readValue(env, 'BUILDKITE_BUILD_ID'),
      uniqueRun: readValue(env, 'BUILDKITE_BUILD_NUMBER'),
      workflow: readValue(env, 'BUILDKITE_PIPELINE_SLUG'),
      // The key is chosen to be stable; the label is for people and may hold emoji.
      job: readValue(env, 'BUILDKITE_STEP_KEY', 'BUILDKITE_LABEL'),
      sha: commit?.trim() === 'HEAD' ? undefined : commit,
      ref: readValue(env, 'BUILDKITE_TAG', 'BUILDKITE_BRANCH'),
      repository: toRepository(readValue(env, 'BUILDKITE_REPO')),
      triggeredBy: readValue(env, 'BUILDKITE_BUILD_CREATOR'),
      // The build's page, opened at the job.
      url: toPageBelow(readValue(env, 'BUILDKITE_BUILD_URL'), '', jobId ?? ''),
    });
  },
};

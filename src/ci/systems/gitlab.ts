// Variables: https://docs.gitlab.com/ci/variables/predefined_variables/
import { isOn, readValue } from '../env-value.ts';
import { toFacts } from '../facts.ts';
import type { CiFacts, CiProvider } from '../provider.ts';
import { toPageUrl, toRepository } from '../web-address.ts';

/**
 * GitLab CI/CD.
 *
 * A retried job gets a new CI_JOB_ID in the same pipeline. The pipeline has a name only where the project gives
 * it one (`workflow: name`). CI_REPOSITORY_URL holds a token and is not read.
 */
export const gitlab: CiProvider = {
  id: 'gitlab',
  title: 'GitLab CI/CD',
  detect: env => isOn(env, 'GITLAB_CI'),
  describe: (env): CiFacts => {
    const pipelineId = readValue(env, 'CI_PIPELINE_ID');
    return toFacts('gitlab', {
      jobRunId: readValue(env, 'CI_JOB_ID'),
      workflowRunId: pipelineId,
      uniqueRun: pipelineId,
      workflow: readValue(env, 'CI_PIPELINE_NAME'),
      job: readValue(env, 'CI_JOB_NAME'),
      sha: readValue(env, 'CI_COMMIT_SHA'),
      ref: readValue(env, 'CI_COMMIT_TAG', 'CI_COMMIT_REF_NAME', 'CI_COMMIT_BRANCH'),
      repository: toRepository(readValue(env, 'CI_PROJECT_PATH', 'CI_PROJECT_URL')),
      triggeredBy: readValue(env, 'GITLAB_USER_LOGIN'),
      url: toPageUrl(readValue(env, 'CI_JOB_URL')),
    });
  },
};

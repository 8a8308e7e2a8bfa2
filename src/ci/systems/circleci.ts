// Variables: https://circleci.com/docs/reference/variables/
import type { Env } from '../../io/io.ts';
import { isOn, readValue } from '../env-value.ts';
import { toFacts } from '../facts.ts';
import type { CiFacts, CiProvider } from '../provider.ts';
import { toPageUrl, toRepository } from '../web-address.ts';

/** Enough of a UUID to tell the workflows of a project apart, and short enough for a session name. */
const SHORT_ID_LENGTH = 8;

/**
 * CircleCI, cloud and server.
 *
 * There is no variable with the workflow's name, so `workflow` is absent. Projects connected by the GitHub App
 * have no CIRCLE_REPOSITORY_URL; owner and name come from two other variables then. A tag's build has no branch.
 */
export const circleci: CiProvider = {
  id: 'circleci',
  title: 'CircleCI',
  detect: env => isOn(env, 'CIRCLECI'),
  describe: (env): CiFacts => {
    const workflowId = readValue(env, 'CIRCLE_WORKFLOW_ID');
    return toFacts('circleci', {
      jobRunId: readValue(env, 'CIRCLE_WORKFLOW_JOB_ID'),
      workflowRunId: workflowId,
      uniqueRun: workflowId?.slice(0, SHORT_ID_LENGTH),
      job: readValue(env, 'CIRCLE_JOB'),
      sha: readValue(env, 'CIRCLE_SHA1'),
      ref: readValue(env, 'CIRCLE_TAG', 'CIRCLE_BRANCH'),
      repository: readRepository(env),
      triggeredBy: readValue(env, 'CIRCLE_USERNAME'),
      url: toPageUrl(readValue(env, 'CIRCLE_BUILD_URL')),
    });
  },
};

function readRepository(env: Env): string | undefined {
  const owner = readValue(env, 'CIRCLE_PROJECT_USERNAME');
  const name = readValue(env, 'CIRCLE_PROJECT_REPONAME');
  const slug = owner !== undefined && name !== undefined ? toRepository(`${owner}/${name}`) : undefined;
  return slug ?? toRepository(readValue(env, 'CIRCLE_REPOSITORY_URL'));
}

import type { Env } from '../../io/io.ts';
import { readValue } from '../env-value.ts';
import { toFacts } from '../facts.ts';
import type { CiProvider } from '../provider.ts';

/**
 * Variables that CI systems set in their jobs, where none may be called `CI`. Each is documented by its vendor as always there;
 * those in a row belong together.
 */
const VARIABLES: readonly string[] = [
  ...['CODEBUILD_BUILD_ID', 'CODEBUILD_BUILD_ARN'],
  ...['TF_BUILD', 'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI', 'BUILD_BUILDID'],
  ...['TEAMCITY_VERSION', 'TEAMCITY_PROJECT_NAME'],
  ...['JENKINS_URL', 'JENKINS_HOME', 'HUDSON_URL', 'BUILD_ID', 'BUILD_NUMBER', 'BUILD_TAG'],
  ...['BITBUCKET_BUILD_NUMBER', 'BITBUCKET_PIPELINE_UUID', 'bamboo_buildKey', 'bamboo_planKey'],
  ...['DRONE', 'DRONE_BUILD_NUMBER', 'HARNESS_BUILD_ID', 'HARNESS_EXECUTION_ID', 'VELA'],
  ...['WOODPECKER', 'CI_PIPELINE_ID', 'CI_JOB_ID', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS'],
  ...['APPVEYOR', 'TRAVIS', 'SEMAPHORE', 'SEMAPHORE_WORKFLOW_ID', 'CIRRUS_CI', 'WERCKER', 'SHIPPABLE'],
  ...['CF_BUILD_ID', 'BUDDY', 'BUDDY_EXECUTION_ID', 'BITRISE_IO', 'BITRISE_BUILD_NUMBER', 'CM_BUILD_ID'],
  ...['GO_PIPELINE_NAME', 'GO_PIPELINE_COUNTER', 'PROW_JOB_ID', 'BUILDER_OUTPUT', 'TASKCLUSTER_ROOT_URL'],
  ...['APPCENTER_BUILD_ID', 'CI_XCODE_PROJECT', 'EAS_BUILD', 'JB_SPACE_EXECUTION_NUMBER', 'AGOLA_GIT_REF'],
  ...[
    'NETLIFY',
    'VERCEL',
    'NOW_BUILDER',
    'CF_PAGES',
    'WORKERS_CI',
    'RENDER',
    'AWS_APP_ID',
    'HEROKU_TEST_RUN_ID',
  ],
  ...['AC_APPCIRCLE', 'GERRIT_PROJECT', 'RELEASE_BUILD_ID', 'RELEASE_RELEASEID', 'XCS', 'ATC_EXTERNAL_URL'],
  ...['ARGO_NODE_ID', 'TFC_RUN_ID', 'ATLANTIS_TERRAFORM_VERSION', 'RD_JOB_EXECID'],
  ...['SCREWDRIVER', 'DSARI', 'STRIDER', 'MAGNUM', 'SAILCI', 'LAYERCI', 'NEVERCODE', 'ZUUL_PIPELINE'],
  ...['CONTINUOUS_INTEGRATION', 'CI_NAME', 'CI_BUILD_ID', 'CI_BUILD_NUMBER'],
];

/** Variables in which they name the commit that started the job; some say `HEAD` or a tag there, which is none. */
const COMMITS: readonly string[] = [
  ...['CODEBUILD_RESOLVED_SOURCE_VERSION', 'BUILD_SOURCEVERSION', 'BUILD_VCS_NUMBER', 'BITBUCKET_COMMIT'],
  ...['DRONE_COMMIT_SHA', 'CI_COMMIT_SHA', 'TRAVIS_COMMIT', 'APPVEYOR_REPO_COMMIT', 'SEMAPHORE_GIT_SHA'],
  ...['CF_REVISION', 'BUDDY_EXECUTION_REVISION', 'BITRISE_GIT_COMMIT', 'CIRRUS_CHANGE_IN_REPO', 'CM_COMMIT'],
  ...[
    'VERCEL_GIT_COMMIT_SHA',
    'CF_PAGES_COMMIT_SHA',
    'WORKERS_CI_COMMIT_SHA',
    'COMMIT_REF',
    'RENDER_GIT_COMMIT',
  ],
  ...['AWS_COMMIT_ID', 'HEROKU_TEST_RUN_COMMIT_VERSION', 'bamboo_planRepository_revision', 'GIT_COMMIT'],
];

/** A CI system that is not in the table. That it is one matters (no prompts, no silent default sink); of its facts the commit is known at most. */
export const unknownCi: CiProvider = {
  id: 'ci',
  title: 'another CI system',
  detect: env => isSaid(env, 'CI') || VARIABLES.some(name => isSaid(env, name)),
  describe: env => toFacts('ci', { sha: COMMITS.map(name => readValue(env, name)).find(isCommit) }),
};

function isCommit(value: string | undefined): boolean {
  return /^[0-9a-f]{7,64}$/i.test(value?.trim() ?? '');
}

/** Some name themselves in the variable (CI=woodpecker), so that all counts that does not deny it. */
function isSaid(env: Env, name: string): boolean {
  // Hardly any is there.
  if (env[name] === undefined) return false;
  const value = readValue(env, name)?.trim().toLowerCase();
  return value !== undefined && value !== 'false' && value !== '0';
}

import { describe, expect, test } from 'vitest';
import { CI_PROVIDERS, detectCi } from '../../../src/ci/detect.ts';
import type { CiFacts } from '../../../src/ci/provider.ts';
import type { Env } from '../../../src/io/io.ts';

const SHA = '9f2c1d7e4b5a69788796a5b4c3d2e1f001122334';

const CIRCLECI: Env = {
  CI: 'true',
  CIRCLECI: 'true',
  CIRCLE_BRANCH: 'main',
  CIRCLE_BUILD_NUM: '4711',
  CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/app/4711',
  CIRCLE_JOB: 'sam-deploy',
  CIRCLE_PROJECT_REPONAME: 'app',
  CIRCLE_PROJECT_USERNAME: 'acme',
  CIRCLE_REPOSITORY_URL: 'git@github.com:acme/app.git',
  CIRCLE_SHA1: SHA,
  CIRCLE_USERNAME: 'octocat',
  CIRCLE_WORKFLOW_ID: '3c5fd1a0-7f5b-4a6e-9a53-0b7f1e2d3c4b',
  CIRCLE_WORKFLOW_JOB_ID: 'a1b2c3d4-0000-4000-8000-000000000001',
};
const CIRCLECI_FACTS = {
  system: 'circleci',
  jobRunId: 'a1b2c3d4-0000-4000-8000-000000000001',
  workflowRunId: '3c5fd1a0-7f5b-4a6e-9a53-0b7f1e2d3c4b',
  uniqueRun: '3c5fd1a0',
  job: 'sam-deploy',
  sha: SHA,
  ref: 'main',
  repository: 'acme/app',
  triggeredBy: 'octocat',
  url: 'https://circleci.com/gh/acme/app/4711',
};

const GITHUB: Env = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTOR: 'octocat',
  GITHUB_JOB: 'deploy',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_ID: '17894561234',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: SHA,
  GITHUB_TRIGGERING_ACTOR: 'hubot',
  GITHUB_WORKFLOW: 'Deploy to production',
};
const GITHUB_FACTS = {
  system: 'github',
  jobRunId: '17894561234-2-deploy',
  workflowRunId: '17894561234-2',
  uniqueRun: '17894561234-2',
  workflow: 'Deploy to production',
  job: 'deploy',
  sha: SHA,
  ref: 'main',
  repository: 'acme/app',
  triggeredBy: 'hubot',
  url: 'https://github.com/acme/app/actions/runs/17894561234/attempts/2',
};

const GITLAB: Env = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_SHA: SHA,
  CI_JOB_ID: '50001',
  CI_JOB_NAME: 'deploy:prod',
  CI_JOB_URL: 'https://gitlab.example/acme/team/app/-/jobs/50001',
  CI_PIPELINE_ID: '1000',
  CI_PIPELINE_NAME: 'release',
  CI_PROJECT_PATH: 'acme/team/app',
  CI_REPOSITORY_URL: 'https://gitlab-ci-token:glcbt-secret@gitlab.example/acme/team/app.git',
  GITLAB_USER_LOGIN: 'octocat',
};
const GITLAB_FACTS = {
  system: 'gitlab',
  jobRunId: '50001',
  workflowRunId: '1000',
  uniqueRun: '1000',
  workflow: 'release',
  job: 'deploy:prod',
  sha: SHA,
  ref: 'main',
  repository: 'acme/team/app',
  triggeredBy: 'octocat',
  url: 'https://gitlab.example/acme/team/app/-/jobs/50001',
};

const BUILDKITE: Env = {
  CI: 'true',
  BUILDKITE: 'true',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_BUILD_CREATOR: 'Mona Lisa',
  BUILDKITE_BUILD_ID: '9e08ef3c-d6e6-4a86-91dd-577ce5205b8e',
  BUILDKITE_BUILD_NUMBER: '1514',
  BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/app/builds/1514',
  BUILDKITE_COMMIT: SHA,
  BUILDKITE_JOB_ID: 'e44f9784-e20e-4b93-a21d-f41fd5869db9',
  BUILDKITE_LABEL: ':rocket: Deploy',
  BUILDKITE_PIPELINE_SLUG: 'app',
  BUILDKITE_REPO: 'git@github.com:acme/app.git',
  BUILDKITE_STEP_KEY: 'deploy',
};
const BUILDKITE_FACTS = {
  system: 'buildkite',
  jobRunId: 'e44f9784-e20e-4b93-a21d-f41fd5869db9',
  workflowRunId: '9e08ef3c-d6e6-4a86-91dd-577ce5205b8e',
  uniqueRun: '1514',
  workflow: 'app',
  job: 'deploy',
  sha: SHA,
  ref: 'main',
  repository: 'acme/app',
  triggeredBy: 'Mona Lisa',
  url: 'https://buildkite.com/acme/app/builds/1514#e44f9784-e20e-4b93-a21d-f41fd5869db9',
};

function without<Value extends string | undefined>(
  values: { readonly [key: string]: Value },
  ...keys: readonly string[]
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

const WHOLE: readonly [string, Env, CiFacts][] = [
  ['circleci', CIRCLECI, CIRCLECI_FACTS],
  ['github', GITHUB, GITHUB_FACTS],
  ['gitlab', GITLAB, GITLAB_FACTS],
  ['buildkite', BUILDKITE, BUILDKITE_FACTS],
];

const VARIANTS: readonly [string, Env, object][] = [
  [
    'circleci, tag build',
    { ...CIRCLECI, CIRCLE_BRANCH: undefined, CIRCLE_TAG: 'v1.2.3' },
    { ...CIRCLECI_FACTS, ref: 'v1.2.3' },
  ],
  ['circleci, tag over branch', { ...CIRCLECI, CIRCLE_TAG: 'v1' }, { ...CIRCLECI_FACTS, ref: 'v1' }],
  ['circleci, GitHub App', without(CIRCLECI, 'CIRCLE_REPOSITORY_URL'), CIRCLECI_FACTS],
  ['circleci, URL only', without(CIRCLECI, 'CIRCLE_PROJECT_USERNAME'), CIRCLECI_FACTS],
  [
    'circleci, no repository at all',
    without(CIRCLECI, 'CIRCLE_PROJECT_USERNAME', 'CIRCLE_REPOSITORY_URL'),
    without(CIRCLECI_FACTS, 'repository'),
  ],
  [
    'circleci, pipeline values that were empty',
    { ...CIRCLECI, CIRCLE_TAG: '<nil>', CIRCLE_USERNAME: '<nil>', CIRCLE_BUILD_URL: '<nil>' },
    without(CIRCLECI_FACTS, 'triggeredBy', 'url'),
  ],
  [
    'circleci, no workflow id',
    { ...CIRCLECI, CIRCLE_WORKFLOW_ID: '' },
    without(CIRCLECI_FACTS, 'workflowRunId', 'uniqueRun'),
  ],
  [
    'github, not a rerun',
    without(GITHUB, 'GITHUB_TRIGGERING_ACTOR'),
    { ...GITHUB_FACTS, triggeredBy: 'octocat' },
  ],
  [
    'github, pull request: the merge commit stays',
    { ...GITHUB, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF_NAME: '7/merge' },
    { ...GITHUB_FACTS, ref: '7/merge' },
  ],
  [
    'github, old server without attempts',
    without(GITHUB, 'GITHUB_RUN_ATTEMPT'),
    {
      ...GITHUB_FACTS,
      jobRunId: '17894561234-deploy',
      workflowRunId: '17894561234',
      uniqueRun: '17894561234',
      url: 'https://github.com/acme/app/actions/runs/17894561234',
    },
  ],
  ['github, no job: no job run', { ...GITHUB, GITHUB_JOB: ' ' }, without(GITHUB_FACTS, 'jobRunId', 'job')],
  [
    'github, no run id',
    { ...GITHUB, GITHUB_RUN_ID: '' },
    without(GITHUB_FACTS, 'jobRunId', 'workflowRunId', 'uniqueRun', 'url'),
  ],
  [
    'gitlab, tag without a pipeline name',
    { ...GITLAB, CI_COMMIT_TAG: 'v2', CI_PIPELINE_NAME: '' },
    without({ ...GITLAB_FACTS, ref: 'v2' }, 'workflow'),
  ],
  [
    'gitlab, never the URL with the token',
    without(GITLAB, 'CI_PROJECT_PATH'),
    without(GITLAB_FACTS, 'repository'),
  ],
  ['buildkite, made by hand', { ...BUILDKITE, BUILDKITE_COMMIT: 'HEAD' }, without(BUILDKITE_FACTS, 'sha')],
  [
    'buildkite, tag and label',
    { ...BUILDKITE, BUILDKITE_TAG: 'v3', BUILDKITE_STEP_KEY: '' },
    { ...BUILDKITE_FACTS, ref: 'v3', job: ':rocket: Deploy' },
  ],
  [
    'buildkite, no job id',
    without(BUILDKITE, 'BUILDKITE_JOB_ID'),
    {
      ...without(BUILDKITE_FACTS, 'jobRunId'),
      url: 'https://buildkite.com/acme/app/builds/1514',
    },
  ],
  ['unknown', { CI: '1', CIRCLE_SHA1: SHA, GITHUB_SHA: SHA }, { system: 'ci' }],
  ['unknown, upper case', { CI: 'TRUE' }, { system: 'ci' }],
];

describe('detectCi', () => {
  test.each(WHOLE)('%s: all facts', (_name, env, facts) => {
    expect(detectCi(env)).toStrictEqual(facts);
  });

  test.each(VARIANTS)('%s', (_name, env, facts) => {
    expect(detectCi(env)).toStrictEqual(facts);
  });

  test.each([
    { CODEBUILD_BUILD_ID: 'app:1' },
    { TF_BUILD: 'True' },
    { TEAMCITY_VERSION: '2025.11' },
    { JENKINS_URL: 'https://ci.example/' },
    { BUILD_ID: '12', BUILD_NUMBER: '12' },
    { BITBUCKET_BUILD_NUMBER: '3' },
    { DRONE: 'true' },
    { APPVEYOR: 'True' },
    { TRAVIS: 'true' },
    { SEMAPHORE: 'true' },
    { CIRRUS_CI: 'true' },
    { CF_BUILD_ID: 'a1' },
    { HARNESS_BUILD_ID: '7' },
    { bamboo_buildKey: 'APP-1' },
    { GO_PIPELINE_NAME: 'app' },
    { WORKERS_CI: '1' },
    { AWS_APP_ID: 'd1' },
    { TFC_RUN_ID: 'run-1' },
    { TRAVIS: 'true', TRAVIS_COMMIT: 'HEAD' },
    { NETLIFY: 'true', COMMIT_REF: 'main' },
    { CI: 'false', TEAMCITY_VERSION: '2025.11' },
  ])('known by a variable of its own: %j', env => {
    expect(detectCi(env)).toEqual({ system: 'ci' });
  });

  test.each([
    { JENKINS_URL: 'https://ci.example/', GIT_COMMIT: SHA },
    { TF_BUILD: 'True', BUILD_SOURCEVERSION: SHA },
    { CODEBUILD_BUILD_ID: 'app:1', CODEBUILD_RESOLVED_SOURCE_VERSION: SHA },
    { TEAMCITY_VERSION: '2025.11', BUILD_VCS_NUMBER: SHA },
    { CI: 'woodpecker', CI_COMMIT_SHA: SHA },
    { NETLIFY: 'true', COMMIT_REF: SHA, GIT_COMMIT: 'main' },
  ])('names its commit: %j', env => {
    expect(detectCi(env)).toEqual({ system: 'ci', sha: SHA });
  });

  test.each([
    {},
    { CI: '' },
    { CI: 'false' },
    { CI: '0' },
    { CIRCLECI: 'false', CIRCLE_SHA1: SHA },
    { TF_BUILD: 'False', DRONE: '' },
  ])('outside CI: %j', env => {
    expect(detectCi(env)).toBeUndefined();
  });

  test('a known system wins over CI=true, and the order is the table', () => {
    expect(CI_PROVIDERS.map(provider => provider.id)).toEqual([
      'circleci',
      'github',
      'gitlab',
      'buildkite',
      'ci',
    ]);
    expect(detectCi({ ...GITHUB, ...CIRCLECI })?.system).toBe('circleci');
    expect(detectCi({ ...GITLAB, CI: 'false' })?.system).toBe('gitlab');
  });

  test.each(WHOLE)('%s: empty, <nil> and absent variables leave only the system', (_name, env, facts) => {
    for (const nothing of ['', '  ', '<nil>', undefined]) {
      const bare: Record<string, string | undefined> = {};
      for (const name of Object.keys(env)) bare[name] = nothing;
      bare[switchOf(facts.system)] = 'true';
      expect(detectCi(bare)).toStrictEqual({ system: facts.system });
    }
  });

  test.each(WHOLE)('%s: hostile values never throw, and no login gets out', (_name, env, facts) => {
    for (const value of [
      '$(id)`id`\n"\'',
      '\u0000\uD800',
      'https://user:hunter2@[::bad',
      'x'.repeat(100_000),
      'https://u:hunter2@h/o/n?token=hunter2#x',
      '../../etc',
      '__proto__',
    ]) {
      const page = 'https://ci.example/page';
      const hostile: Record<string, string | undefined> = {};
      for (const name of Object.keys(env)) hostile[name] = value;
      hostile[switchOf(facts.system)] = 'true';
      expect(() =>
        detectCi({ ...hostile, GITHUB_SERVER_URL: page, BUILDKITE_BUILD_URL: page }),
      ).not.toThrow();
      const found = detectCi(hostile);
      expect(found?.system).toBe(facts.system);
      expect(String(found?.repository)).not.toContain('hunter2');
      expect(String(found?.url)).not.toMatch(/^https?:..[^/]*hunter2/);
    }
  });
});

function switchOf(system: string): string {
  const names: Record<string, string> = {
    circleci: 'CIRCLECI',
    github: 'GITHUB_ACTIONS',
    gitlab: 'GITLAB_CI',
    buildkite: 'BUILDKITE',
  };
  return names[system] ?? '';
}

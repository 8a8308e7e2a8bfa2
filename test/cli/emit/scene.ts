import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type AwsServer, type AwsServerOptions, startAwsServer } from '../../fakes/aws-server.ts';
import { type RunOptions, type RunResult, runCli } from '../run-cli.ts';

/** A commit. */
export const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

const COMMON = { CI: 'true' };

/** What each CI system puts into a job's environment, as its documentation says. */
export const CI_ENVS = {
  circleci: {
    ...COMMON,
    CIRCLECI: 'true',
    CIRCLE_BRANCH: 'main',
    CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/app/421',
    CIRCLE_JOB: 'sam-deploy',
    CIRCLE_PROJECT_REPONAME: 'app',
    CIRCLE_PROJECT_USERNAME: 'acme',
    CIRCLE_SHA1: SHA,
    CIRCLE_USERNAME: 'kim',
    CIRCLE_WORKFLOW_ID: '9b1d0c3e-1111-4222-8333-444455556666',
    CIRCLE_WORKFLOW_JOB_ID: '7c0f8a52-aaaa-4bbb-8ccc-ddddeeeeffff',
  },
  github: {
    ...COMMON,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'kim',
    GITHUB_JOB: 'deploy',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: SHA,
    GITHUB_WORKFLOW: 'Deploy',
  },
  gitlab: {
    ...COMMON,
    GITLAB_CI: 'true',
    GITLAB_USER_LOGIN: 'kim',
    CI_COMMIT_REF_NAME: 'main',
    CI_COMMIT_SHA: SHA,
    CI_JOB_ID: '50',
    CI_JOB_NAME: 'deploy',
    CI_JOB_URL: 'https://gitlab.com/acme/app/-/jobs/50',
    CI_PIPELINE_ID: '1000',
    CI_PROJECT_PATH: 'acme/app',
  },
  buildkite: {
    ...COMMON,
    BUILDKITE: 'true',
    BUILDKITE_BRANCH: 'main',
    BUILDKITE_BUILD_CREATOR: 'kim',
    BUILDKITE_BUILD_ID: '0190e7a1-0000-4000-8000-000000000001',
    BUILDKITE_BUILD_NUMBER: '88',
    BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/app/builds/88',
    BUILDKITE_COMMIT: SHA,
    BUILDKITE_JOB_ID: '0190e7a1-0000-4000-8000-0000000000aa',
    BUILDKITE_PIPELINE_SLUG: 'app',
    BUILDKITE_REPO: 'git@github.com:acme/app.git',
    BUILDKITE_STEP_KEY: 'deploy',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** Hands a strict server to a test, which fails if a request broke a rule that no correct client breaks. */
export async function withAwsServer(
  use: (server: AwsServer) => Promise<void>,
  options: AwsServerOptions = {},
): Promise<void> {
  const server = await startAwsServer(options);
  try {
    await use(server);
    expect(server.violations).toEqual([]);
  } finally {
    await server.close();
  }
}

/** Flags of a marker that lacks nothing. */
export const MARKER_FLAGS = ['--env', 'prod', '--component', 'lambda:resize-image', '--git-sha', SHA];

/** Runs `emit` to the server's channel with a marker that lacks nothing; `options.env` comes on top. */
export function emitTo(
  server: AwsServer,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  return emitRecords(server, [...MARKER_FLAGS, ...args], options);
}

/** Runs `emit` to the server's channel with just these flags. */
export function emitRecords(
  server: AwsServer,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return runCli(['emit', '--channel-arn', server.state.defaultChannelArn, ...args], {
    ...options,
    env: { ...server.env(), ...options.env },
  });
}

/** `requestParameters` of everything that the server stored: the markers, flat. */
export function storedMarkers(server: AwsServer): Record<string, string>[] {
  return server.state.stored.map(({ event }) => {
    const parameters = event['requestParameters'];
    return Object.fromEntries(
      Object.entries(parameters ?? {}).map(([key, value]) => [key, String(value)] as const),
    );
  });
}

/** A marker that has all that `emit --from` would otherwise fill in. */
export function wholeMarker(number: number, fields: Readonly<Record<string, unknown>> = {}): object {
  return {
    uid: `marker-${number}`,
    deploy_id: `deploy-${number}`,
    env: 'prod',
    component: `lambda:function-${number}`,
    account: '123456789012',
    region: 'ap-northeast-1',
    git_sha: SHA,
    status: 'success',
    kind: 'deploy',
    started_at: '2025-12-14T08:05:10Z',
    deployed_at: '2025-12-14T08:12:34Z',
    recorded_at: '2025-12-14T08:12:35Z',
    actor: 'circleci',
    ...fields,
  };
}

/** Records as JSON Lines. */
export function toJsonLines(records: readonly unknown[]): string {
  return records.map(record => `${JSON.stringify(record)}\n`).join('');
}

/** Version 5 UUID in the namespace that the README publishes, written here a second time on purpose. */
export function publishedUuid(parts: readonly unknown[]): string {
  const namespace = Buffer.from('00e3b0c69e1b43cabd455486e1a57be0', 'hex');
  const bytes = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  const hex = bytes.toString('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20),
  ].join('-');
}

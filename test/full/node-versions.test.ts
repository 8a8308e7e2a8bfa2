import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, type RunOptions, type RunResult, runCli } from '../cli/run-cli.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { mintToken } from '../fakes/oidc-token.ts';

// Binaries of further Node versions, separated by colons; .ci/run installs them.
const NODES = [process.execPath, ...(process.env['DEPLOY_MARKER_NODES'] ?? '').split(':').filter(Boolean)];
let server: AwsServer;

beforeAll(async () => {
  server = await startAwsServer();
});

afterAll(() => server.close());

test('there is more than one Node version to test', () => {
  expect(NODES.length).toBeGreaterThan(process.env['CI'] === 'true' ? 3 : 0);
});

describe.each(NODES)('%s', node => {
  const run = (args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
    runCli(args, { node, ...options, env: { ...server.env(), ...options.env } });
  const deploy = ['--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d'];

  test('is a version that package.json allows', async () => {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    expect(Number(stdout.slice(1).split('.')[0])).toBeGreaterThanOrEqual(20);
  });

  test('session-name', async () => {
    expect(await run(['session-name', '--env', 'prod', '--git-sha', 'a1b2c3d'])).toMatchObject({
      code: 0,
      stdout: 'ci-prod-a1b2c3d\n',
      stderr: '',
    });
  });

  test('assume-role', async () => {
    const file = join(await makeFolder(), 'bash-env');
    const args = [
      'assume-role',
      '--role-arn',
      server.state.defaultRoleArn,
      '--session-name',
      'ci-prod-a1b2c3d',
    ];
    const result = await run(args, { env: { BASH_ENV: file, DEPLOY_MARKER_ID_TOKEN: mintToken() } });
    expect(result).toMatchObject({ code: 0, stderr: 'using the OIDC token from DEPLOY_MARKER_ID_TOKEN\n' });
    expect(await readFile(file, 'utf8')).toContain('export AWS_ACCESS_KEY_ID=');
  });

  test('emit to the lake and to a file', async () => {
    const sinks = ['--sink', 'lake', '--sink', 'file', '--channel-arn', server.state.defaultChannelArn];
    const result = await run(['emit', ...deploy, ...sinks]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.match(/^stored in /gm)).toHaveLength(2);
  });

  test('emit with credentials from a profile, which loads the whole credential chain', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
    };
    const result = await run(['emit', ...deploy, '--channel-arn', server.state.defaultChannelArn], { env });
    expect(result).toMatchObject({ code: 3 });
    expect(result.stderr).not.toContain('NodeVersionSupportWarning');
    expect(result.stderr).not.toContain('node:');
  });

  test('validate', async () => {
    const marker =
      '{"env":"prod","component":"lambda:a","git_sha":"a1b2c3d","status":"running","actor":"me"}';
    expect(await run(['validate'], { input: marker })).toMatchObject({
      code: 0,
      stdout: 'ok stdin: 1 record\n',
    });
    expect(await run(['validate'], { input: '{\n"env":1}' })).toMatchObject({ code: 7 });
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mintToken } from '../fakes/oidc-token.ts';
import { startProxy } from '../fakes/proxy.ts';
import { runCli } from './run-cli.ts';
import { storyFolder, tellStory } from './trail/trail-scene.ts';

const EVIL = 'evil.example/';
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const FILES = ['--markers', 'markers.jsonl', '--changes', 'logs'];
const EMIT = ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--component', 'lambda:a'];
const STATE = ['--state', 's3://acme-audit/state.json'];

interface Run {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: object;
}

const RUNS: Readonly<Record<string, Run>> = {
  'a flag of assume-role': {
    args: ['assume-role', '--role-arn', ROLE, '--session-name', 'ci-x', '--output', 'json', '--region', EVIL],
  },
  'the variable of assume-role': {
    args: ['assume-role', '--role-arn', ROLE, '--session-name', 'ci-x', '--output', 'json'],
    env: { AWS_REGION: EVIL },
  },
  'a flag, for a state in S3': { args: ['audit', ...FILES, ...STATE, '--region', EVIL] },
  'the configuration file, for a state in S3': {
    args: ['audit', ...FILES, ...STATE],
    file: { region: [EVIL] },
  },
  'a twin of a flag, for event history': {
    args: ['trace', '--markers', 'markers.jsonl'],
    env: { DEPLOY_MARKER_REGION: EVIL },
  },
  'one of several flags, for event history': {
    args: ['trace', '--markers', 'markers.jsonl', '--region', 'eu-west-1', '--region', EVIL],
  },
  'the variable, for Lake and a log group': {
    args: ['trace', '--markers', 'logs:/deploys', '--changes', 'lake:a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3'],
    env: { AWS_DEFAULT_REGION: EVIL },
  },
  'the variable, for a log group that takes markers': {
    args: [...EMIT, '--log-group', '/deploys'],
    env: { AWS_REGION: EVIL },
  },
  'the ARN of a channel': {
    args: [...EMIT, '--channel-arn', `arn:aws:cloudtrail:${EVIL}:111122223333:channel/a`],
  },
  'a plain word in the ARN of a channel': {
    args: [...EMIT, '--channel-arn', 'arn:aws:cloudtrail:evil:111122223333:channel/a'],
  },
  'the ARN of a topic': {
    args: ['audit', ...FILES, '--state', 'x.json', '--notify-sns', 'arn:aws:sns:evil:111122223333:a'],
  },
  'the variable, for a stack': {
    args: [...EMIT, '--stack', 'shop', '--file', 'x'],
    env: { AWS_REGION: EVIL },
  },
};

describe.concurrent('what is no Region becomes part of no host', () => {
  test.each(Object.entries(RUNS))('%s', async (_where, { args, env = {}, file }) => {
    const proxy = await startProxy();
    const cwd = await storyFolder(tellStory());
    if (file !== undefined) await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify(file));
    const keys = { AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-of-a-secret' };
    const run = await runCli(args, {
      cwd,
      env: { ...keys, HTTPS_PROXY: proxy.url, DEPLOY_MARKER_ID_TOKEN: mintToken(), ...env },
    });
    expect([2, 7], run.stderr).toContain(run.code);
    expect(run.stderr).toContain('evil');
    expect(proxy.requests).toEqual([]);
    await proxy.close();
  });
});

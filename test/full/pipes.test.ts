import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, type RunResult, runCli } from '../cli/run-cli.ts';
import { mintToken } from '../fakes/oidc-token.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const DAY = ['--since', '2026-11-20T00:00:00Z', '--until', '2026-11-21T00:00:00Z'];
const audit = ['audit', ...DAY, '--markers', 'markers.jsonl', '--changes', 'logs'];
const assume = ['assume-role', '--role-arn', ROLE, '--session-name', 'ci-x'];
const emit = ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--component', 'lambda:a'];
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0a1b2c3d-0000-4000-8000-000000000001';

/** A folder with a pipe that nobody writes to. */
async function pipeFolder(): Promise<string> {
  const folder = await makeFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await mkdir(join(folder, 'logs'));
  await writeFile(join(folder, 'markers.jsonl'), '');
  await writeFile(join(folder, 'state.json.lock'), '');
  return folder;
}

interface Run {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A variable that names the pipe. */
  readonly variable?: string;
  readonly signalled?: boolean;
}

async function run({ args, env = {}, variable, signalled = false }: Run): Promise<RunResult> {
  const cwd = await pipeFolder();
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-key' };
  const named = variable === undefined ? {} : { [variable]: join(cwd, 'pipe') };
  return runCli(args, {
    cwd,
    env: { ...keys, AWS_REGION: 'eu-west-1', DEPLOY_MARKER_ID_TOKEN: mintToken(), ...named, ...env },
    ...(signalled ? { signalAfter: { signal: 'SIGTERM', when: sleep(4_000) } as const } : {}),
  });
}

describe.concurrent('a signal ends the wait', () => {
  const waits: readonly (readonly [string, Run])[] = [
    ['for markers to send', { args: ['emit', '--from', 'pipe', '--file', 'out'] }],
    ['for markers to check', { args: ['validate', 'pipe'] }],
    ['for markers', { args: ['trace', ...DAY, '--markers', 'pipe', '--changes', 'logs'] }],
    ['for changes', { args: ['trace', ...DAY, '--markers', 'markers.jsonl', '--changes', 'pipe'] }],
    ['for allowances', { args: [...audit, '--allow', 'pipe'] }],
    ['for a baseline', { args: [...audit, '--baseline', 'pipe'] }],
    ['for a scope', { args: [...audit, '--scope', 'pipe'] }],
    ['for a session policy', { args: [...assume, '--output', 'json', '--policy', 'pipe'] }],
    ['for a trust policy', { args: ['doctor', '--role-arn', ROLE, '--trust-policy', 'pipe'] }],
    ['for certificates', { args: [...emit, '--channel-arn', CHANNEL], variable: 'AWS_CA_BUNDLE' }],
    ['for a lock that somebody else holds', { args: [...audit, '--state', 'state.json'] }],
  ];
  test.each(waits)('%s', async (_what, each) => {
    const begun = performance.now();
    const result = await run({ ...each, signalled: true });
    expect(performance.now() - begun).toBeLessThan(9_000);
    expect(result).toMatchObject({ code: 6, signal: null });
    expect(result.stderr).toContain('cancelled by SIGTERM');
  });
});

describe.concurrent('a pipe is refused at once', () => {
  const profile = [...assume, '--output', 'profile', '--profile', 'x'];
  const refused: readonly (readonly [string, number, Run])[] = [
    ['in the place of settings', 2, { args: [...audit, '--config', 'pipe'] }],
    ['in the place of a state', 2, { args: [...audit, '--state', 'pipe'] }],
    ['in the place of a token', 3, { args: [...assume, '--output', 'json', '--token-file', 'pipe'] }],
    ['in the place of profiles', 7, { args: profile, variable: 'AWS_CONFIG_FILE' }],
    ['in the place of credentials', 7, { args: profile, variable: 'AWS_SHARED_CREDENTIALS_FILE' }],
    [
      'where a Region is looked for',
      7,
      { args: ['trace', ...DAY], variable: 'AWS_CONFIG_FILE', env: { AWS_REGION: '' } },
    ],
    [
      'where the SDK would read it',
      7,
      { args: [...emit, '--channel-arn', CHANNEL], variable: 'AWS_CONFIG_FILE' },
    ],
    ['in the place of a file of markers', 5, { args: [...emit, '--file', 'pipe'] }],
    ['in the place of $BASH_ENV', 5, { args: [...assume, '--output', 'bash-env'], variable: 'BASH_ENV' }],
  ];
  test.each(refused)('%s', async (_what, code, each) => {
    const result = await run(each);
    expect(result).toMatchObject({ code, signal: null });
    expect(errorOf(result)).toMatchObject({ message: expect.stringMatching(/pipe|regular file/) });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { diagnose, folderWith, trustPolicy } from '../../cli/doctor/scene.ts';
import { CI_ENVS } from '../../cli/emit/scene.ts';
import { makeFolder, runCli } from '../../cli/run-cli.ts';
import { mintToken } from '../../fakes/oidc-token.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-0000-4000-8000-000000000001';
const JOB = { ...CI_ENVS.circleci, DEPLOY_MARKER_ENV: 'prod', CIRCLE_OIDC_TOKEN_V2: mintToken() };

describe('settings that do not hold', () => {
  test('are told with where they come from, and every other check is made', async () => {
    const env = {
      ...JOB,
      DEPLOY_MARKER_TIMEOUT: 'abc',
      DEPLOY_MARKER_FAIL_ON: 'foo',
      DEPLOY_MARKER_STRICT: 'maybe',
    };
    const { code, check, checks } = await diagnose(['--duration', '10'], { env });
    expect(check('settings')).toMatchObject({ status: 'fail', code: 'USAGE' });
    const told = [check('settings').summary, ...(check('settings').details ?? [])].join('\n');
    expect(told).toMatch(/DEPLOY_MARKER_TIMEOUT: --timeout must be/);
    expect(told).toMatch(/DEPLOY_MARKER_FAIL_ON must be one of/);
    expect(told).toMatch(/DEPLOY_MARKER_STRICT must be true/);
    expect(told).toMatch(/--duration must be 900/);
    expect(check('session-name').status).toBe('ok');
    expect(checks).toHaveLength(12);
    expect(code).toBe(2);
  });

  test('as a whole hold where nothing is set', async () => {
    expect((await diagnose([])).check('settings')).toMatchObject({ status: 'ok' });
  });
});

describe('the network', () => {
  test.each(['$ENDPOINT', 'localhost:4566', 'http://', 'not a url'])('has the endpoint %j', async text => {
    const env = { ...JOB, AWS_ENDPOINT_URL: text };
    const { code, check } = await diagnose(['--channel-arn', CHANNEL], { env });
    expect(check('network')).toMatchObject({ status: 'fail', code: 'CONFIG_INVALID' });
    expect(check('network').summary).toMatch(/^AWS_ENDPOINT_URL is /);
    expect(code).toBe(7);
  });

  test('has a Region that is none, or certificates that nobody checks', async () => {
    const { code, checks } = await diagnose([], { env: { ...JOB, AWS_REGION: 'eu-west-1 ' } });
    expect(checks).toHaveLength(12);
    expect(code).not.toBe(1);
    const { check } = await diagnose([], { env: { ...JOB, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(check('network')).toMatchObject({ status: 'warn' });
  });

  test('has a misspelt proxy, whose password is not shown', async () => {
    for (const HTTPS_PROXY of [
      '//us:p4ss@proxy:3128',
      'http:/us:p4ss@proxy',
      'http://us:p4ss',
      'us:p4ss@proxy',
    ]) {
      const { stdout, stderr } = await diagnose([], { env: { ...JOB, HTTPS_PROXY } });
      expect(stdout + stderr).not.toContain('p4ss');
    }
  });
});

describe('a token', () => {
  const expired = mintToken({ exp: Math.floor(Date.now() / 1000) - 100 });

  test('of a file is not made anew, whatever the CI system', async () => {
    const cwd = await folderWith('old.jwt', expired);
    const { code, check } = await diagnose(['--token-file', 'old.jwt'], { cwd, env: JOB });
    expect(check('token')).toMatchObject({ status: 'fail', code: 'OIDC_TOKEN_EXPIRED' });
    expect(code).toBe(3);
  });

  test('of the pod is not taken for the job’s, which nobody asked for yet', async () => {
    const cwd = await folderWith('pod.jwt', mintToken());
    const asking = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
    const env = { ...CI_ENVS.github, ...asking, AWS_WEB_IDENTITY_TOKEN_FILE: join(cwd, 'pod.jwt') };
    const { check } = await diagnose(['--role-arn', ROLE], { cwd, env });
    expect(check('token')).toMatchObject({ status: 'skipped', next: 'run doctor --online in the job' });
  });

  test('that a GitHub job may not ask for is told offline', async () => {
    const { code, check } = await diagnose(['--role-arn', ROLE], { env: CI_ENVS.github });
    expect(check('token')).toMatchObject({ status: 'fail', code: 'OIDC_TOKEN_MISSING' });
    expect(check('token').next).toContain('id-token: write');
    expect(code).toBe(3);
  });

  test('for another audience is skipped offline, and one that a flag names must be there', async () => {
    const asked = await diagnose(['--audience', 'sts.amazonaws.com', '--role-arn', ROLE], { env: JOB });
    expect(asked.check('token')).toMatchObject({ status: 'skipped' });
    const named = await diagnose(['--token-env', 'NOPE'], { env: JOB });
    expect(named.check('token')).toMatchObject({
      status: 'fail',
      next: 'set NOPE, or leave out --token-env',
    });
  });

  test('without claims, or with a time in milliseconds, is looked at', async () => {
    for (const claims of [{ sub: undefined }, { exp: Date.now() + 3_600_000 }]) {
      const { check } = await diagnose([], { env: { ...JOB, CIRCLE_OIDC_TOKEN_V2: mintToken(claims) } });
      expect(check('token')).toMatchObject({ status: 'warn' });
    }
  });
});

describe('the trust policy', () => {
  test('that never ends keeps neither the deadline nor a signal waiting', async () => {
    const cwd = await makeFolder();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const { code, check } = await diagnose(['--trust-policy', 'pipe', '--timeout', '1s'], { cwd, env: JOB });
    expect(check('trust-policy')).toMatchObject({ status: 'fail', code: 'TIMEOUT' });
    expect(code).toBe(8);
    const ended = await runCli(['doctor', '--trust-policy', 'pipe'], {
      cwd,
      env: JOB,
      signalAfter: { signal: 'SIGTERM', when: sleep(1500) },
    });
    expect(ended).toMatchObject({ code: 6, stdout: '' });
  });

  test('that lets every project in is looked at', async () => {
    const wide = { StringLike: { 'sts:RoleSessionName': 'ci-*' } };
    const cwd = await folderWith('trust.json', trustPolicy(wide));
    const { check } = await diagnose(['--trust-policy', 'trust.json'], { cwd, env: JOB });
    expect(check('trust-policy')).toMatchObject({ status: 'warn' });
    expect(check('trust-policy').summary).toContain('jobs of other projects too');
  });
});

describe('where markers go', () => {
  test('is a file that can be made', async () => {
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'folder'));
    for (const file of ['folder', 'absent/x.jsonl']) {
      const { check } = await diagnose(['--file', file], { cwd, env: JOB });
      expect(check('sink')).toMatchObject({ status: 'fail', code: 'FILE_UNWRITABLE' });
    }
    expect((await diagnose(['--file', 'x.jsonl'], { cwd, env: JOB })).check('sink').status).toBe('ok');
  });

  test('is known in full, and a role that does not hold is one fault', async () => {
    const lake = await diagnose(['--sink', 'lake'], { env: JOB });
    expect(lake.check('sink')).toMatchObject({ status: 'fail', code: 'USAGE' });
    const role = await diagnose(['--role-arn', 'xx', '--channel-arn', CHANNEL], { env: JOB });
    expect(role.checks.filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual(['role']);
  });

  test('needs a session token beside temporary keys', async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'geheimgeheim' };
    const { check } = await diagnose([], { env: { ...JOB, ...keys } });
    expect(check('credentials')).toMatchObject({ status: 'fail', next: 'set AWS_SESSION_TOKEN too' });
  });
});

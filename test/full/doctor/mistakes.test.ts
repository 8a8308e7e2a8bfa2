import { describe, expect, test } from 'vitest';
import { diagnose } from '../../cli/doctor/scene.ts';
import { CI_ENVS } from '../../cli/emit/scene.ts';
import { errorOf, runCli } from '../../cli/run-cli.ts';
import { mintToken } from '../../fakes/oidc-token.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-0000-4000-8000-000000000001';
const JOB = { ...CI_ENVS.circleci, DEPLOY_MARKER_ENV: 'prod' };

const MISTAKES: [string, string[], Record<string, string>, string, string, number][] = [
  ['a role’s ARN that is none', ['--role-arn', 'deploy'], {}, 'role', 'ARN_INVALID', 7],
  ['a channel’s ARN that is none', ['--channel-arn', ROLE], {}, 'channel', 'ARN_INVALID', 7],
  ['a session name that is none', ['--session-name', 'a b'], {}, 'session-name', 'SESSION_NAME_INVALID', 7],
  ['an env that is too long', ['--env', 'e'.repeat(21)], {}, 'session-name', 'SESSION_NAME_INVALID', 7],
  ['two sinks', ['--channel-arn', CHANNEL, '--log-group', '/d'], {}, 'sink', 'NO_SINK', 2],
  ['a component that is none', ['--file', 'x', '--component', 'resize'], {}, 'marker', 'MARKER_INVALID', 7],
  ['no token for a role', ['--role-arn', ROLE], {}, 'token', 'OIDC_TOKEN_MISSING', 3],
  ['a token that is none', [], { CIRCLE_OIDC_TOKEN_V2: 'x' }, 'token', 'OIDC_TOKEN_UNREADABLE', 3],
  ['half a key', [], { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' }, 'credentials', 'CREDENTIALS_MISSING', 3],
  ['a proxy that is none', [], { HTTPS_PROXY: 'socks5://p.example' }, 'network', 'CONFIG_INVALID', 7],
  ['certificates that are none', [], { AWS_CA_BUNDLE: '/absent.pem' }, 'network', 'CONFIG_INVALID', 7],
  ['STS in clear text', [], { AWS_ENDPOINT_URL_STS: 'http://sts.example' }, 'network', 'CONFIG_INVALID', 7],
  ['an endpoint that is none', [], { AWS_ENDPOINT_URL: 'sts.example' }, 'network', 'CONFIG_INVALID', 7],
];

describe('doctor finds', () => {
  test.each(MISTAKES)('%s', async (_, args, env, name, errorCode, exit) => {
    const { code, check, stderr } = await diagnose(args, { env: { ...JOB, ...env } });
    expect(check(name)).toMatchObject({ status: 'fail', code: errorCode });
    expect(check(name).next).toMatch(/\w/);
    expect(code).toBe(exit);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: errorCode, exitCode: exit } });
  });

  test('more than one fault, of which the most telling counts', async () => {
    const env = { ...JOB, CIRCLE_OIDC_TOKEN_V2: 'x' };
    const result = await runCli(['doctor', '--channel-arn', 'x'], { env });
    expect(result.code).toBe(7);
    const { message, hint, code } = errorOf(result);
    expect(message).toMatch(/^\d checks failed \(.*token.*channel.*\); the most telling is channel: /);
    expect(hint).toMatch(/channel/);
    expect(code).toBe('ARN_INVALID');
  });

  test('credentials that have expired, and tells how long those at hand last', async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'geheimgeheim' };
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const old = await diagnose([], { env: { ...JOB, ...keys, AWS_CREDENTIAL_EXPIRATION: at(-90_000) } });
    expect(old.check('credentials')).toMatchObject({ status: 'fail', code: 'CREDENTIALS_EXPIRED' });
    expect(old.code).toBe(3);
    const good = await diagnose([], { env: { ...JOB, ...keys, AWS_CREDENTIAL_EXPIRATION: at(90_000) } });
    expect(good.check('credentials').summary).toMatch(/expire in [78]\d s/);
  });

  test('a channel in a Region or an account where its markers may not get to', async () => {
    const zurich = CHANNEL.replace('eu-west-1', 'eu-central-2');
    const elsewhere = await diagnose(['--channel-arn', zurich], { env: JOB });
    expect(elsewhere.check('channel')).toMatchObject({ status: 'warn' });
    const args = ['--channel-arn', CHANNEL.replaceAll('123456789012', '999999999999'), '--role-arn', ROLE];
    const other = await diagnose(args, { env: { ...JOB, CIRCLE_OIDC_TOKEN_V2: mintToken() } });
    expect(other.check('channel')).toMatchObject({ status: 'warn' });
    expect(other.check('channel').summary).toContain('999999999999');
    const sinkRole = 'arn:aws:iam::999999999999:role/marker';
    const sent = await diagnose([...args, '--sink-role-arn', sinkRole], { env: JOB });
    expect(sent.check('channel')).toMatchObject({ status: 'ok' });
  });

  test('an old token, and asks nobody for a new one', async () => {
    const exp = Math.floor(Date.now() / 1000) - 100;
    const circleci = { ...JOB, CIRCLE_OIDC_TOKEN_V2: mintToken({ exp }) };
    const { check, code } = await diagnose([], { env: circleci });
    expect(check('token')).toMatchObject({ status: 'warn' });
    expect(check('token').summary).toMatch(/expired 10\d s ago/);
    expect(code).toBe(0);
    const gitlab = { ...CI_ENVS.gitlab, DEPLOY_MARKER_ID_TOKEN: mintToken({ exp }) };
    const failed = await diagnose([], { env: gitlab });
    expect(failed.check('token')).toMatchObject({ status: 'fail', code: 'OIDC_TOKEN_EXPIRED' });
    expect(failed.code).toBe(3);
  });
});

import { describe, expect, test } from 'vitest';
import { mintToken } from '../../fakes/oidc-token.ts';
import { CI_ENVS, SHA } from '../emit/scene.ts';
import { runCli } from '../run-cli.ts';
import { diagnose, folderWith } from './scene.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-0000-4000-8000-000000000001';
const JOB = { ...CI_ENVS.circleci, DEPLOY_MARKER_ENV: 'prod' };

describe('doctor on a laptop where nothing is set', () => {
  test('fails nothing, and says of each check that it skips what is missing and what to do', async () => {
    const { code, stderr, checks, check } = await diagnose([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(check('node')).toMatchObject({ status: 'ok', summary: `Node.js ${process.versions.node}` });
    const open = checks.filter(({ status }) => status !== 'ok');
    expect(open.map(({ name }) => name)).toEqual([
      'ci',
      'session-name',
      'role',
      'token',
      'trust-policy',
      'credentials',
      'channel',
      'sink',
      'marker',
    ]);
    for (const each of open) {
      expect(each.status).toBe('skipped');
      expect(each.next).toMatch(/\w/);
    }
  });

  test('prints it for people, in 80 columns', async () => {
    const { code, stdout } = await runCli(['doctor']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/^Settings\n/);
    expect(stdout).toMatch(/\n {2}skipped {2}role {12}no role is set\n/);
    expect(stdout).toMatch(/\n12 checks: 3 ok, 0 to look at, 0 failed, 9 skipped\n$/);
  });
});

test.each([
  ['DEPLOY_MARKER_SERVICS', 'did you mean DEPLOY_MARKER_SERVICES?'],
  ['DEPLOY_MARKER_GITSHA', 'did you mean DEPLOY_MARKER_GIT_SHA?'],
  ['DEPLOY_MARKER_WHATEVER', 'take it away, or give it another name'],
])('a variable that no command reads is told: %s', async (name, next) => {
  const { code, check } = await diagnose([], { env: { [name]: 'hidden', DEPLOY_MARKER_ID_TOKEN: '' } });
  expect(code).toBe(0);
  expect(check('settings')).toEqual({
    name: 'settings',
    status: 'warn',
    summary: `no command reads ${name}`,
    next,
  });
});

test('a variable that a setting names is read', async () => {
  const env = { DEPLOY_MARKER_TOKEN_ENV: 'DEPLOY_MARKER_OWN', DEPLOY_MARKER_OWN: mintToken() };
  expect((await diagnose([], { env })).check('settings').status).toBe('ok');
});

describe('doctor --online on a laptop', () => {
  test.each([
    ['no keys', {}],
    ['a profile', { AWS_PROFILE: 'ops' }],
    ['a profile for the AWS CLI', { AWS_DEFAULT_PROFILE: 'ops' }],
  ])('does not say to pass what is passed: %s', async (_, env) => {
    const home = await folderWith('config', '[profile ops]\nregion = eu-west-1\n');
    const files = { AWS_CONFIG_FILE: `${home}/config`, AWS_EC2_METADATA_DISABLED: 'true' };
    const offline = await diagnose([], { env: { ...files, ...env } });
    const online = await diagnose(['--online'], { env: { ...files, ...env } });
    const toldTo = ({ checks }: typeof online) => checks.filter(({ next = '' }) => next.includes('--online'));
    expect(toldTo(offline).map(({ name }) => name)).toEqual(['trust-policy', 'credentials']);
    expect(toldTo(online)).toEqual([]);
    expect(online.check('credentials').next).toContain('see the check identity');
    expect(online.check('trust-policy').next).toBe('pass --trust-policy FILE, or --role-arn');
  });

  test.each(['AKIAEXAMPLE', 'test', 'AKIAIOSFODNN7EXAMPLE'])('shows no key id: %s', async id => {
    const keys = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: 'geheimgeheim' };
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await runCli(['doctor', ...args], { env: keys });
      expect(stdout).toMatch(/AWS_ACCESS_KEY_ID.*\(\d+ characters, (?:not shown|ends in MPLE)\)/);
      expect(stdout + stderr).not.toContain(id);
    }
  });
});

describe('doctor in a job', () => {
  test('tells every setting and where it comes from, and no secret', async () => {
    const token = mintToken();
    const { settings, setting, stdout, stderr } = await diagnose(
      ['--prefix', 'cci', '--channel-arn', CHANNEL],
      {
        cwd: await folderWith('deploy-marker.json', { 'log-group': '/deploys', strict: true }),
        env: {
          ...JOB,
          DEPLOY_MARKER_EXTERNAL_ID: 'external-0123456789',
          CIRCLE_OIDC_TOKEN_V2: token,
          AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE12',
          AWS_SECRET_ACCESS_KEY: 'secretsecretsecretsecretsecretsecretsecr',
          HTTPS_PROXY: 'http://kim:geheim@proxy.example:3128',
        },
      },
    );
    expect(setting('prefix')).toEqual({ name: 'prefix', value: 'cci', origin: 'flag', source: '--prefix' });
    expect(setting('env')).toMatchObject({ value: 'prod', source: 'DEPLOY_MARKER_ENV' });
    expect(setting('log-group')).toMatchObject({ value: '/deploys', source: 'deploy-marker.json' });
    expect(setting('git-sha')).toMatchObject({ value: SHA, origin: 'ci', source: 'circleci' });
    expect(setting('duration')).toMatchObject({ value: '3600', origin: 'default' });
    expect(setting('state')).toMatchObject({ value: null, origin: 'absent' });
    expect(setting('external-id')).toMatchObject({ value: '(19 characters, not shown)' });
    expect(setting('AWS_ACCESS_KEY_ID')).toMatchObject({ value: '(20 characters, ends in LE12)' });
    expect(setting('HTTPS_PROXY')).toMatchObject({ value: 'http://(not shown)@proxy.example:3128' });
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    for (const secret of [
      'external-0123456789',
      token.split('.')[1] ?? '-',
      'secretsecret',
      'geheim',
      'ASIAEXAMPLE',
    ]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  test('passes where all is set', async () => {
    const { code, checks, check } = await diagnose(
      ['--role-arn', ROLE, '--channel-arn', CHANNEL, '--component', 'lambda:resize-image'],
      { env: { ...JOB, CIRCLE_OIDC_TOKEN_V2: mintToken(), AWS_REGION: 'eu-west-1' } },
    );
    expect(code).toBe(0);
    expect(checks.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual([
      'trust-policy',
      'credentials',
    ]);
    expect(check('session-name').summary).toMatch(/^ci-prod-9b1d0c3e-sam-deploy-a1b2c3d \(35 of 64 /);
    expect(check('ci').summary).toBe(`circleci, job sam-deploy, ref main, commit ${SHA}`);
    expect(check('role').summary).toBe(`${ROLE}: account 123456789012, STS in eu-west-1`);
    expect(check('channel').summary).toBe('account 123456789012, eu-west-1');
    expect(check('marker')).toMatchObject({ summary: 'it passes' });
    expect(check('token').summary).toMatch(/^from CIRCLE_OIDC_TOKEN_V2, expires in 3[56]\d\d s \(20/);
  });

  test('says that emit would fail where no sink is set', async () => {
    const { code, check } = await diagnose([], { env: JOB });
    expect(code).toBe(0);
    expect(check('sink')).toMatchObject({ status: 'warn' });
    expect(check('marker')).toMatchObject({ status: 'skipped', summary: 'there is no sink to make it for' });
  });
});

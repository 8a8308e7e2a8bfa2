import { describe, expect, test } from 'vitest';
import { diagnose, folderWith, trustPolicy } from '../../cli/doctor/scene.ts';
import { CI_ENVS } from '../../cli/emit/scene.ts';
import { runCli } from '../../cli/run-cli.ts';
import { mintToken } from '../../fakes/oidc-token.ts';

const JOB = { ...CI_ENVS.circleci, DEPLOY_MARKER_ENV: 'prod' };

function run(policy: unknown, token?: string): ReturnType<typeof diagnose> {
  return folderWith('trust.json', policy).then(cwd =>
    diagnose(['--trust-policy', 'trust.json'], {
      cwd,
      env: { ...JOB, ...(token === undefined ? {} : { CIRCLE_OIDC_TOKEN_V2: token }) },
    }),
  );
}

describe('the trust policy', () => {
  test('lets the job in', async () => {
    const { code, check } = await run(trustPolicy(), mintToken());
    expect(check('trust-policy')).toEqual({
      name: 'trust-policy',
      status: 'ok',
      summary: 'it lets this token in as ci-prod-9b1d0c3e-sam-deploy-a1b2c3d',
    });
    expect(code).toBe(0);
  });

  test('does not, and says which condition fails and what the token holds', async () => {
    const policy = trustPolicy({ StringLike: { 'sts:RoleSessionName': 'ci-dev-*' } });
    const { code, check } = await run(policy, mintToken());
    expect(check('trust-policy')).toMatchObject({ status: 'fail', code: 'ASSUME_ROLE_DENIED' });
    const told = check('trust-policy').details?.join('\n');
    expect(told).toContain('unmet: StringLike sts:RoleSessionName: ');
    expect(told).toContain('wants "ci-dev-*"\n    has   "ci-prod-9b1d0c3e-sam-deploy-a1b2c3d"');
    expect(code).toBe(3);
  });

  test('says what the token’s claim is', async () => {
    const { check } = await run(trustPolicy(), mintToken({ aud: 'sts.amazonaws.com' }));
    expect(check('trust-policy').details).toContain('    has   "sts.amazonaws.com"');
  });

  test('has a condition that cannot be judged here, which is never ok', async () => {
    const policy = trustPolicy({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } });
    const { code, check } = await run(policy, mintToken());
    expect(check('trust-policy')).toMatchObject({ status: 'warn' });
    expect(check('trust-policy').summary).toContain('cannot be told');
    expect(code).toBe(0);
  });

  test('is read without a token too', async () => {
    const { check } = await run(trustPolicy());
    expect(check('trust-policy')).toMatchObject({ status: 'skipped' });
  });

  test.each([
    ['no JSON', 'Resources:\n  Role: {}', 'TRUST_POLICY_INVALID', 7],
    [
      'a permissions policy',
      { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
      'TRUST_POLICY_INVALID',
      7,
    ],
  ])('is %s', async (_, policy, errorCode, exit) => {
    const { code, check } = await run(policy);
    expect(check('trust-policy')).toMatchObject({ status: 'fail', code: errorCode });
    expect(code).toBe(exit);
  });

  test('is not there', async () => {
    const { code, check } = await diagnose(['--trust-policy', 'absent.json']);
    expect(check('trust-policy')).toMatchObject({ status: 'fail', code: 'INPUT_UNREADABLE' });
    expect(code).toBe(2);
  });

  test('is told for people in lines that can be read', async () => {
    const cwd = await folderWith('trust.json', trustPolicy({ StringLike: { 'sts:RoleSessionName': 'x' } }));
    const env = { ...JOB, CIRCLE_OIDC_TOKEN_V2: mintToken() };
    const { stdout } = await runCli(['doctor', '--trust-policy', 'trust.json'], { cwd, env });
    expect(stdout).toContain('"CircleCi" (Allow) does not apply');
    expect(stdout).toContain('next: change what is named in the trust policy');
  });
});

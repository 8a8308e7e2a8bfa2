import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AssumeJob, SESSION, startAssumeJob } from '../cli/assume-role/assume-job.ts';
import { CLI } from '../cli/run-cli.ts';
import { type AwsCliResult, findAwsCli } from './aws-cli.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: the AWS CLI reads credential_process and the profiles that we write: ${cli}`);
});

/** `aws sts get-caller-identity --profile X` in a job that has no keys in its environment, but a token. */
function identify(
  job: AssumeJob,
  profile: string | undefined,
  env: Record<string, string>,
  cwd = job.cwd,
): Promise<AwsCliResult> {
  if (typeof cli === 'string') throw new Error(cli);
  const named = profile === undefined ? [] : ['--profile', profile];
  const args = ['sts', 'get-caller-identity', ...named, '--output', 'json'];
  const { HOME: _, ...aws } = job.env();
  const settings = {
    // pyenv and the like find the program of the AWS CLI by HOME, so that is left as it is.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_MAX_ATTEMPTS: '1', ...aws, ...env },
    timeout: 60_000,
    cwd,
  };
  return new Promise(resolve => {
    const child = execFile(cli.command, args, settings, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** What the signed call must have told, and that it was signed with the keys of our session. */
function expectIdentity(job: AssumeJob, result: AwsCliResult): void {
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({
    Account: '111122223333',
    Arn: `arn:aws:sts::111122223333:assumed-role/deploy/${SESSION}`,
  });
  const call = job.server.requests.at(-1);
  expect(call?.operation).toBe('GetCallerIdentity');
  expect(call?.accessKeyId).toBe(job.keys().at(-1)?.id);
  expect(job.server.violations).toEqual([]);
}

describe.runIf(typeof cli !== 'string')('the AWS CLI', { concurrent: true }, () => {
  test('signs with what a credential_process of ours prints', async () => {
    const job = await startAssumeJob();
    const config = join(job.root, 'config');
    const command = `"${process.execPath}" "${CLI}" assume-role --output credential-process --role-arn ${job.server.state.defaultRoleArn} --session-name ${SESSION}`;
    await writeFile(config, `[profile by-hand]\nregion = eu-west-1\ncredential_process = ${command}\n`);
    const env = { AWS_CONFIG_FILE: config, DEPLOY_MARKER_ID_TOKEN: job.token };
    expectIdentity(job, await identify(job, 'by-hand', env));
  });

  test('signs with a profile of ours, whose words have blanks, and asks us anew for each run', async () => {
    const job = await startAssumeJob();
    const config = join(job.root, 'config');
    await writeFile(join(job.cwd, 'my policy.json'), '{"Version":"2012-10-17","Statement":[]}');
    await writeFile(join(job.cwd, "it's a token"), job.token);
    const written = await job.run(
      [
        ...job.role,
        // The AWS CLI renews what has 15 minutes left or less at once.
        ...['--output', 'profile', '--profile', 'ours', '--duration', '1800'],
        ...['--policy', 'my policy.json', '--token-file', "it's a token", '--region', 'eu-west-1'],
      ],
      { env: { AWS_CONFIG_FILE: config, DEPLOY_MARKER_ID_TOKEN: undefined } },
    );
    expect(written).toMatchObject({ code: 0, written: ['config'] });
    expect(await readFile(config, 'utf8')).not.toContain(job.token);
    const first = job.server.requests[0]?.bodyText;
    expectIdentity(job, await identify(job, 'ours', { AWS_CONFIG_FILE: config }));
    expect(job.server.requests.map(request => request.operation)).toEqual([
      'AssumeRoleWithWebIdentity',
      'AssumeRoleWithWebIdentity',
      'GetCallerIdentity',
    ]);
    expect(job.server.requests[1]?.bodyText).toBe(first);
  });

  test.each([
    ['keys', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\nregion = eu-west-2\n'],
    ['a process', 'credential_process = /bin/false\n'],
    ['a role', 'role_arn = arn:aws:iam::444455556666:role/old\nsource_profile = src\n'],
    ['a token file', 'role_arn = arn:aws:iam::444455556666:role/old\nweb_identity_token_file = /none\n'],
    ['a session of SSO', 'sso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n'],
  ])('takes the profile that was written with --force over %s', async (_what, settings) => {
    const job = await startAssumeJob();
    const files = {
      AWS_CONFIG_FILE: join(job.root, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(job.root, 'credentials'),
    };
    await writeFile(files.AWS_SHARED_CREDENTIALS_FILE, `[src]\naws_access_key_id = A\n[ours]\n${settings}`);
    const env = { ...files, DEPLOY_MARKER_ID_TOKEN: job.token };
    const flags = [...job.role, '--output', 'profile', '--profile', 'ours', '--duration', '1800'];
    expect(await job.run(flags, { env })).toMatchObject({ code: 7 });
    expect(await job.run([...flags, '--force'], { env })).toMatchObject({ code: 0 });
    expectIdentity(job, await identify(job, 'ours', env));
  });

  test('takes the default profile over the identity of a pod that comes after profiles', async () => {
    const job = await startAssumeJob();
    const env = {
      AWS_CONFIG_FILE: join(job.root, 'config'),
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/v1/credentials',
      DEPLOY_MARKER_ID_TOKEN: job.token,
    };
    const flags = [...job.role, '--output', 'profile', '--profile', 'default', '--duration', '1800'];
    expect(await job.run(flags, { env })).toMatchObject({ code: 0 });
    expectIdentity(job, await identify(job, undefined, env));
  });

  test('gets the role that was assumed, whatever another folder or step has set', async () => {
    const job = await startAssumeJob();
    const config = join(job.root, 'config');
    const env = { AWS_CONFIG_FILE: config, CIRCLECI: 'true', CIRCLE_OIDC_TOKEN: job.token };
    const flags = [...job.role, '--output', 'profile', '--profile', 'ours', '--duration', '1800'];
    await job.run(flags, { env: { ...env, DEPLOY_MARKER_ID_TOKEN: undefined } });
    const elsewhere = join(job.root, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'deploy-marker.json'), '{ broken');
    const others = {
      DEPLOY_MARKER_ID_TOKEN: job.mint({ sub: 'somebody else' }),
      DEPLOY_MARKER_TOKEN_ENV: 'NONE',
      DEPLOY_MARKER_AUDIENCE: 'other',
      DEPLOY_MARKER_POLICY_ARN: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      DEPLOY_MARKER_DURATION: 'x',
    };
    expectIdentity(job, await identify(job, 'ours', { ...env, ...others }, elsewhere));
    expect(job.server.requests[1]?.bodyText).toBe(job.server.requests[0]?.bodyText);
  });

  test('shows our error when the role is refused', async () => {
    const job = await startAssumeJob();
    const env = { AWS_CONFIG_FILE: join(job.root, 'config'), DEPLOY_MARKER_ID_TOKEN: job.token };
    await job.run([...job.role, '--output', 'profile', '--profile', 'ours'], { env });
    job.server.faults.add('AssumeRoleWithWebIdentity', { kind: 'denied' });
    const result = await identify(job, 'ours', env);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('code: ASSUME_ROLE_DENIED (exit 3)');
    expect(result.stderr).not.toContain(job.token);
  });
});

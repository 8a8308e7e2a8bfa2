import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, type RunResult, runCli } from '../run-cli.ts';
import { writeSignOfLife } from './trail-scene.ts';

const CONFIG = `[profile prod]
region = eu-west-1
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Reader

[profile "my dev"]
region = eu-west-1

[profile plain]
region = eu-west-1

[profile deployer]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/deployer
source_profile = prod
`;

/** Runs a command at a desk whose AWS files hold {@link CONFIG}. */
async function runAtDesk(args: readonly string[], env: Record<string, string>): Promise<RunResult> {
  const home = await makeFolder();
  await mkdir(join(home, '.aws'));
  await writeFile(join(home, '.aws/config'), CONFIG);
  await mkdir(join(home, 'logs'));
  await writeSignOfLife(join(home, 'logs'));
  return runCli(args, { cwd: home, env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env } });
}

/** Asks there; the error that it ends with. */
async function ask(env: Record<string, string>) {
  return errorOf(await runAtDesk(['trace', 'orders'], env));
}

const EMIT = ['emit', '--env', 'prod', '--component', 'lambda:orders', '--git-sha', 'a1b2c3d'];

describe.concurrent('on a laptop an error names the command that helps there', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    [
      'SSO that is over',
      { AWS_PROFILE: 'prod' },
      'CREDENTIALS_EXPIRED',
      /^run `aws sso login --profile prod`$/,
    ],
    [
      'a misspelt profile',
      { AWS_PROFILE: 'prd' },
      'CONFIG_INVALID',
      /^did you mean prod\? `aws configure list-profiles` shows those that are there$/,
    ],
    [
      'a misspelt profile, with a Region',
      { AWS_PROFILE: 'prd', AWS_REGION: 'eu-west-1' },
      'CONFIG_INVALID',
      /`aws configure list-profiles`/,
    ],
    [
      'SSO that is over, of the profile that the AWS CLI is told of',
      { AWS_DEFAULT_PROFILE: 'prod' },
      'CREDENTIALS_EXPIRED',
      /^run `aws sso login --profile prod`$/,
    ],
    [
      'a profile that the AWS CLI reads and the SDK does not',
      { AWS_PROFILE: 'my dev', AWS_REGION: 'eu-west-1' },
      'CONFIG_INVALID',
      /^give it a name without blanks/,
    ],
    ['no Region', {}, 'USAGE', /^pass --region, .*`aws configure set region REGION --profile default`$/],
    [
      'no credentials',
      { AWS_REGION: 'eu-west-1' },
      'CREDENTIALS_MISSING',
      /^set AWS_PROFILE to one of `aws configure list-profiles`/,
    ],
    [
      'SSO of the profile that another one takes its keys from',
      { AWS_PROFILE: 'deployer' },
      'CREDENTIALS_EXPIRED',
      /^run `aws sso login --profile prod`$/,
    ],
    ['a profile without any', { AWS_PROFILE: 'plain' }, 'CREDENTIALS_MISSING', /`aws configure/],
  ])('%s', async (_, env, code, hint) => {
    const error = await ask(env);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect(error.hint).not.toContain('assume-role');
  });

  test('in a CI job it is the step that is missing', async () => {
    const error = await ask({ AWS_REGION: 'eu-west-1', CI: 'true' });
    expect(error.hint).toContain('`deploy-marker assume-role` before this step');
    expect((await ask({ CI: 'true' })).hint).toBe('pass --region, or set AWS_REGION');
  });

  test.each<readonly [string, readonly string[], number]>([
    ['of two sources', ['trace', 'orders', '--markers', 'logs:/a', '--changes', 'logs:/b'], 2],
    ['of two sinks', [...EMIT, '--sink', 'logs,s3', '--log-group', '/a', '--bucket', 's3://acme-deploys'], 2],
    ['in a gap', ['investigate', 'lambda:orders', '--changes', 'logs'], 2],
    ['in a check', ['doctor', '--online', '--env', 'prod', '--git-sha', 'a1b2c3d'], 2],
  ])('%s, too', async (_, args, times) => {
    const { stdout, stderr } = await runAtDesk(args, { AWS_PROFILE: 'plain' });
    const told = `${stdout}${stderr}`.replace(/\s+/g, ' ');
    expect(told.match(/set AWS_PROFILE to one of `aws configure list-profiles`/g)).toHaveLength(times);
    expect(told).not.toMatch(/assume-role` (?:again )?before this step/);
  });

  test.each<readonly [string, readonly string[]]>([
    ['a log group', [...EMIT, '--log-group', '/a']],
    ['a stack', ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--stack', 'billing', '--file', 'm.jsonl']],
    ['AWS Config', ['investigate', 'lambda:orders', '--changes', 'logs']],
    ['a check', ['doctor', '--env', 'prod', '--git-sha', 'a1b2c3d', '--log-group', '/a']],
  ])('where the Region of %s is not known', async (_, args) => {
    const unset = errorOf(await runAtDesk(args, {}));
    expect(unset.hint).toBe(
      'pass --region, or set AWS_REGION, or run `aws configure set region REGION --profile default`',
    );
    const misspelt = errorOf(await runAtDesk(args, { AWS_PROFILE: 'prd' }));
    expect(misspelt).toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringMatching(/^did you mean prod\?/),
    });
  });

  test('what could not be read is no zero', async () => {
    const run = await runCli(['trace', 'orders'], {
      env: { HOME: await makeFolder(), AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' },
    });
    expect(run.stdout).toContain('\nWhether orders changed is not known: no changes could be read.\n');
    expect(run.stdout).not.toContain('Changes of');
    expect(errorOf(run).message).toMatch(/: LookupEvents failed: no AWS credentials were found$/);
  });
});

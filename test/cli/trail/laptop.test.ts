import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';

const CONFIG = `[profile prod]
region = eu-west-1
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Reader

[profile plain]
region = eu-west-1
`;

/** Asks at a desk whose AWS files hold {@link CONFIG}; the error that it ends with. */
async function ask(env: Record<string, string>) {
  const home = await makeFolder();
  await mkdir(join(home, '.aws'));
  await writeFile(join(home, '.aws/config'), CONFIG);
  const run = await runCli(['trace', 'orders'], {
    env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  return errorOf(run);
}

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
    ['no Region', {}, 'USAGE', /^pass --region, .*`aws configure set region REGION --profile default`$/],
    [
      'no credentials',
      { AWS_REGION: 'eu-west-1' },
      'CREDENTIALS_MISSING',
      /^set AWS_PROFILE to one of `aws configure list-profiles`/,
    ],
    ['a profile without any', { AWS_PROFILE: 'plain' }, 'CREDENTIALS_MISSING', /`aws configure/],
  ])('%s', async (_, env, code, hint) => {
    const error = await ask(env);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect(error.hint).not.toContain('assume-role');
  });

  test('what could not be read is no zero', async () => {
    const run = await runCli(['trace', 'orders'], {
      env: { HOME: await makeFolder(), AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' },
    });
    expect(run.stdout).toContain('\nWhether orders changed is not known: no changes could be read.\n');
    expect(run.stdout).not.toContain('Changes of');
    expect(errorOf(run).message).toMatch(/: LookupEvents failed: no AWS credentials were found$/);
  });

  test('in a CI job it is the step that is missing', async () => {
    const error = await ask({ AWS_REGION: 'eu-west-1', CI: 'true' });
    expect(error.hint).toContain('`deploy-marker assume-role` before this step');
    expect((await ask({ CI: 'true' })).hint).toBe('pass --region, or set AWS_REGION');
  });
});

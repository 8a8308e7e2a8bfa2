import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../cli/run-cli.ts';
import { writeSignOfLife } from '../cli/trail/trail-scene.ts';

// Every way to AWS that a command has, at a desk whose login is over, whose profile is misspelt, or that has no Region.

const CONFIG = `[profile prod]
region = eu-west-1
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Reader

[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://acme.awsapps.com/start
`;
const STORE = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';
const CHANNEL = `arn:aws:cloudtrail:eu-west-1:111122223333:channel/${STORE}`;
const EMIT = 'emit --env prod --component lambda:orders --git-sha a1b2c3d';
const AUDIT = 'audit --markers markers.jsonl --changes logs';
const DOCTOR = 'doctor --online --env prod --git-sha a1b2c3d';

/** Whether the address, or S3 itself, tells the Region. */
const KNOWS_REGION = /s3:\/\/|channel-arn|notify-sns/;

const COMMANDS = [
  'trace orders',
  'trace orders --quick',
  `trace orders --changes lake:${STORE}`,
  'trace orders --changes logs:/trail',
  'trace orders --changes athena:deploys.trail',
  'trace orders --changes s3://acme-trail',
  `trace orders --changes logs --markers lake:${STORE}`,
  'trace orders --changes logs --markers logs:/deploys',
  'trace orders --changes logs --markers athena:deploys.markers',
  'trace orders --changes logs --markers s3://acme-deploys/markers',
  'investigate orders',
  'investigate lambda:orders --changes logs',
  'audit --markers markers.jsonl',
  `${AUDIT} --since last --state s3://acme-audit/state.json`,
  `query --marker-store ${STORE} --change-store ${STORE} --run`,
  'query --engine athena --marker-table deploys.markers --change-table deploys.trail --run',
  `${EMIT} --channel-arn ${CHANNEL}`,
  `${EMIT} --log-group /deploys`,
  `${EMIT} --bucket s3://acme-deploys/markers`,
  'emit --env prod --git-sha a1b2c3d --stack billing --file markers.jsonl',
  `${DOCTOR} --channel-arn ${CHANNEL}`,
  `${DOCTOR} --log-group /deploys`,
  `${DOCTOR} --bucket s3://acme-deploys/markers`,
];

async function errorAtDesk(command: string, env: Readonly<Record<string, string>>) {
  const home = await makeFolder();
  await mkdir(join(home, '.aws'));
  await writeFile(join(home, '.aws/config'), CONFIG);
  await mkdir(join(home, 'logs'));
  await writeSignOfLife(join(home, 'logs'));
  await writeFile(join(home, 'markers.jsonl'), '');
  return errorOf(
    await runCli(command.split(' '), {
      cwd: home,
      env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    }),
  );
}

describe.each(COMMANDS)('%s', command => {
  test('names the login that is over', async () => {
    const { hint } = await errorAtDesk(command, { AWS_PROFILE: 'prod' });
    expect(hint).toBe('run `aws sso login --profile prod`');
  });

  test('names the profile that is misspelt', async () => {
    const { code, hint } = await errorAtDesk(command, { AWS_PROFILE: 'prd' });
    expect(code).toBe('CONFIG_INVALID');
    expect(hint).toMatch(/^did you mean prod\? `aws configure list-profiles`/);
  });
});

test.each(COMMANDS.filter(command => !KNOWS_REGION.test(command)))(
  '%s names what sets a Region',
  async command => {
    const { hint } = await errorAtDesk(command, {});
    expect(hint).toMatch(/^pass --region, .*`aws configure set region REGION --profile default`$/);
  },
);

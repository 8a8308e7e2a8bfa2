import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trustPolicy } from '../cli/doctor/scene.ts';
import { CLI, makeFolder, runCli } from '../cli/run-cli.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { type AccessKey, mintAccessKey } from '../fakes/aws-state.ts';
import { mintToken } from '../fakes/oidc-token.ts';

// What README and help print is what people type: every command in them runs here, in a shell, in a CircleCI-like job.

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const COMMANDS = [
  'session-name',
  'assume-role',
  'emit',
  'validate',
  'trace',
  'audit',
  'investigate',
  'query',
  'template',
  'doctor',
];
const SESSION = 'ci-prod-deploy-prod-sam-deploy-a1b2c3d';
let server: AwsServer;
let key: AccessKey;

beforeAll(async () => {
  server = await startAwsServer({ accountId: '123456789012', logGroups: ['/deploys'] });
  // As `assume-role` leaves them.
  key = mintAccessKey(`arn:aws:sts::123456789012:assumed-role/deploy/${SESSION}`, Date.now() + 3_600_000);
  server.state.keys.set(key.id, key);
  server.state.buckets.set('acme-deploys', { objects: new Map() });
  // An account in which something goes on, if nothing odd.
  server.state.histories.set('123456789012/eu-west-1', [
    historyRecord('lambda', 'GetFunction20150331v2', 7_200_000),
    historyRecord('sts', 'GetCallerIdentity', 60_000),
  ]);
});

afterAll(async () => {
  expect(server.violations).toEqual([]);
  await server.close();
});

function historyRecord(service: string, eventName: string, ago: number) {
  return {
    eventVersion: '1.11',
    eventID: crypto.randomUUID(),
    eventTime: new Date(Date.now() - ago).toISOString().replace(/\.\d+Z/, 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-west-1',
    recipientAccountId: '123456789012',
    readOnly: true,
    userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' },
  };
}

interface ShellResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a line of shell in which `deploy-marker` and `npx deploy-marker` are the built command line. */
async function runShell(line: string, cwd: string): Promise<ShellResult> {
  // No account here: what the AWS CLI is given is looked at in test/conventions/set-up.test.ts.
  const aws = `aws() { [ "$1 $2" = 'cloudformation deploy' ]; }`;
  const setUp = `set -e; deploy-marker() { '${process.execPath}' '${CLI}' "$@"; }; npx() { "$@"; }; ${aws}`;
  const env = {
    ...server.env(),
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_SESSION_TOKEN: key.sessionToken,
    PATH: process.env['PATH'],
    HOME: cwd,
    CHANNEL_ARN: server.state.defaultChannelArn,
    MARKER_STORE: server.state.lake.markerStoreId,
    CHANGE_STORE: server.state.lake.changeStoreId,
    ROLE_SESSION_NAME: SESSION,
    DEPLOY_MARKER_ROLE_ARN: 'arn:aws:iam::123456789012:role/deploy',
    BASH_ENV_FILE: join(cwd, 'bash-env'),
    CI: 'true',
    CIRCLECI: 'true',
    CIRCLE_SHA1: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
    CIRCLE_JOB: 'sam-deploy',
    CIRCLE_WORKFLOW_ID: '9b1d2c3e-0000-4000-8000-000000000001',
    CIRCLE_WORKFLOW_JOB_ID: '7c0f2c3e-0000-4000-8000-000000000002',
    CIRCLE_OIDC_TOKEN_V2: mintToken(),
  };
  // BASH_ENV is set inside, for the shell that runs the line would otherwise read it itself.
  const script = `${setUp}; export BASH_ENV="$BASH_ENV_FILE"; { ${line}\n} 2>&1`;
  return new Promise(resolve => {
    const child = execFile('bash', ['-c', script], { cwd, env }, (_error, stdout) =>
      resolve({ code: child.exitCode, output: stdout }),
    );
  });
}

async function folderWithMarkers(): Promise<string> {
  const folder = await folderWithTrail();
  const marker =
    '{"uid":"u1","deploy_id":"d1","env":"prod","component":"lambda:a","git_sha":"a1b2c3d","status":"success","actor":"me","deployed_at":"2025-12-14T08:12:34Z","recorded_at":"2025-12-14T08:12:34Z"}';
  await writeFile(join(folder, 'deploys.jsonl'), `${marker}\n`);
  await writeFile(join(folder, 'trust.json'), JSON.stringify(trustPolicy()));
  return folder;
}

/** A folder with a trail's log: one change by the job's session a moment ago, and one by a person two hours earlier. */
async function folderWithTrail(): Promise<string> {
  const folder = await makeFolder();
  const record = (ago: number, eventName: string, arn: string): object => ({
    eventID: crypto.randomUUID(),
    eventTime: new Date(Date.now() - ago).toISOString().replace(/\.\d+Z/, 'Z'),
    eventSource: 'lambda.amazonaws.com',
    eventName,
    awsRegion: 'eu-west-1',
    recipientAccountId: '123456789012',
    readOnly: false,
    userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::123456789012:assumed-role/${arn}` },
    requestParameters: { functionName: 'resize-image' },
  });
  const records = [
    record(1000, 'UpdateFunctionCode20150331v2', `deploy/${SESSION}`),
    record(
      7_200_000,
      'UpdateFunctionConfiguration20150331v2',
      'AWSReservedSSO_Admin_0123/jane.doe@example.com',
    ),
  ];
  await mkdir(join(folder, 'trail'));
  await writeFile(join(folder, 'trail/log.json'), JSON.stringify({ Records: records }));
  return folder;
}

/** Expected text in which `…` stands for anything on its line. */
function matching(text: string): RegExp {
  const escaped = text.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^\\n]*')}$`);
}

describe('help', () => {
  test.each([...COMMANDS, 'help'])('every example of %s runs', async command => {
    const { stdout } = await runCli([command, '--help']);
    const examples = [...stdout.matchAll(/^ {2}(deploy-marker (?:.*\\\n)*.*)$/gm)].map(
      ([, line]) => line ?? '',
    );
    expect(examples.length).toBeGreaterThan(1);
    for (const line of examples) {
      const result = await runShell(line, await folderWithMarkers());
      expect(result, `${line}\n${result.output}`).toMatchObject({ code: 0 });
    }
  });
});

describe('README', async () => {
  const text = await readFile(README, 'utf8');
  const consoles = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const plain = [...text.matchAll(/```sh\n(npx deploy-marker [\s\S]*?)```/g)].map(([, block = '']) =>
    block.trim(),
  );

  test('has examples of both kinds', () => {
    expect(consoles.length).toBeGreaterThan(3);
    expect(plain.length).toBeGreaterThan(1);
  });

  test('prints what its examples say', async () => {
    // One after the other in one folder, for later ones read what earlier ones wrote.
    const folder = await folderWithTrail();
    for (const block of consoles) {
      const [first = '', ...rest] = block.trimEnd().split('\n');
      const { output } = await runShell(first.replace(/^\$ /, ''), folder);
      expect(output.trimEnd()).toMatch(matching(rest.join('\n')));
    }
  });

  test.each(plain)('%s', async line => {
    const result = await runShell(line, await folderWithMarkers());
    expect(result, result.output).toMatchObject({ code: 0 });
  });
});

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSION } from '../../src/version.ts';
import { trustPolicy } from '../cli/doctor/scene.ts';
import { CLI, makeFolder } from '../cli/run-cli.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { type AccessKey, mintAccessKey } from '../fakes/aws-state.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { makeBucket, makeDigestKey } from '../trail-world/bucket.ts';
import type { TrailRecord } from '../trail-world/trail-record.ts';

/** The session name of the job. */
export const SESSION = 'ci-prod-deploy-prod-sam-deploy-a1b2c3d';
const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const TWO_HOURS = 7_200_000;

/** A CI job in which people type what the documents say, with an AWS of its own. */
export interface ShellJob {
  readonly server: AwsServer;
  /** An OIDC token that the deploy role trusts. */
  readonly token: string;
  /**
   * Runs lines of shell in which `deploy-marker` and `npx deploy-marker` are the built command line.
   *
   * @param variables in place of CircleCI's
   */
  run(lines: string, cwd: string, variables?: Readonly<Record<string, string>>): Promise<ShellResult>;
  close(): Promise<void>;
}

/** What a shell gave: stdout and stderr as they came. */
export interface ShellResult {
  readonly code: number | null;
  readonly output: string;
}

function recordOf(ago: number, service: string, eventName: string, more: object): TrailRecord {
  return {
    eventVersion: '1.11',
    eventID: crypto.randomUUID(),
    eventTime: new Date(Date.now() - ago).toISOString().replace(/\.\d+Z/, 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventType: 'AwsApiCall',
    awsRegion: REGION,
    recipientAccountId: ACCOUNT,
    requestParameters: null,
    responseElements: null,
    ...more,
  };
}

/** An account in which something goes on, if nothing odd. */
function quietRecords(): TrailRecord[] {
  const reads = { readOnly: true, userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } };
  return [
    recordOf(TWO_HOURS, 'lambda', 'GetFunction20150331v2', reads),
    recordOf(60_000, 'sts', 'GetCallerIdentity', reads),
  ];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The bucket of a trail that was quiet for more than a week, with CloudTrail's digests. */
function quietTrail({ state }: AwsServer): void {
  const [now, key] = [Date.now(), makeDigestKey()];
  const reads = { readOnly: true, userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } };
  const often = Array.from({ length: 9 * 24 * 4 }, (_, rank) =>
    recordOf((rank * HOUR) / 4, 'lambda', 'GetFunction20150331v2', reads),
  );
  const digested = { from: now - 9 * DAY, until: Math.floor(now / HOUR) * HOUR - HOUR };
  const plan = { bucket: 'acme-trail', records: [...often.toReversed(), ...quietRecords()], delay: 0 };
  state.buckets.set('acme-trail', { objects: makeBucket({ ...plan, key, digested }) });
  state.publicKeys.set(REGION, [
    { fingerprint: key.fingerprint, value: key.publicKey, from: now - 90 * DAY, until: now + HOUR },
  ]);
}

/** One change by the job's session a moment ago, and one by a person two hours earlier. */
function changeRecords(): TrailRecord[] {
  const change = (ago: number, eventName: string, arn: string): TrailRecord =>
    recordOf(ago, 'lambda', eventName, {
      readOnly: false,
      userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${arn}` },
      requestParameters: { functionName: 'resize-image' },
    });
  return [
    change(1000, 'UpdateFunctionCode20150331v2', `deploy/${SESSION}`),
    change(
      TWO_HOURS,
      'UpdateFunctionConfiguration20150331v2',
      'AWSReservedSSO_Admin_0123/jane.doe@example.com',
    ),
  ];
}

/** Gives the account all that the documents name: a log group, buckets of markers and of a trail, stores of Lake, event history. */
function furnish(server: AwsServer): void {
  const { state } = server;
  const records = [...changeRecords(), ...quietRecords()];
  state.buckets.set('acme-deploys', { objects: new Map() });
  quietTrail(server);
  state.histories.set(`${ACCOUNT}/${REGION}`, quietRecords());
  // Where IAM is recorded.
  state.histories.set(`${ACCOUNT}/us-east-1`, []);
  const role = state.roles.get(state.defaultRoleArn);
  const audit = `arn:aws:iam::${ACCOUNT}:role/audit`;
  if (role !== undefined) state.roles.set(audit, { ...role, arn: audit });
  const rows = records.map(record => ({ event_json: JSON.stringify(record) }));
  // The statements of `query` and those of `trace` differ in their columns.
  state.lake.answerQuery = statement => ({ rows: statement.includes('AS event_json') ? rows : [] });
}

/** What CircleCI tells a job. */
const circleVariables = (): Record<string, string> => ({
  CIRCLECI: 'true',
  CIRCLE_SHA1: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
  CIRCLE_JOB: 'sam-deploy',
  CIRCLE_WORKFLOW_ID: '9b1d2c3e-0000-4000-8000-000000000001',
  CIRCLE_WORKFLOW_JOB_ID: '7c0f2c3e-0000-4000-8000-000000000002',
  CIRCLE_OIDC_TOKEN_V2: mintToken(),
});

/** Starts a {@link ShellJob}. */
export async function startShellJob(): Promise<ShellJob> {
  const server = await startAwsServer({ accountId: ACCOUNT, logGroups: ['/deploys'] });
  // As `assume-role` leaves them.
  const key = mintAccessKey(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${SESSION}`, Date.now() + 3_600_000);
  server.state.keys.set(key.id, key);
  furnish(server);
  return {
    server,
    token: mintToken(),
    run: (lines, cwd, variables = circleVariables()) =>
      runShell(lines, cwd, { ...environmentOf(server, key, cwd), ...variables }),
    close: () => server.close(),
  };
}

function environmentOf(server: AwsServer, key: AccessKey, cwd: string): Record<string, string | undefined> {
  return {
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
    DEPLOY_MARKER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    BASH_ENV_FILE: join(cwd, 'bash-env'),
    CI: 'true',
    // The version that blocks pin.
    VERSION,
  };
}

function runShell(lines: string, cwd: string, env: Record<string, string | undefined>): Promise<ShellResult> {
  // No account here: what the AWS CLI is given is looked at in test/conventions/set-up.test.ts.
  const aws = `aws() { [ "$1 $2" = 'cloudformation deploy' ]; }`;
  const npx =
    'npx() { [ "$1" = --yes ] && shift; case $1 in deploy-marker@$VERSION) shift; deploy-marker "$@" ;; *) "$@" ;; esac; }';
  const setUp = `set -e; deploy-marker() { '${process.execPath}' '${CLI}' "$@"; }; ${npx}; ${aws}`;
  // BASH_ENV is set inside, for the shell that runs the lines would otherwise read it itself.
  const script = `${setUp}; export BASH_ENV="$BASH_ENV_FILE"; { ${lines}\n} 2>&1`;
  return new Promise(resolve => {
    const child = execFile('bash', ['-c', script], { cwd, env }, (_error, stdout) =>
      resolve({ code: child.exitCode, output: stdout }),
    );
  });
}

/** A folder with a trail's log. */
export async function folderWithTrail(): Promise<string> {
  const folder = await makeFolder();
  await mkdir(join(folder, 'trail'));
  await writeFile(join(folder, 'trail/log.json'), JSON.stringify({ Records: changeRecords() }));
  return folder;
}

/** The same with a file of markers and a trust policy. */
export async function folderWithMarkers(): Promise<string> {
  const folder = await folderWithTrail();
  // What is asked of the last days has to find it.
  const at = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const what = { env: 'prod', component: 'lambda:a', git_sha: 'a1b2c3d', status: 'success', actor: 'me' };
  const marker = JSON.stringify({ uid: 'u1', deploy_id: 'd1', ...what, deployed_at: at, recorded_at: at });
  await writeFile(join(folder, 'deploys.jsonl'), `${marker}\n`);
  await writeFile(join(folder, 'trust.json'), JSON.stringify(trustPolicy()));
  return folder;
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { type AwsCliResult, findAwsCli, runAwsCli } from './aws-cli.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: what doctor --online asks: ${cli}`);
});

describe.runIf(typeof cli !== 'string')('the AWS CLI reads from the fake server what doctor asks', () => {
  let server: AwsServer;
  beforeEach(async () => {
    server = await startAwsServer({ logGroups: ['/deploys', '/deploys-old'] });
  });
  afterEach(async () => {
    await server.close();
    expect(server.violations).toEqual([]);
  });

  function aws(...args: string[]): Promise<AwsCliResult> {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, args);
  }

  /** What the CLI prints as JSON. */
  async function read(...args: string[]) {
    const result = await aws(...args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(result.stdout);
  }

  /** Version 1 prints seconds, version 2 a date. */
  const toTime = (printed: unknown): number =>
    typeof printed === 'number' ? printed * 1000 : Date.parse(String(printed));

  test('sts get-caller-identity', async () => {
    expect(await read('sts', 'get-caller-identity')).toEqual({
      UserId: 'AROAFAKEROLEID0000001:ci-default',
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-default',
    });
  });

  test('cloudtrail get-channel', async () => {
    const { defaultChannelArn: arn, channels, lake } = server.state;
    const lastSuccess = 1_795_000_000_000;
    const ingestion = { lastSuccess, lastAttempt: lastSuccess + 1500, lastError: 'InvalidData' };
    channels.set(arn, { arn, ingestion });
    const answer = await read('cloudtrail', 'get-channel', '--channel', arn);
    expect(answer).toMatchObject({
      ChannelArn: arn,
      Source: 'Custom',
      Destinations: [
        {
          Type: 'EVENT_DATA_STORE',
          Location: `arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/${lake.markerStoreId}`,
        },
      ],
      IngestionStatus: { LatestIngestionErrorCode: 'InvalidData' },
    });
    const { LatestIngestionSuccessTime, LatestIngestionAttemptTime } = answer.IngestionStatus;
    expect(toTime(LatestIngestionSuccessTime)).toBe(lastSuccess);
    expect(toTime(LatestIngestionAttemptTime)).toBe(lastSuccess + 1500);
  });

  test('cloudtrail get-event-data-store', async () => {
    const { lake } = server.state;
    const arn = `arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/${lake.changeStoreId}`;
    lake.stores.set(lake.changeStoreId, { arn, name: 'all', multiRegion: true, retentionDays: 400 });
    const store = ['--event-data-store', lake.changeStoreId];
    expect(await read('cloudtrail', 'get-event-data-store', ...store)).toMatchObject({
      EventDataStoreArn: arn,
      Name: 'all',
      Status: 'ENABLED',
      MultiRegionEnabled: true,
      RetentionPeriod: 400,
      TerminationProtectionEnabled: true,
    });
  });

  test('logs describe-log-groups', async () => {
    const settings = { retentionInDays: 400, deletionProtected: true, kmsKey: 'arn:aws:kms:x' };
    server.state.logGroups.set('/deploys', { ...settings, streams: new Map() });
    const prefix = ['--log-group-name-prefix', '/deploys', '--page-size', '1'];
    const { logGroups } = await read('logs', 'describe-log-groups', ...prefix);
    expect(logGroups).toMatchObject([
      {
        logGroupName: '/deploys',
        arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/deploys:*',
        retentionInDays: 400,
        deletionProtectionEnabled: true,
        kmsKeyId: 'arn:aws:kms:x',
      },
      { logGroupName: '/deploys-old' },
    ]);
    expect(server.requests).toHaveLength(2);
  });

  test('iam get-role, whose policy the CLI prints as JSON', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Condition: { a: 'größe+ %2B<&>' } }],
    };
    const { roles, defaultRoleArn } = server.state;
    const role = roles.get(defaultRoleArn);
    if (role !== undefined) roles.set(defaultRoleArn, { ...role, policy: JSON.stringify(policy) });
    const { Role } = await read('iam', 'get-role', '--role-name', 'deploy', '--region', 'us-east-1');
    expect(Role).toMatchObject({
      Path: '/',
      RoleName: 'deploy',
      Arn: defaultRoleArn,
      MaxSessionDuration: 43_200,
      AssumeRolePolicyDocument: policy,
    });
  });

  const id = '01234567-89ab-4cde-8f01-23456789abcd';
  const unknown: [string[], string][] = [
    [['cloudtrail', 'get-channel', '--channel', id], '(ChannelNotFoundException)'],
    [['cloudtrail', 'get-channel', '--channel', 'deploys'], '(ChannelARNInvalidException)'],
    [['cloudtrail', 'get-event-data-store', '--event-data-store', id], '(EventDataStoreNotFoundException)'],
    [
      ['iam', 'get-role', '--role-name', 'none', '--region', 'us-east-1'],
      '(NoSuchEntity) when calling the GetRole operation: The role with name none cannot be found.',
    ],
  ];
  test.each(unknown)('%j: %s', async (args, expected) => {
    const { code, stderr } = await aws(...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(expected);
  });

  test.each([
    [20, 'Signature expired'],
    [-20, 'Signature not yet current'],
  ])('a server whose clock is %i minutes ahead refuses: %s', async (minutes, expected) => {
    server.state.now = () => Date.now() + minutes * 60_000;
    const { code, stderr } = await aws('sts', 'get-caller-identity');
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      `(SignatureDoesNotMatch) when calling the GetCallerIdentity operation: ${expected}`,
    );
  });
});

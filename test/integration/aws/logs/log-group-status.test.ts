import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LogGroupStatusOptions, readLogGroupStatus } from '../../../../src/aws/logs/group-status.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { startDeadline } from '../../../fakes/deadline.ts';

let server: AwsServer;

beforeEach(async () => {
  server = await startAwsServer({ logGroups: ['/deploys', '/deploys-old'] });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

const read = (options: Partial<LogGroupStatusOptions> = {}, signal?: AbortSignal) =>
  readLogGroupStatus(
    { logGroup: '/deploys', region: server.state.region, env: server.env(), ...options },
    signal,
  );

const ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/deploys';

describe('a log group', () => {
  test('that was made by hand keeps its events for ever, and anybody may delete it', async () => {
    expect(await read()).toEqual({ arn: ARN, retentionDays: undefined, deletionProtected: false });
    expect(server.requests.map(({ operation }) => operation)).toEqual(['DescribeLogGroups']);
  });

  test('shows how it is set', async () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0001-4a5b-8c6d-7e8f90a1b2c3';
    const settings = { retentionInDays: 400, deletionProtected: true, kmsKey };
    server.state.logGroups.set('/deploys', { ...settings, streams: new Map() });
    expect(await read()).toEqual({ arn: ARN, retentionDays: 400, deletionProtected: true, kmsKey });
  });

  test('is looked for on every page', async () => {
    // "-" and digits sort before the rest of the prefix alone would.
    for (let index = 0; index < 120; index += 1)
      server.state.logGroups.set(`/deploys${String(index).padStart(3, '0')}`, { streams: new Map() });
    expect(await read({ logGroup: '/deploys119' })).toMatchObject({ deletionProtected: false });
    server.state.logGroups.delete('/deploys');
    await expect(read()).rejects.toMatchObject({ code: 'LOG_GROUP_NOT_FOUND' });
    expect(server.requests).toHaveLength(4);
  });
});

describe('a log group that cannot be seen', () => {
  test.each(['/deploy', '/Deploys', '/none'])('is not there under just this name: %s', async logGroup => {
    await expect(read({ logGroup })).rejects.toMatchObject({
      code: 'LOG_GROUP_NOT_FOUND',
      exitCode: 5,
      message: `there is no log group ${logGroup} in eu-west-1`,
    });
  });

  test('is in another account', async () => {
    server.state.logGroups.set('/deploys', { accountId: '999999999999', streams: new Map() });
    await expect(read()).rejects.toMatchObject({ code: 'LOG_GROUP_NOT_FOUND' });
  });

  test('is not to be seen by this role', async () => {
    server.faults.add('DescribeLogGroups', { kind: 'denied' });
    await expect(read()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow logs:DescribeLogGroups',
    });
  });

  test('does not answer in time', async () => {
    server.faults.add('DescribeLogGroups', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(read({}, signal)).rejects.toBe(reason);
  });
});

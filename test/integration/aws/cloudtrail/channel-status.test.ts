import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type ChannelStatusOptions,
  readChannelStatus,
} from '../../../../src/aws/cloudtrail/channel-status.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import type { Channel } from '../../../fakes/aws-state.ts';
import { startDeadline } from '../../../fakes/deadline.ts';

let server: AwsServer;
let arn: string;

beforeEach(async () => {
  server = await startAwsServer();
  arn = server.state.defaultChannelArn;
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

const read = (options: Partial<ChannelStatusOptions> = {}, signal?: AbortSignal) =>
  readChannelStatus({ channelArn: arn, env: server.env(), ...options }, signal);

function setChannel(channel: Partial<Channel>): void {
  server.state.channels.set(arn, { arn, ...channel });
}

describe('a channel', () => {
  test('has its source and its stores, and no ingestion before the first event', async () => {
    const { lake } = server.state;
    expect(await read()).toEqual({
      arn,
      source: 'Custom',
      stores: [`arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/${lake.markerStoreId}`],
      ingestion: undefined,
    });
    expect(server.requests.map(({ operation, parsedBody }) => [operation, parsedBody])).toEqual([
      ['GetChannel', { Channel: arn }],
    ]);
  });

  test('tells when events were taken and when one was not', async () => {
    const ingestion = { lastSuccess: 1_795_000_000_000, lastAttempt: 1_795_000_060_000 };
    setChannel({ ingestion });
    expect((await read()).ingestion).toEqual(ingestion);
    setChannel({ ingestion: { ...ingestion, lastError: 'ChannelInsufficientPermission' } });
    expect((await read()).ingestion).toEqual({ ...ingestion, lastError: 'ChannelInsufficientPermission' });
  });

  test('can be one of a partner, without a store', async () => {
    setChannel({ source: 'OktaInc', stores: [] });
    expect(await read()).toMatchObject({ source: 'OktaInc', stores: [] });
  });

  test('is asked for in the Region of its ARN', async () => {
    arn = arn.replace('eu-west-1', 'ap-northeast-1');
    setChannel({});
    expect(await read()).toMatchObject({ arn });
    expect(server.requests[0]?.scope?.region).toBe('ap-northeast-1');
  });
});

describe('a channel that cannot be seen', () => {
  test('is of another form', async () => {
    await expect(read({ channelArn: 'arn:aws:sns:eu-west-1:111122223333:x' })).rejects.toThrow(
      'is not the ARN of a CloudTrail channel',
    );
    expect(server.requests).toEqual([]);
  });

  test('is not there', async () => {
    const channelArn = arn.replace(/.{4}$/, 'ffff');
    await expect(read({ channelArn })).rejects.toMatchObject({
      code: 'CHANNEL_NOT_FOUND',
      exitCode: 5,
      hint: 'check Region, account and id in the channel ARN',
    });
  });

  test('has an id that no channel can have', async () => {
    const channelArn = arn.replace(/channel\/.*/, 'channel/short');
    await expect(read({ channelArn })).rejects.toMatchObject({ code: 'ARN_INVALID', exitCode: 7 });
  });

  test.each(['UnsupportedOperationException', 'OperationNotPermittedException', 'OptInRequired'])(
    'is in an account without Lake: %s',
    async code => {
      server.faults.add('GetChannel', { kind: 'error', status: 400, code });
      await expect(read()).rejects.toMatchObject({
        code: 'CHANNEL_CLOSED',
        hint: 'use --sink logs (CloudWatch Logs) in this account',
        message: expect.stringContaining('takes no new customers since 2026-05-31'),
      });
    },
  );

  test('is not to be seen by this role', async () => {
    server.faults.add('GetChannel', { kind: 'denied' });
    await expect(read()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow cloudtrail:GetChannel on the channel',
    });
  });

  test('does not answer in time', async () => {
    server.faults.add('GetChannel', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(read({}, signal)).rejects.toBe(reason);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readStoreStatus, type StoreStatusOptions } from '../../../../src/aws/cloudtrail/store-status.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { startDeadline } from '../../../fakes/deadline.ts';

let server: AwsServer;
let arn: string;
let store: string;

beforeEach(async () => {
  server = await startAwsServer();
  store = server.state.lake.markerStoreId;
  arn = `arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/${store}`;
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

const read = (options: Partial<StoreStatusOptions> = {}, signal?: AbortSignal) =>
  readStoreStatus({ store, region: server.state.region, env: server.env(), ...options }, signal);

describe('a store', () => {
  test('is found by its id or its ARN', async () => {
    const expected = {
      arn,
      name: 'deploys',
      status: 'ENABLED',
      multiRegion: false,
      retentionDays: 366,
      terminationProtected: true,
    };
    expect(await read()).toEqual(expected);
    expect(await read({ store: arn })).toEqual(expected);
    expect(server.requests.map(({ parsedBody }) => parsedBody)).toEqual([
      { EventDataStore: store },
      { EventDataStore: arn },
    ]);
  });

  test('shows how it is set', async () => {
    server.state.lake.stores.set(store, {
      arn,
      name: 'all',
      status: 'STOPPED_INGESTION',
      multiRegion: true,
      retentionDays: 90,
      terminationProtected: false,
    });
    expect(await read()).toMatchObject({
      name: 'all',
      status: 'STOPPED_INGESTION',
      multiRegion: true,
      retentionDays: 90,
      terminationProtected: false,
    });
  });

  test('that is to be deleted says so', async () => {
    server.state.lake.stores.set(store, { arn, active: false });
    expect(await read()).toMatchObject({ status: 'PENDING_DELETION' });
  });
});

describe('a store that cannot be seen', () => {
  test.each([
    ['is not there', 'ffffffff-0001-4a5b-8c6d-7e8f90a1b2c3'],
    [
      'is in another account',
      'arn:aws:cloudtrail:eu-west-1:999999999999:eventdatastore/a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3',
    ],
    ['is no store', 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3'],
  ])('%s', async (_why, other) => {
    await expect(read({ store: other })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND', exitCode: 5 });
  });

  test('is in an account without Lake', async () => {
    server.faults.add('GetEventDataStore', {
      kind: 'error',
      status: 400,
      code: 'UnsupportedOperationException',
    });
    await expect(read()).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      message: expect.stringContaining('takes no new customers since 2026-05-31'),
      hint: 'read changes with --changes event-history in this account',
    });
  });

  test('is not to be seen by this role', async () => {
    server.faults.add('GetEventDataStore', { kind: 'denied' });
    await expect(read()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow cloudtrail:GetEventDataStore on the event data store',
    });
  });

  test('comes without a status', async () => {
    server.state.lake.stores.set(store, { arn, status: '' });
    await expect(read()).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'GetEventDataStore answered HTTP 200, but not as documented: Status is empty',
    });
  });

  test('does not answer in time', async () => {
    server.faults.add('GetEventDataStore', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(read({}, signal)).rejects.toBe(reason);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceOptions } from '../../../../src/aws/client/service-client.ts';
import { checkHistoryAccess } from '../../../../src/aws/cloudtrail/history-access.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { startDeadline } from '../../../fakes/deadline.ts';

let server: AwsServer;

beforeEach(async () => {
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

const check = (options: Partial<ServiceOptions> = {}, signal?: AbortSignal) =>
  checkHistoryAccess({ region: server.state.region, env: server.env(), ...options }, signal);

describe('event history', () => {
  test('may be read, though nothing is in it; one event is asked for', async () => {
    await expect(check()).resolves.toBeUndefined();
    expect(server.requests.map(({ operation, parsedBody }) => [operation, parsedBody])).toEqual([
      ['LookupEvents', { MaxResults: 1 }],
    ]);
  });

  test('may not be read', async () => {
    server.faults.add('LookupEvents', { kind: 'denied' });
    await expect(check()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      exitCode: 3,
      hint: 'allow cloudtrail:LookupEvents',
    });
  });

  test('is being read by others', async () => {
    server.faults.add('LookupEvents', { kind: 'throttle' });
    await expect(check({ maxAttempts: 1 })).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
  });

  test('does not answer in time', async () => {
    server.faults.add('LookupEvents', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(check({}, signal)).rejects.toBe(reason);
  });
});

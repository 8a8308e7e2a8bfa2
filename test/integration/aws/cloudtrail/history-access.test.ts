import { describe, expect, test } from 'vitest';
import type { ServiceOptions } from '../../../../src/aws/client/service-client.ts';
import { checkHistoryAccess } from '../../../../src/aws/cloudtrail/history-access.ts';
import { startDeadline } from '../../../fakes/deadline.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const aws = useAwsServer();

const check = (options: Partial<ServiceOptions> = {}, signal?: AbortSignal) =>
  checkHistoryAccess({ region: aws.server.state.region, env: aws.server.env(), ...options }, signal);

describe('event history', () => {
  test('may be read, though nothing is in it; one event is asked for', async () => {
    await expect(check()).resolves.toBeUndefined();
    expect(aws.server.requests.map(({ operation, parsedBody }) => [operation, parsedBody])).toEqual([
      ['LookupEvents', { MaxResults: 1 }],
    ]);
  });

  test('may not be read', async () => {
    aws.server.faults.add('LookupEvents', { kind: 'denied' });
    await expect(check()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      exitCode: 3,
      hint: 'allow cloudtrail:LookupEvents',
    });
  });

  test('is being read by others', async () => {
    aws.server.faults.add('LookupEvents', { kind: 'throttle' });
    await expect(check({ maxAttempts: 1 })).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
  });

  test('does not answer in time', async () => {
    aws.server.faults.add('LookupEvents', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(check({}, signal)).rejects.toBe(reason);
  });
});

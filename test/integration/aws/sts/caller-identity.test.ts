import { describe, expect, test, vi } from 'vitest';
import type { ServiceOptions } from '../../../../src/aws/client/service-client.ts';
import { readCallerIdentity } from '../../../../src/aws/sts/caller-identity.ts';
import { startDeadline } from '../../../fakes/deadline.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const aws = useAwsServer();

const read = (options: Partial<ServiceOptions> = {}, signal?: AbortSignal) =>
  readCallerIdentity({ region: aws.server.state.region, env: aws.server.env(), ...options }, signal);

const HOUR = 3_600_000;

describe('the identity', () => {
  test('is that of the session whose keys are at hand', async () => {
    expect(await read()).toEqual({
      account: '111122223333',
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-default',
      userId: 'AROAFAKEROLEID0000001:ci-default',
      clockSkewMs: expect.any(Number),
    });
    expect(aws.server.requests.map(({ operation, headers }) => [operation, headers['user-agent']])).toEqual([
      ['GetCallerIdentity', expect.stringContaining('deploy-marker/')],
    ]);
  });

  test('can be that of a user', async () => {
    const { defaultKey: key, keys } = aws.server.state;
    keys.set(key.id, { ...key, arn: 'arn:aws:iam::111122223333:user/ops/jo' });
    expect(await read()).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/ops/jo',
      userId: 'AIDAFAKEUSERID0000001',
    });
  });

  test('is that of the role, where one is assumed first', async () => {
    const role = {
      roleArn: aws.server.state.defaultRoleArn,
      sessionName: 'doctor',
      region: aws.server.state.region,
    };
    expect(await read({ role })).toMatchObject({
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/doctor',
    });
  });
});

describe('the clock', () => {
  test.each([0, 90_000, -90_000, 4 * 60_000])('of a server %i ms ahead is told to a second', async offset => {
    aws.server.state.now = () => Date.now() + offset;
    const { clockSkewMs = Number.NaN } = await read();
    expect(Math.abs(clockSkewMs - offset)).toBeLessThan(1000);
    expect(aws.server.requests).toHaveLength(1);
  });

  test.each([HOUR, -HOUR])('%i ms off is told though the SDK corrects its own', async offset => {
    aws.server.state.now = () => Date.now() + offset;
    const { clockSkewMs = Number.NaN } = await read();
    expect(Math.abs(clockSkewMs - offset)).toBeLessThan(1000);
    expect(aws.server.requests.map(({ errorCode }) => errorCode)).toEqual([
      'SignatureDoesNotMatch',
      undefined,
    ]);
  });

  test.each([
    [HOUR, 'behind'],
    [-HOUR, 'ahead of'],
  ])('%i ms off fails where no second attempt is allowed', async (offset, side) => {
    aws.server.state.now = () => Date.now() + offset;
    await expect(read({ maxAttempts: 1 })).rejects.toMatchObject({
      code: 'CLOCK_SKEWED',
      exitCode: 3,
      message: expect.stringMatching(
        new RegExp(`^the clock of this machine is (3600|3599|3601) s ${side} AWS's: .*Signature `),
      ),
      cause: { code: 'ACCESS_DENIED' },
    });
  });

  test.each(['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'])(
    'is what %s is about',
    async code => {
      aws.server.faults.add('GetCallerIdentity', { kind: 'error', status: 400, code });
      await expect(read({ maxAttempts: 1 })).rejects.toMatchObject({
        code: 'CLOCK_SKEWED',
        message: expect.stringMatching(/ is [01] s .*: GetCallerIdentity failed: /),
      });
    },
  );

  test('is not to blame for a wrong secret', async () => {
    const env = { ...aws.server.env(), AWS_SECRET_ACCESS_KEY: 'wrong' };
    await expect(read({ env })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'check the credentials and the policies of their role',
    });
    expect(aws.server.state.violations.splice(0)).not.toEqual([]);
  });
});

describe('a question without an answer', () => {
  test.each([
    ['denied', 'ACCESS_DENIED'],
    ['expired', 'CREDENTIALS_EXPIRED'],
    ['throttle', 'AWS_THROTTLED'],
    ['error500', 'AWS_UNAVAILABLE'],
    ['garbage', 'UNEXPECTED_RESPONSE'],
    ['reset', 'NETWORK'],
  ] as const)('%s is %s', async (kind, code) => {
    aws.server.faults.add('GetCallerIdentity', { kind }, Number.POSITIVE_INFINITY);
    await expect(read({ maxAttempts: 1 })).rejects.toMatchObject({ code });
  });

  test('is asked again with new credentials when those at hand have expired', async () => {
    const { id, secret, sessionToken = '' } = aws.server.state.defaultKey;
    aws.server.faults.add('GetCallerIdentity', { kind: 'expired' });
    const renew = vi.fn(async () => ({ accessKeyId: id, secretAccessKey: secret, sessionToken }));
    expect(await read({ renew })).toMatchObject({ account: '111122223333' });
    expect(renew).toHaveBeenCalledOnce();
  });

  test('ends with its signal', async () => {
    aws.server.faults.add('GetCallerIdentity', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(read({}, signal)).rejects.toBe(reason);
  });
});

import { expect, test } from 'vitest';
import { withinDeadline } from '../../../../src/aws/client/call-deadline.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';

const never = () => new Promise<never>(() => {});

test('a call has its own outcome', async () => {
  const limits = { operation: 'GetRole', signal: undefined };
  expect(await withinDeadline(limits, async () => 'yes')).toBe('yes');
  const work = async (): Promise<never> => {
    throw new TypeError('no');
  };
  await expect(withinDeadline(limits, work)).rejects.toThrow('no');
});

test('a call that does not end is aborted with TIMEOUT', async () => {
  let seen: AbortSignal | undefined;
  const call = withinDeadline({ operation: 'GetRole', signal: undefined, limitMs: 20 }, signal => {
    seen = signal;
    return never();
  });
  await expect(call).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'GetRole had no whole answer after 0.02 s',
  });
  expect(seen?.aborted).toBe(true);
});

test.each([5, Number.POSITIVE_INFINITY])(
  'a signal ends it earlier, with its own reason (%s)',
  async limitMs => {
    const reason = new DeployMarkerError('CANCELLED', 'stop');
    const aborted = AbortSignal.abort(reason);
    await expect(withinDeadline({ operation: 'GetRole', signal: aborted, limitMs }, never)).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const call = withinDeadline({ operation: 'GetRole', signal: controller.signal, limitMs: 60_000 }, never);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  },
);

test('an infinite limit is none', async () => {
  const limits = { operation: 'GetRole', signal: undefined, limitMs: Number.POSITIVE_INFINITY };
  const slow = () => new Promise(resolve => setTimeout(resolve, 30, 'late'));
  expect(await withinDeadline(limits, slow)).toBe('late');
});

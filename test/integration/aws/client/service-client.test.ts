import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { beforeEach, expect, test, vi } from 'vitest';
import { LOOKUP_EVENTS } from '../../../../src/aws/answers/shapes.ts';
import { askService, openService, type ServiceOptions } from '../../../../src/aws/client/service-client.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const aws = useAwsServer();
beforeEach(() => {
  aws.server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
});

function open(options: Partial<ServiceOptions> = {}) {
  const { client, send } = openService(CloudTrailClient, {
    region: aws.server.state.region,
    env: aws.server.env(),
    ...options,
  });
  const command = new LookupEventsCommand({});
  return () =>
    send({
      operation: 'LookupEvents',
      signal: undefined,
      shape: LOOKUP_EVENTS,
      send: settings => client.send(command, settings),
    });
}

/** Milliseconds between the last two requests. */
function lastGap(): number {
  const [before = 0, last = 0] = aws.server.requests.slice(-2).map(({ time }) => time);
  return last - before;
}

test('calls keep to their rate, which is halved once AWS throttles', async () => {
  const call = open({ maxRate: 2 });
  // The first call is late, for it loads what the others find.
  for (let calls = 0; calls < 3; calls += 1) await call();
  expect(lastGap()).toBeGreaterThan(300);
  aws.server.faults.add('LookupEvents', { kind: 'throttle' });
  await call();
  await call();
  await call();
  expect(lastGap()).toBeGreaterThan(700);
});

test('the attempts of a call are those that the options allow', async () => {
  aws.server.faults.add('LookupEvents', { kind: 'error500' }, 5);
  await expect(open({ maxAttempts: 2 })()).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
  expect(aws.server.requests).toHaveLength(2);
});

test('a question closes its connections, also when it fails', async () => {
  const options = { region: aws.server.state.region, env: aws.server.env() };
  const destroyed: string[] = [];
  const ask = (answer: () => string) =>
    askService(CloudTrailClient, options, async ({ client }) => {
      vi.spyOn(client, 'destroy').mockImplementation(() => destroyed.push('destroyed'));
      return answer();
    });
  expect(await ask(() => 'yes')).toBe('yes');
  await expect(
    ask(() => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(destroyed).toHaveLength(2);
});

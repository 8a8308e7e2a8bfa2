import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { createConfigState } from '../../fakes/config/config-state.ts';
import { type Answer, sendSigned } from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

function send(operation: string, input: object): Promise<Answer> {
  const headers = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['x-amz-target', `StarlingDoveService.${operation}`],
  ] as const;
  return sendSigned(server, { target: '/', headers, body: JSON.stringify(input) }, { service: 'config' });
}

const now = Math.floor(Date.now() / 1000);
const item = { resourceType: 'AWS::Lambda::Function', resourceId: 'a' };
const span = { earlierTime: now - 604_800, laterTime: now };

describe('what no correct client sends to Config is refused and kept', () => {
  test.each([
    [{ ...item, laterTime: now }, 'InvalidTimeRangeException'],
    [{ ...item, earlierTime: now - 604_801, laterTime: now }, 'InvalidTimeRangeException'],
    [{ ...item, earlierTime: now, laterTime: now }, 'InvalidTimeRangeException'],
    [{ ...item, ...span, limit: 101 }, 'InvalidLimitException'],
    [{ ...item, ...span, chronologicalOrder: 'forward' }, 'ValidationException'],
    [{ ...item, ...span, nextToken: 'x' }, 'InvalidNextTokenException'],
    [{ resourceType: item.resourceType, ...span }, 'ValidationException'],
    [{ ...item, ...span, resourceName: 'a' }, 'StrictFakeViolation'],
    [{ ...item, ...span, limit: '1' }, 'SerializationException'],
  ])('%j: %s', async (input, code) => {
    const { text } = await send('GetResourceConfigHistory', input);
    expect(JSON.parse(text).__type).toBe(code);
    expect(server.violations).toHaveLength(1);
  });

  test('a sixth call within a second', async () => {
    server.state.configs.set('111122223333/eu-west-1', createConfigState());
    const calls = Array.from({ length: 6 }, () => send('DescribeConfigurationRecorders', {}));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter(status => status === 400)).toHaveLength(1);
    expect(server.violations).toHaveLength(1);
  });
});

test('pages are shorter than what is asked for, newest first', async () => {
  const times = [5, 4, 3, 2, 1];
  const items = times.map(days => ({ ...item, capturedAt: (now - days * 86_400) * 1000 }));
  server.state.configs.set('111122223333/eu-west-1', createConfigState(items));
  const first = JSON.parse((await send('GetResourceConfigHistory', { ...item, ...span, limit: 100 })).text);
  expect(first.configurationItems).toHaveLength(3);
  const { nextToken } = first;
  const rest = JSON.parse(
    (await send('GetResourceConfigHistory', { ...item, ...span, limit: 100, nextToken })).text,
  );
  expect(rest.configurationItems).toHaveLength(2);
  expect(rest).not.toHaveProperty('nextToken');
  expect(server.violations).toEqual([]);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { sendLogs } from '../../fakes/logs/logs-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer({ logGroups: ['/deploys'] });
});
afterEach(() => server.close());

async function call(operation: string, body: unknown): Promise<{ status: number; output: unknown }> {
  const answer = await sendLogs(server, operation, body);
  return { status: answer.status, output: answer.text === '' ? undefined : JSON.parse(answer.text) };
}

const group = { logGroupName: '/deploys' };
const empty = { status: 200, output: undefined };

test('CreateLogGroup and CreateLogStream make what they are asked for, once', async () => {
  expect(await call('CreateLogGroup', { logGroupName: '/b' })).toEqual(empty);
  expect(await call('CreateLogGroup', { logGroupName: '/b' })).toEqual({
    status: 400,
    output: { __type: 'ResourceAlreadyExistsException', message: 'The specified log group already exists' },
  });
  const stream = { logGroupName: '/b', logStreamName: `größe/[${'x'.repeat(505)}` };
  const both = await Promise.all([call('CreateLogStream', stream), call('CreateLogStream', stream)]);
  expect(both.toSorted((a, b) => a.status - b.status)).toEqual([
    empty,
    {
      status: 400,
      output: {
        __type: 'ResourceAlreadyExistsException',
        message: 'The specified log stream already exists',
      },
    },
  ]);
  expect(await call('CreateLogStream', { ...stream, logGroupName: '/c' })).toEqual({
    status: 400,
    output: { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
  });
  expect([...server.state.logGroups.keys()]).toEqual(['/deploys', '/b']);
  expect(server.violations).toEqual([]);
});

describe('what no correct client sends is refused and kept', () => {
  const get = { ...group, logStreamName: 's' };
  const refused: [string, object, string][] = [
    ['CreateLogGroup', {}, 'InvalidParameterException'],
    ['CreateLogGroup', { logGroupName: 'aws/x' }, 'InvalidParameterException'],
    ['CreateLogGroup', { logGroupName: 'a b' }, 'InvalidParameterException'],
    ['CreateLogGroup', { ...group, retentionInDays: 7 }, 'StrictFakeViolation'],
    ['CreateLogStream', group, 'InvalidParameterException'],
    ['CreateLogStream', { ...group, logStreamName: 'a:b' }, 'InvalidParameterException'],
    ['CreateLogStream', { ...group, logStreamName: '' }, 'InvalidParameterException'],
    ['CreateLogStream', { ...get, sequenceToken: 'x' }, 'StrictFakeViolation'],
    ['DescribeLogGroups', { logGroupNamePrefix: '' }, 'InvalidParameterException'],
    ['DescribeLogGroups', { limit: 51 }, 'InvalidParameterException'],
    ['DescribeLogGroups', { limit: '5' }, 'SerializationException'],
    ['DescribeLogGroups', { nextToken: 'x' }, 'InvalidParameterException'],
    ['DescribeLogStreams', {}, 'InvalidParameterException'],
    ['DescribeLogStreams', { ...group, orderBy: 'Name' }, 'InvalidParameterException'],
    ['DescribeLogStreams', { ...group, descending: 'true' }, 'SerializationException'],
    [
      'DescribeLogStreams',
      { ...group, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' },
      'InvalidParameterException',
    ],
    [
      'FilterLogEvents',
      { ...group, logStreamNames: ['a'], logStreamNamePrefix: 'a' },
      'InvalidParameterException',
    ],
    ['FilterLogEvents', { ...group, logStreamNames: [] }, 'InvalidParameterException'],
    ['FilterLogEvents', { ...group, logStreamNames: 'a' }, 'SerializationException'],
    ['FilterLogEvents', { ...group, logStreamNames: ['a:b'] }, 'InvalidParameterException'],
    ['FilterLogEvents', { ...group, filterPattern: '{ $.UID = 1 }' }, 'StrictFakeViolation'],
    ['FilterLogEvents', { ...group, startTime: -1 }, 'InvalidParameterException'],
    ['GetLogEvents', group, 'InvalidParameterException'],
    ['GetLogEvents', { ...get, nextToken: 'x' }, 'InvalidParameterException'],
    ['GetLogEvents', { ...get, nextToken: 'f/1' }, 'StrictFakeViolation'],
    ['GetLogEvents', { ...get, limit: 10_001 }, 'InvalidParameterException'],
  ];
  test.each(refused)('%s %o', async (operation, body, code) => {
    const { status, output } = await call(operation, body);
    expect(status).toBe(400);
    expect(output).toMatchObject({ __type: code });
    expect(server.violations).toHaveLength(1);
    expect([...server.state.logGroups.keys()]).toEqual(['/deploys']);
  });
});

describe('reading back', () => {
  const now = Date.now();
  const put = (logStreamName: string, ...offsets: number[]) =>
    call('PutLogEvents', {
      ...group,
      logStreamName,
      logEvents: offsets.map(offset => ({ timestamp: now + offset, message: `${logStreamName}${offset}` })),
    });
  beforeEach(async () => {
    for (const logStreamName of ['b', 'a', 'c']) await call('CreateLogStream', { ...group, logStreamName });
    await put('b', 1, 3);
    await put('a', 2, 4);
    await put('b', 0);
  });
  afterEach(() => expect(server.violations).toEqual([]));

  async function streams(body: object): Promise<unknown> {
    const { output } = await call('DescribeLogStreams', { ...group, ...body });
    return output;
  }

  test('DescribeLogGroups by prefix, with the retention and in pages', async () => {
    server.state.logGroups.set('/a', { retentionInDays: 7, streams: new Map() });
    server.state.logGroups.set('/foreign', { accountId: '999999999999', streams: new Map() });
    const first = await call('DescribeLogGroups', { limit: 1 });
    expect(first.output).toEqual({
      logGroups: [
        {
          logGroupName: '/a',
          logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/a',
          arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/a:*',
          retentionInDays: 7,
        },
      ],
      nextToken: 'page/1',
    });
    const second = await call('DescribeLogGroups', { limit: 1, nextToken: 'page/1' });
    expect(second.output).toMatchObject({ logGroups: [{ logGroupName: '/deploys' }] });
    expect(second.output).not.toHaveProperty('nextToken');
    const found = await call('DescribeLogGroups', { logGroupNamePrefix: '/dep' });
    expect(found.output).toMatchObject({ logGroups: [{ logGroupName: '/deploys' }] });
  });

  test('DescribeLogStreams by name or last event, either way round', async () => {
    expect(await streams({})).toMatchObject({
      logStreams: [
        { logStreamName: 'a', firstEventTimestamp: now + 2, lastEventTimestamp: now + 4, storedBytes: 0 },
        { logStreamName: 'b', firstEventTimestamp: now, lastEventTimestamp: now + 3 },
        { logStreamName: 'c' },
      ],
    });
    expect(await streams({ descending: true, limit: 1 })).toMatchObject({
      logStreams: [{ logStreamName: 'c' }],
      nextToken: 'page/1',
    });
    expect(await streams({ logStreamNamePrefix: 'b' })).toMatchObject({
      logStreams: [{ logStreamName: 'b' }],
    });
    expect(await streams({ orderBy: 'LastEventTime', descending: true })).toMatchObject({
      logStreams: [{ logStreamName: 'a' }, { logStreamName: 'b' }, { logStreamName: 'c' }],
    });
  });

  const filters: [object, string[]][] = [
    [{}, ['b0', 'b1', 'a2', 'b3', 'a4']],
    [{ logStreamNames: ['a', 'nobody'] }, ['a2', 'a4']],
    [{ logStreamNamePrefix: 'b', filterPattern: '', interleaved: true }, ['b0', 'b1', 'b3']],
    [{ startTime: now + 1, endTime: now + 3 }, ['b1', 'a2', 'b3']],
    [{ limit: 2 }, ['b0', 'b1']],
    [{ limit: 2, nextToken: 'page/4' }, ['a4']],
  ];
  test.each(filters)('FilterLogEvents %o', async (body, expected) => {
    const { output } = await call('FilterLogEvents', { ...group, ...body });
    const event = { eventId: expect.stringMatching(/^\d{56}$/), ingestionTime: expect.any(Number) };
    expect(output).toMatchObject({ events: expected.map(message => ({ message, ...event })) });
    expect(output).toMatchObject({ searchedLogStreams: [] });
  });

  test('FilterLogEvents with the pattern of a marker: pages may be empty before the last one', async () => {
    const event = { eventId: '1', timestamp: now, ingestionTime: now };
    const messages = ['{"eventName":"Other"}', 'DeployMarker', '{"eventName":"DeployMarker"}'];
    const stream = messages.map(message => ({ ...event, message }));
    server.state.logGroups.set('/markers', { streams: new Map([['s', stream]]) });
    const filter = { logGroupName: '/markers', filterPattern: '{ $.eventName = "DeployMarker" }' };
    expect((await call('FilterLogEvents', filter)).output).toMatchObject({
      events: [{ message: messages[2] }],
    });
    expect((await call('FilterLogEvents', { ...filter, limit: 2 })).output).toMatchObject({
      events: [],
      nextToken: 'page/2',
    });
  });

  const pages: [object, string[], string, string][] = [
    [{}, ['b0', 'b1', 'b3'], 'b/0', 'f/3'],
    [{ limit: 2 }, ['b1', 'b3'], 'b/1', 'f/3'],
    [{ limit: 2, nextToken: 'b/1' }, ['b0'], 'b/0', 'f/1'],
    [{ limit: 2, nextToken: 'b/0' }, [], 'b/0', 'f/0'],
    [{ limit: 2, startFromHead: true }, ['b0', 'b1'], 'b/0', 'f/2'],
    [{ limit: 2, startFromHead: true, nextToken: 'f/2' }, ['b3'], 'b/2', 'f/3'],
    [{ limit: 2, startFromHead: true, nextToken: 'f/3' }, [], 'b/3', 'f/3'],
    [{ startTime: now + 1, endTime: now + 3 }, ['b1'], 'b/0', 'f/1'],
  ];
  test.each(pages)('GetLogEvents %o', async (body, expected, nextBackwardToken, nextForwardToken) => {
    const { output } = await call('GetLogEvents', { ...group, logStreamName: 'b', ...body });
    expect(output).toMatchObject({ nextBackwardToken, nextForwardToken });
    expect(output).toMatchObject({ events: expected.map(message => ({ message })) });
  });

  test('a group or stream that is not there', async () => {
    const nowhere = { logGroupName: '/none', logStreamName: 'a' };
    for (const [operation, body] of [
      ['GetLogEvents', nowhere],
      ['GetLogEvents', { ...group, logStreamName: 'none' }],
      ['FilterLogEvents', { logGroupName: '/none' }],
      ['DescribeLogStreams', { logGroupName: '/none' }],
    ] as const)
      expect((await call(operation, body)).output).toMatchObject({ __type: 'ResourceNotFoundException' });
  });
});

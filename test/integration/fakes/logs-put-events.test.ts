import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { mintAccessKey } from '../../fakes/aws-state.ts';
import { logsRequest, sendLogs } from '../../fakes/logs/logs-client.ts';
import { listLogMessages, type StoredLogEvent } from '../../fakes/logs/logs-state.ts';
import { type Answer, type RawRequest, sendRaw, sendSigned } from '../../fakes/signed-client.ts';

const NOW = Date.parse('2026-11-22T08:12:34.567Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const names = { logGroupName: '/deploys', logStreamName: 'acme/2026-11-22' };

let server: AwsServer;
let stream: StoredLogEvent[];
beforeEach(async () => {
  server = await startAwsServer({ now: () => NOW, logGroups: ['/deploys'] });
  stream = [];
  server.state.logGroups.get('/deploys')?.streams.set('acme/2026-11-22', stream);
});
afterEach(() => server.close());

function events(...offsets: number[]): { timestamp: number; message: string }[] {
  return offsets.map((offset, index) => ({ timestamp: NOW + offset, message: `event ${index}` }));
}

function put(change: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return sendLogs(server, 'PutLogEvents', { ...names, logEvents: events(0), ...change });
}

function read(answer: Answer): { __type?: string; message?: string; rejectedLogEventsInfo?: object } {
  return JSON.parse(answer.text);
}

test('events are stored as sent, a second delivery as a second copy, and listed with their place', async () => {
  const logEvents = [{ timestamp: NOW - 1, message: 'größe/𝛼\n' }, ...events(0)];
  const answer = await put({ logEvents });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
  expect(JSON.parse(answer.text)).toEqual({ nextSequenceToken: expect.stringMatching(/^\d{56}$/) });
  await put({ logEvents, sequenceToken: 'whatever' });
  expect(server.violations).toEqual([]);
  const sent = { group: '/deploys', stream: 'acme/2026-11-22', ingestionTime: NOW };
  const stored = listLogMessages(server.state.logGroups);
  expect(stored).toMatchObject([...logEvents, ...logEvents].map(event => ({ ...sent, ...event })));
  expect(new Set(stored.map(({ eventId }) => eventId)).size).toBe(4);
});

describe('what no correct client sends is refused and kept', () => {
  const raw = (change: Partial<RawRequest>): Promise<Answer> =>
    sendSigned(
      server,
      { ...logsRequest('PutLogEvents', { ...names, logEvents: events(0) }), ...change },
      { service: 'logs' },
    );
  const target: [string, string] = ['x-amz-target', 'Logs_20140328.PutLogEvents'];
  const type: [string, string] = ['content-type', 'application/x-amz-json-1.1'];
  const one = (change: object) => put({ logEvents: [{ ...events(0)[0], ...change }] });
  const many = (count: number) => put({ logEvents: events(...new Array<number>(count).fill(0)) });
  const filled = (...sizes: number[]) =>
    put({ logEvents: sizes.map(size => ({ timestamp: NOW, message: 'é'.repeat(size / 2) })) });
  const signed = (options: Parameters<typeof sendLogs>[3]) =>
    sendLogs(server, 'PutLogEvents', { ...names, logEvents: events(0) }, options);

  const wrongForm: [string, () => Promise<Answer>, string, string][] = [
    ['a query', () => raw({ target: '/?a=b' }), 'StrictFakeViolation', "query parameter 'a'"],
    ['another path', () => raw({ target: '/logs' }), 'UnknownOperationException', '/logs'],
    ['GET', () => raw({ method: 'GET' }), 'UnknownOperationException', 'GET /'],
    [
      'an operation nobody knows',
      () => sendLogs(server, 'PutLogEvent', {}),
      'UnknownOperationException',
      'Logs_20140328.PutLogEvent',
    ],
    [
      'a target of another service',
      () => raw({ headers: [type, ['x-amz-target', 'Logs.PutLogEvents']] }),
      'UnknownOperationException',
      'Logs.PutLogEvents',
    ],
    ['no content type', () => raw({ headers: [target] }), 'StrictFakeViolation', "'undefined'"],
    [
      'awsJson 1.0',
      () => raw({ headers: [target, ['content-type', 'application/x-amz-json-1.0']] }),
      'StrictFakeViolation',
      'x-amz-json-1.0',
    ],
    [
      'a compressed body',
      () => raw({ headers: [target, type, ['content-encoding', 'gzip']] }),
      'StrictFakeViolation',
      'compressed',
    ],
    ['two targets', () => raw({ headers: [target, target, type] }), 'StrictFakeViolation', 'given twice'],
    ['no content length', () => raw({ chunked: true }), 'StrictFakeViolation', 'Content-Length'],
    ['not JSON', () => raw({ body: '{' }), 'SerializationException', 'The body'],
    ['a JSON array', () => raw({ body: '[]' }), 'SerializationException', 'The body'],
    ['an unknown member', () => put({ logGroup: 'x' }), 'StrictFakeViolation', "'logGroup'"],
    ['an entity', () => put({ entity: {} }), 'StrictFakeViolation', 'entity'],
    [
      'no signature',
      () => sendRaw(server, logsRequest('PutLogEvents', { ...names, logEvents: events(0) })),
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ],
    [
      'another secret',
      () => signed({ key: { ...server.state.defaultKey, secret: 'wrong' } }),
      'InvalidSignatureException',
      'does not match',
    ],
    ['another service', () => signed({ service: 'cloudtrail-data' }), 'InvalidSignatureException', "'logs'"],
    ['another region', () => signed({ region: 'us-east-1' }), 'InvalidSignatureException', 'valid region'],
    [
      'a target that is not signed',
      () => signed({ signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-security-token'] }),
      'InvalidSignatureException',
      "'x-amz-target'",
    ],
  ];
  const wrongValues: [string, () => Promise<Answer>, string, string][] = [
    ['no group', () => put({ logGroupName: undefined }), 'InvalidParameterException', "'logGroupName'"],
    ['an empty group', () => put({ logGroupName: '' }), 'InvalidParameterException', "'logGroupName'"],
    ['a group with :', () => put({ logGroupName: 'a:b' }), 'InvalidParameterException', "'logGroupName'"],
    [
      'a group of 513 characters',
      () => put({ logGroupName: 'x'.repeat(513) }),
      'InvalidParameterException',
      "'logGroupName'",
    ],
    ['a group that is a number', () => put({ logGroupName: 1 }), 'SerializationException', 'logGroupName'],
    ['no stream', () => put({ logStreamName: undefined }), 'InvalidParameterException', "'logStreamName'"],
    ['a stream with :', () => put({ logStreamName: 'a:b' }), 'InvalidParameterException', "'logStreamName'"],
    ['a stream with *', () => put({ logStreamName: 'a*' }), 'InvalidParameterException', "'logStreamName'"],
    [
      'a stream of 513 characters',
      () => put({ logStreamName: 'x'.repeat(513) }),
      'InvalidParameterException',
      "'logStreamName'",
    ],
    [
      'a stream with half a character',
      () => put({ logStreamName: '𝛼'.slice(0, 1) }),
      'StrictFakeViolation',
      'surrogate',
    ],
    ['an empty token', () => put({ sequenceToken: '' }), 'InvalidParameterException', "'sequenceToken'"],
    ['no events', () => put({ logEvents: undefined }), 'InvalidParameterException', "'logEvents'"],
    ['an empty list', () => put({ logEvents: [] }), 'InvalidParameterException', "'logEvents'"],
    ['events that are an object', () => put({ logEvents: {} }), 'SerializationException', 'logEvents'],
    ['10,001 events', () => many(10_001), 'InvalidParameterException', '1 to 10000'],
    ['an event that is a string', () => put({ logEvents: ['a'] }), 'SerializationException', 'logEvents.1'],
    ['an unknown member of an event', () => one({ id: 'x' }), 'StrictFakeViolation', "'id'"],
    ['no timestamp', () => one({ timestamp: undefined }), 'InvalidParameterException', '.timestamp'],
    ['a timestamp as text', () => one({ timestamp: `${NOW}` }), 'SerializationException', '.timestamp'],
    ['a timestamp in seconds', () => one({ timestamp: NOW / 1000 }), 'SerializationException', '.timestamp'],
    ['a negative timestamp', () => one({ timestamp: -1 }), 'InvalidParameterException', '.timestamp'],
    ['no message', () => one({ message: undefined }), 'InvalidParameterException', '.message'],
    ['an empty message', () => one({ message: '' }), 'InvalidParameterException', '.message'],
    ['a message that is an object', () => one({ message: {} }), 'SerializationException', '.message'],
    [
      'a message cut in a character',
      () => one({ message: '𝛼'.slice(0, 1) }),
      'StrictFakeViolation',
      'surrogate',
    ],
    [
      'an event over 1 MiB with its 26 bytes',
      () => filled(1_048_552),
      'InvalidParameterException',
      'Log event too large: 1048578 bytes',
    ],
    [
      'a batch over 1,048,576 bytes, counted in UTF-8 with 26 for each event',
      () => filled(524_262, 524_264),
      'InvalidParameterException',
      'Upload too large: 1048578 bytes',
    ],
    [
      'events out of order',
      () => put({ logEvents: events(0, -1) }),
      'InvalidParameterException',
      'chronological order',
    ],
    [
      'more than 24 hours',
      () => put({ logEvents: events(-DAY - 1, 0) }),
      'InvalidParameterException',
      'cannot span more than 24 hours',
    ],
  ];
  test.each([...wrongForm, ...wrongValues])('%s', async (_name, send, code, words) => {
    server.faults.add('PutLogEvents', { kind: 'throttle' });
    const answer = await send();
    expect(read(answer)).toEqual({ __type: code, message: expect.stringContaining(words) });
    expect(answer.status).toBe(400);
    expect(answer.headers).not.toHaveProperty('x-amzn-errortype');
    expect(server.violations).toHaveLength(1);
    expect(server.faults.pending()).toBe(1);
    expect(stream).toEqual([]);
  });

  test('the limits themselves are allowed', async () => {
    for (const send of [
      () => many(10_000),
      () => filled(524_262, 524_262),
      () => put({ logEvents: events(-DAY, 0) }),
      () => put({ logEvents: events(-14 * DAY) }),
      () => put({ logEvents: events(2 * HOUR) }),
    ]) {
      const answer = await send();
      expect(Object.keys(JSON.parse(answer.text))).toEqual(['nextSequenceToken']);
    }
    expect(stream).toHaveLength(10_006);
    expect(server.violations).toEqual([]);
  });

  test('an event over 1,000,000 bytes, and a span that only rejected events make, are taken but count', async () => {
    expect((await filled(999_974)).status).toBe(200);
    expect(server.violations).toEqual([]);
    expect((await filled(999_976)).status).toBe(200);
    expect((await put({ logEvents: events(-15 * DAY, 0) })).status).toBe(200);
    expect(server.violations.map(({ message }) => message)).toEqual([
      'A log event has 1000002 bytes, over 1 MB.',
      'The batch spans more than 24 hours.',
    ]);
  });
});

describe('what can happen to a correct client is only refused', () => {
  const refused: [string, () => Promise<Answer>, string, string][] = [
    [
      'no such group',
      () => put({ logGroupName: '/other' }),
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
    [
      'no such stream',
      () => put({ logStreamName: 'other' }),
      'ResourceNotFoundException',
      'The specified log stream does not exist.',
    ],
    [
      'a group of another account',
      () => {
        server.state.logGroups.set('/deploys', {
          accountId: '999999999999',
          streams: new Map([[names.logStreamName, stream]]),
        });
        return put();
      },
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
    [
      'an unknown key',
      () =>
        sendLogs(
          server,
          'PutLogEvents',
          { ...names, logEvents: events(0) },
          { key: mintAccessKey('arn:aws:sts::111122223333:assumed-role/x/y') },
        ),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      'an expired key',
      () => {
        const key = { ...server.state.defaultKey, expiresAt: NOW };
        server.state.keys.set(key.id, key);
        return put();
      },
      'ExpiredTokenException',
      'The security token included in the request is expired',
    ],
  ];
  test.each(refused)('%s', async (_name, send, code, message) => {
    const answer = await send();
    expect(answer.status).toBe(400);
    expect(read(answer)).toEqual({ __type: code, message });
    expect(server.violations).toEqual([]);
    expect(stream).toEqual([]);
  });

  const rejected: [string, number | undefined, number[], object, number[]][] = [
    ['older than 14 days', undefined, [-14 * DAY - 1, -14 * DAY], { tooOldLogEventEndIndex: 1 }, [-14 * DAY]],
    ['over 2 hours ahead', undefined, [2 * HOUR, 2 * HOUR + 1], { tooNewLogEventStartIndex: 1 }, [2 * HOUR]],
    ['all too new', undefined, [3 * HOUR, 4 * HOUR], { tooNewLogEventStartIndex: 0 }, []],
    ['all too old', undefined, [-15 * DAY, -15 * DAY + 1], { tooOldLogEventEndIndex: 2 }, []],
    ['older than the retention', 3, [-3 * DAY - 1, -3 * DAY], { expiredLogEventEndIndex: 1 }, [-3 * DAY]],
    ['younger than the retention', 3, [-2 * DAY], {}, [-2 * DAY]],
    [
      'too old in a group that keeps longer',
      30,
      [-14 * DAY - 1, -14 * DAY],
      { tooOldLogEventEndIndex: 1 },
      [-14 * DAY],
    ],
    [
      'too old, expired and good',
      14,
      [-14 * DAY - 2, -14 * DAY - 1, -14 * DAY],
      { tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 2 },
      [-14 * DAY],
    ],
    [
      'expired and too new at once',
      1,
      [-DAY + 2 * HOUR - 1, 2 * HOUR - 1, 2 * HOUR + 1],
      { tooNewLogEventStartIndex: 2 },
      [-DAY + 2 * HOUR - 1, 2 * HOUR - 1],
    ],
  ];
  test.each(rejected)('under HTTP 200: %s', async (_name, retention, offsets, info, kept) => {
    server.state.logGroups.set('/deploys', {
      ...(retention === undefined ? {} : { retentionInDays: retention }),
      streams: new Map([[names.logStreamName, stream]]),
    });
    const answer = await put({ logEvents: events(...offsets) });
    expect(answer.status).toBe(200);
    expect(read(answer).rejectedLogEventsInfo ?? {}).toEqual(info);
    expect(read(answer)).toHaveProperty('nextSequenceToken');
    expect(stream.map(({ timestamp }) => timestamp - NOW)).toEqual(kept);
  });
});

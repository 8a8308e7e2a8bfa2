import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import {
  type Answer,
  auditEntry,
  putAuditEvents,
  type RawRequest,
  sendSigned,
} from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

function put(body: unknown, target?: string): Promise<Answer> {
  return sendSigned(server, putAuditEvents(server, body, target));
}

function target(query: Record<string, string>): string {
  return `/PutAuditEvents?${new URLSearchParams(query).toString().replaceAll('+', '%20')}`;
}

test('events are stored and answered one by one, in order', async () => {
  const entries = [auditEntry('a'), auditEntry('b')];
  const answer = await put({ auditEvents: entries });
  expect(answer.headers['content-type']).toBe('application/json');
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(answer.text)).toEqual({
    successful: [
      { id: 'a', eventID: uuid },
      { id: 'b', eventID: uuid },
    ],
    failed: [],
  });
  expect(server.state.stored.map(({ id, eventData }) => ({ id, eventData }))).toEqual(entries);
});

test('a second delivery of an event is a second copy, as CloudTrail does not deduplicate', async () => {
  await put({ auditEvents: [auditEntry('a')] });
  await put({ auditEvents: [auditEntry('a')] });
  expect(server.state.stored.map(event => event.id)).toEqual(['a', 'a']);
  expect(new Set(server.state.stored.map(event => event.eventID)).size).toBe(2);
});

test('a mixed batch answers 200 with both lists', async () => {
  const answer = await put({ auditEvents: [auditEntry('good'), auditEntry('bad', { UID: undefined })] });
  expect(JSON.parse(answer.text)).toMatchObject({
    successful: [{ id: 'good' }],
    failed: [{ id: 'bad', errorCode: 'FieldNotFound' }],
  });
});

describe('the model of the request', () => {
  const arn = () => server.state.defaultChannelArn;
  const good = { auditEvents: [auditEntry('a')] };
  const many = (count: number) => ({
    auditEvents: Array.from({ length: count }, (_, index) => auditEntry(`e${index}`)),
  });
  const withId = (id: unknown) => ({ auditEvents: [{ id, eventData: '{}' }] });

  const refused: [string, () => Promise<Answer>, number, string][] = [
    [
      'unknown query parameter',
      () => put(good, target({ channelArn: arn(), channel: 'x' })),
      400,
      'StrictFakeViolation',
    ],
    [
      'channel ARN twice',
      () => put(good, `${target({ channelArn: arn() })}&channelArn=x`),
      400,
      'StrictFakeViolation',
    ],
    ['no channel ARN', () => put(good, '/PutAuditEvents'), 400, 'ValidationError'],
    ['channel id instead of ARN', () => put(good, target({ channelArn: 'abc' })), 400, 'ValidationError'],
    [
      'external id of one character',
      () => put(good, target({ channelArn: arn(), externalId: 'x' })),
      400,
      'ValidationError',
    ],
    [
      'external id with a space',
      () => put(good, target({ channelArn: arn(), externalId: 'a b' })),
      400,
      'ValidationError',
    ],
    [
      'external id of 1225 characters',
      () => put(good, target({ channelArn: arn(), externalId: 'x'.repeat(1225) })),
      400,
      'ValidationError',
    ],
    ['unknown field', () => put({ ...good, channelArn: arn() }), 400, 'StrictFakeViolation'],
    [
      'unknown field of an entry',
      () => put({ auditEvents: [{ ...auditEntry('a'), x: 1 }] }),
      400,
      'StrictFakeViolation',
    ],
    ['not JSON', () => put('{'), 400, 'SerializationException'],
    ['a JSON array', () => put([]), 400, 'SerializationException'],
    ['no events', () => put({}), 400, 'ValidationError'],
    ['an empty list', () => put(many(0)), 400, 'ValidationError'],
    ['101 events', () => put(many(101)), 400, 'ValidationError'],
    ['an entry that is a string', () => put({ auditEvents: ['a'] }), 400, 'ValidationError'],
    ['no id', () => put(withId(undefined)), 400, 'ValidationError'],
    ['empty id', () => put(withId('')), 400, 'ValidationError'],
    ['id with a dot', () => put(withId('a.b')), 400, 'ValidationError'],
    ['id of 129 characters', () => put(withId('x'.repeat(129))), 400, 'ValidationError'],
    [
      'eventData as an object',
      () => put({ auditEvents: [{ id: 'a', eventData: { version: '1' } }] }),
      400,
      'ValidationError',
    ],
    [
      'checksum that is null',
      () => put({ auditEvents: [{ ...auditEntry('a'), eventDataChecksum: null }] }),
      400,
      'ValidationError',
    ],
    [
      'another content type',
      () =>
        sendSigned(server, {
          ...putAuditEvents(server, good),
          headers: [['content-type', 'application/x-amz-json-1.1']],
        }),
      400,
      'StrictFakeViolation',
    ],
    [
      'a compressed body',
      () => {
        const raw = putAuditEvents(server, good);
        return sendSigned(server, {
          ...raw,
          headers: [...(raw.headers ?? []), ['content-encoding', 'gzip']],
        });
      },
      400,
      'StrictFakeViolation',
    ],
    [
      'no content length',
      () => sendSigned(server, { ...putAuditEvents(server, good), chunked: true }),
      400,
      'StrictFakeViolation',
    ],
    [
      'a body over 1 MiB',
      () => put(`${JSON.stringify(good)}${' '.repeat(1_048_576)}`),
      413,
      'RequestEntityTooLargeException',
    ],
    [
      'GET',
      () => sendSigned(server, { ...putAuditEvents(server, ''), method: 'GET' }),
      404,
      'UnknownOperationException',
    ],
    ['another path', () => put(good, '/PutAuditEvents/'), 404, 'UnknownOperationException'],
  ];
  test.each(refused)('%s', async (_name, send, status, code) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(Object.keys(JSON.parse(answer.text))).toEqual(['message']);
    expect(server.violations).toHaveLength(1);
    expect(server.state.stored).toEqual([]);
  });

  test('bytes that are not UTF-8 are not JSON', async () => {
    const raw: RawRequest = { ...putAuditEvents(server, ''), body: Buffer.from([0x22, 0xff, 0x22]) };
    const answer = await sendSigned(server, raw);
    expect(answer.headers['x-amzn-errortype']).toBe('SerializationException');
  });

  test('100 events, an id of 128 characters and an external id nobody asked for are accepted', async () => {
    const hundred = await put(many(100));
    expect(JSON.parse(hundred.text).successful).toHaveLength(100);
    const id = 'x'.repeat(128);
    const long = await put(
      { auditEvents: [auditEntry(id)] },
      target({ channelArn: arn(), externalId: 'a+b=c,d.e@f:g/h-_' }),
    );
    expect(JSON.parse(long.text).failed).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('a body of 1,000,000 bytes is taken, but counts as a violation', async () => {
    const text = JSON.stringify(good);
    const under = await put(text + ' '.repeat(999_999 - text.length));
    expect(under.status).toBe(200);
    expect(server.violations).toEqual([]);
    const over = await put(text + ' '.repeat(1_000_000 - text.length));
    expect(over.status).toBe(200);
    expect(server.violations).toHaveLength(1);
  });
});

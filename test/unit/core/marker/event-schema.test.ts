import { describe, expect, test } from 'vitest';
import { auditEventProblems } from '../../../../src/core/marker/event-schema.ts';

const EVENT = {
  version: '1.0',
  userIdentity: { type: 'CustomUserIdentity', principalId: 'circleci', details: { ref: 'main' } },
  eventSource: 'deploymarker.internal',
  eventName: 'DeployMarker',
  eventTime: '2025-12-14T08:12:34Z',
  UID: 'u1',
  recipientAccountId: '123456789012',
};

function problemsOf(fields: object): readonly { path: string; message: string }[] {
  return auditEventProblems({ ...EVENT, ...fields });
}

describe('auditEventProblems finds nothing in', () => {
  test.each<[string, object]>([
    ['the required fields alone', {}],
    ['no details', { userIdentity: { type: 'x', principalId: 'y' } }],
    ['a user agent', { userAgent: 'x'.repeat(1024) }],
    [
      'nested parameters, which the documentation allows',
      { requestParameters: { a: { b: [1, null, true] } } },
    ],
    [
      'all optional fields',
      { responseElements: {}, errorCode: 'E', errorMessage: 'm', additionalEventData: { a: 1 } },
    ],
    [
      'the longest texts',
      {
        version: 'v'.repeat(256),
        eventSource: 's'.repeat(1024),
        eventName: 'n'.repeat(1024),
        UID: 'u'.repeat(1024),
        errorCode: 'c'.repeat(256),
        errorMessage: 'm'.repeat(256),
        userIdentity: { type: 't'.repeat(128), principalId: 'p'.repeat(1024) },
      },
    ],
    ['a time without Z, as the documented pattern has it', { eventTime: '2025-12-14T08:12:34' }],
    ['an IPv4 address', { sourceIPAddress: '192.0.2.1' }],
    ['an IPv6 address', { sourceIPAddress: '2001:db8::1' }],
  ])('%s', (_, fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });
});

describe('auditEventProblems finds', () => {
  const tooLong = (most: number): string => `must have at most ${most} characters`;
  const texts: [string, number][] = [
    ['version', 256],
    ['eventSource', 1024],
    ['eventName', 1024],
    ['UID', 1024],
    ['userAgent', 1024],
    ['errorCode', 256],
    ['errorMessage', 256],
  ];
  const time = (text: string): string => `must be a UTC time of the form yyyy-MM-ddTHH:mm:ssZ, got "${text}"`;
  test.each<[string, unknown, string]>([
    ...Object.keys(EVENT).map((field): [string, unknown, string] => [field, undefined, 'is required']),
    ...texts.map(([field, most]): [string, unknown, string] => [field, 'x'.repeat(most + 1), tooLong(most)]),
    ...texts.map(([field]): [string, unknown, string] => [field, '', 'must not be empty']),
    ...texts.map(([field]): [string, unknown, string] => [field, 1, 'must be a string, got 1']),
    ...['requestParameters', 'responseElements', 'additionalEventData', 'userIdentity'].flatMap(
      (field): [string, unknown, string][] => [
        [field, '{}', 'must be an object, got "{}"'],
        [field, null, 'must be an object, got null'],
        [field, [], 'must be an object, got []'],
      ],
    ),
    ['recipientAccountId', '12345678901', 'must be 12 digits, got "12345678901"'],
    ['recipientAccountId', 123456789012, 'must be a string, got 123456789012'],
    ...[
      '2025-12-14T08:12:34.000Z',
      '2025-12-14T08:12:34+00:00',
      '2025-12-14',
      '2025-02-30T08:12:34Z',
      '2025-12-14T24:00:00Z',
      '2025-12-14T08:12:61Z',
      '20251214T081234Z',
    ].map((text): [string, unknown, string] => ['eventTime', text, time(text)]),
    ['sourceIPAddress', 'localhost', 'must be an IPv4 or IPv6 address, got "localhost"'],
    ['sourceIPAddress', '300.1.1.1', 'must be an IPv4 or IPv6 address, got "300.1.1.1"'],
    ['sourceIPAddress', '', 'must be an IPv4 or IPv6 address, got ""'],
    ['eventId', 'x', 'is not in the integration schema; put it into additionalEventData'],
  ])('%s: %j', (field, value, message) => {
    expect(problemsOf({ [field]: value })).toEqual([{ path: `/${field}`, message }]);
  });

  test.each<[object, string, string]>([
    [{ principalId: 'y' }, '/userIdentity/type', 'is required'],
    [{ type: 'x' }, '/userIdentity/principalId', 'is required'],
    [{ type: 'x'.repeat(129), principalId: 'y' }, '/userIdentity/type', tooLong(128)],
    [{ type: 'x', principalId: 'y'.repeat(1025) }, '/userIdentity/principalId', tooLong(1024)],
    [{ type: 'x', principalId: 'y', details: 'z' }, '/userIdentity/details', 'must be an object, got "z"'],
  ])('userIdentity %j', (userIdentity, path, message) => {
    expect(problemsOf({ userIdentity })).toEqual([{ path, message }]);
  });

  test('sizes beside the fields, in bytes', () => {
    expect(problemsOf({ Uid: 1, additionalEventData: { k: 'é'.repeat(14_000) } })).toEqual([
      { path: '/Uid', message: 'is not in the integration schema; put it into additionalEventData' },
      { path: '/additionalEventData', message: 'has 28008 bytes; at most 28000 are allowed' },
    ]);
  });

  test.each([[null], ['x'], [1], [undefined], [[]]])('that %j is no event', event => {
    expect(auditEventProblems(event)[0]?.path).toBe('');
  });

  test('that an event is nested too deeply to be read', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(problemsOf({ requestParameters: { deep } })).toEqual([
      { path: '', message: 'is nested too deeply' },
    ]);
  });
});

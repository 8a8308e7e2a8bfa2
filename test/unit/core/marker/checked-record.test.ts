import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkRecord } from '../../../../src/core/marker/checked-record.ts';

const MARKER = {
  env: 'prod',
  component: 'lambda:resize',
  git_sha: 'a1b2c3d',
  status: 'success',
  actor: 'me',
  deployed_at: '2025-12-14T08:12:34Z',
};
const EVENT = {
  version: '1.0',
  userIdentity: { type: 'CustomUserIdentity', principalId: 'circleci' },
  eventSource: 'deploymarker.internal',
  eventName: 'DeployMarker',
  eventTime: '2025-12-14T08:12:34Z',
  UID: 'u1',
  recipientAccountId: '123456789012',
};

function entryOf(eventData: unknown, fields: object = {}): object {
  return {
    id: 'u1',
    eventData: typeof eventData === 'string' ? eventData : JSON.stringify(eventData),
    ...fields,
  };
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

describe('checkRecord', () => {
  test.each<[string, unknown]>([
    ['a marker', MARKER],
    ['an audit event', EVENT],
    ['an entry of a request', entryOf(EVENT)],
    ['an entry with its checksum', entryOf(EVENT, { eventDataChecksum: checksumOf(JSON.stringify(EVENT)) })],
  ])('takes %s', (_, record) => {
    expect(checkRecord(record)).toEqual([]);
  });

  test.each(['userIdentity', 'eventSource', 'eventName', 'requestParameters', 'UID'])(
    'takes what has %s for an audit event',
    field => {
      const value = field === 'userIdentity' || field === 'requestParameters' ? {} : 'x';
      expect(checkRecord({ [field]: value })).toContainEqual({
        path: '/recipientAccountId',
        message: 'is required',
      });
    },
  );

  test('takes anything else for a marker', () => {
    expect(checkRecord({ ...MARKER, env: undefined, uid2: 'x' })).toEqual([
      { path: '/env', message: 'is required' },
      { path: '/uid2', message: 'is not a field of a marker' },
    ]);
  });

  test.each([[null], [1], ['x'], [[]], [[MARKER]], [undefined], [true]])('refuses %j', record => {
    expect(checkRecord(record)).toEqual([{ path: '', message: 'is not a JSON object' }]);
  });

  test.each<[string, object, object[]]>([
    [
      'an id with a dot',
      entryOf(EVENT, { id: 'a.b' }),
      [{ path: '/id', message: 'must be 1 to 128 characters of A-Z a-z 0-9 - _' }],
    ],
    [
      'an id of 129 characters',
      entryOf(EVENT, { id: 'x'.repeat(129) }),
      [{ path: '/id', message: expect.any(String) }],
    ],
    ['no id', entryOf(EVENT, { id: undefined }), [{ path: '/id', message: expect.any(String) }]],
    [
      'an object for text',
      { id: 'u1', eventData: EVENT },
      [{ path: '/eventData', message: 'must be a string holding JSON' }],
    ],
    ['text that is no JSON', entryOf('{'), [{ path: '/eventData', message: 'is not JSON' }]],
    [
      'a wrong checksum',
      entryOf(EVENT, { eventDataChecksum: 'x' }),
      [{ path: '/eventDataChecksum', message: 'is not the base64 SHA-256 of eventData' }],
    ],
    [
      'a field of the event inside',
      entryOf({ ...EVENT, UID: '' }),
      [{ path: '/eventData/UID', message: 'must not be empty' }],
    ],
    [
      'an event that is no object',
      entryOf('[]'),
      [{ path: '/eventData', message: 'must be an object, got []' }],
    ],
  ])('finds in an entry %s', (_, record, problems) => {
    expect(checkRecord(record)).toEqual(problems);
  });

  test('the size of an entry is that of its text, blanks and all', () => {
    const text = `${JSON.stringify(EVENT)}${' '.repeat(256_000)}`;
    expect(checkRecord(entryOf(text))).toEqual([
      { path: '/eventData', message: `the event has ${text.length} bytes; at most 256000 are allowed` },
    ]);
  });

  test('says of what is nested too deeply that it is', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(checkRecord(JSON.parse(`{"env":${deep}}`))).toContainEqual({
      path: '/env',
      message: 'must be a string, got a deeply nested value',
    });
    const event = JSON.parse(`{"UID":"x","requestParameters":{"a":${deep}}}`);
    expect(checkRecord(event)).toContainEqual({ path: '', message: 'is nested too deeply' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkerInput } from '../../../../src/core/marker/schema.ts';
import { anyText } from '../findings/hostile-text.ts';

const MINIMAL = {
  env: 'prod',
  component: 'lambda:resize-image',
  git_sha: 'a1b2c3d',
  status: 'success',
  actor: 'circleci',
  deployed_at: '2025-12-14T08:12:34Z',
};
const TIME_RULE = 'must be an ISO 8601 time with an offset, such as 2025-12-14T08:12:34Z';
const SHA_RULE = 'must be 7 to 64 hexadecimal characters';

function problemsOf(fields: object): readonly { path: string; message: string }[] {
  return parseMarkerInput({ ...MINIMAL, ...fields }).problems;
}

describe('parseMarkerInput takes', () => {
  test('the smallest marker as it is', () => {
    expect(parseMarkerInput(MINIMAL)).toEqual({ value: MINIMAL, problems: [] });
  });

  test.each<[string, object, object]>([
    [
      'times of any offset, as UTC',
      { deployed_at: '2025-12-14T17:12:34.9+09:00' },
      { deployed_at: '2025-12-14T08:12:34Z' },
    ],
    [
      'recorded_at and started_at likewise',
      { recorded_at: '20251214T0900Z', started_at: '2025-348T08Z' },
      { recorded_at: '2025-12-14T09:00:00Z', started_at: '2025-12-14T08:00:00Z' },
    ],
    [
      'commits in capitals, lowercase',
      { git_sha: 'ABCDEF0', previous_git_sha: 'F'.repeat(64) },
      { git_sha: 'abcdef0', previous_git_sha: 'f'.repeat(64) },
    ],
    [
      'a pending marker without deployed_at',
      { status: 'pending', deployed_at: undefined },
      { status: 'pending', deployed_at: undefined },
    ],
    ['equal start and end', { started_at: '2025-12-14T08:12:34Z' }, {}],
    [
      'labels of every legal character and any value',
      { labels: { 'aZ0_.-': 'ü \n', ['k'.repeat(64)]: '' } },
      {},
    ],
    ['no labels at all', { labels: {} }, {}],
    ['a uid of 128 characters', { uid: `${'aZ9-_'.repeat(25)}abc` }, {}],
    [
      'an account and a Region beside a plain component',
      { account: '123456789012', region: 'us-gov-west-1' },
      {},
    ],
    ['a URL with a query and a port', { url: 'https://ci.example:8443/a?b=c#d' }, {}],
    ['a session name', { role_session_name: 'ci-prod-a1b2c3d' }, {}],
    [
      'an explained change',
      { reason: 'x', explains: '7D2A9F6E-0B1C-4D3E-8F50-61728394A5B6' },
      { explains: '7d2a9f6e-0b1c-4d3e-8f50-61728394a5b6' },
    ],
    ['a role', { role_arn: 'arn:aws-us-gov:iam::123456789012:role/ci/deploy' }, {}],
    ['an actor of 1,024 characters', { actor: 'x'.repeat(1024) }, {}],
    ['an env that cleans to 20 characters', { env: `${'x'.repeat(20)}//` }, {}],
  ])('%s', (_, given, expected) => {
    expect(parseMarkerInput({ ...MINIMAL, ...given })).toEqual({
      value: { ...MINIMAL, ...given, ...expected },
      problems: [],
    });
  });

  test('leaves out what is undefined', () => {
    const { value } = parseMarkerInput({ ...MINIMAL, reason: undefined, started_at: undefined });
    // As it is written: what is filled in later only keeps its place.
    expect(Object.keys(JSON.parse(JSON.stringify(value))).sort()).toEqual(Object.keys(MINIMAL).sort());
  });

  test("an ARN, whose account and Region count over the marker's own", () => {
    const component = 'arn:aws:lambda:eu-west-1:210987654321:function:resize';
    const { value } = parseMarkerInput({
      ...MINIMAL,
      component,
      account: '123456789012',
      region: 'us-east-1',
    });
    expect(value).toMatchObject({ component, account: '210987654321', region: 'eu-west-1' });
  });

  test("an ARN without account and Region, beside the marker's own", () => {
    const component = 'arn:aws:s3:::bucket';
    const { value } = parseMarkerInput({
      ...MINIMAL,
      component,
      account: '123456789012',
      region: 'us-east-1',
    });
    expect(value).toMatchObject({ component, account: '123456789012', region: 'us-east-1' });
  });
});

describe('parseMarkerInput refuses', () => {
  const texts = [
    'deploy_id',
    'triggered_by',
    'repository',
    'ref',
    'run_id',
    'workflow',
    'job',
    'target_version',
    'reason',
    'approved_by',
  ];
  test.each<[string, unknown, string]>([
    ...['env', 'component', 'git_sha', 'actor', 'status'].map((field): [string, unknown, string] => [
      field,
      undefined,
      'is required',
    ]),
    ...[...texts, 'actor'].map((field): [string, unknown, string] => [field, '', 'must not be empty']),
    ...[...texts, 'uid', 'url', 'env', 'deployed_at'].map((field): [string, unknown, string] => [
      field,
      42,
      'must be a string, got 42',
    ]),
    ['reason', null, 'must be a string, got null'],
    ['uid', '', 'must be 1 to 128 characters of A-Z a-z 0-9 - _, got ""'],
    ['uid', 'a.b', 'must be 1 to 128 characters of A-Z a-z 0-9 - _, got "a.b"'],
    ['uid', 'x'.repeat(129), `must be 1 to 128 characters of A-Z a-z 0-9 - _, got "${'x'.repeat(80)}…"`],
    ['env', '', '"" has no character that a session name allows'],
    ['env', 'x'.repeat(21), `"${'x'.repeat(21)}" has 21 characters; at most 20 are allowed`],
    ['component', '', 'must be kind:name, such as lambda:resize-image, or a full ARN, got ""'],
    ['component', 'resize', 'must be kind:name, such as lambda:resize, or a full ARN, got "resize"'],
    [
      'component',
      'arn:aws:lambda',
      'must be kind:name, such as lambda:resize-image, or a full ARN, got "arn:aws:lambda"',
    ],
    ['account', '12345678901', 'must be 12 digits, got "12345678901"'],
    ['account', 123456789012, 'must be a string, got 123456789012'],
    ['account', '１23456789012', 'must be 12 digits, got "１23456789012"'],
    ['region', 'EU', 'must be an AWS Region, such as eu-west-1, got "EU"'],
    ['region', 'eu-west-1\n', 'must be an AWS Region, such as eu-west-1, got "eu-west-1\\n"'],
    ['git_sha', 'a1b2c3', `${SHA_RULE}, got "a1b2c3"`],
    ['previous_git_sha', 'xyz', `${SHA_RULE}, got "xyz"`],
    ['status', 'done', 'must be one of pending, running, success, failed, canceled, got "done"'],
    ['status', 'cancelled', 'must be one of pending, running, success, failed, canceled, got "cancelled"'],
    ['kind', 'release', 'must be one of deploy, rollback, hotfix, config, got "release"'],
    ['kind', null, 'must be one of deploy, rollback, hotfix, config, got null'],
    ['started_at', '2025-12-14T08:05:10', `${TIME_RULE}, got "2025-12-14T08:05:10"`],
    ['deployed_at', 'yesterday', `${TIME_RULE}, got "yesterday"`],
    ['recorded_at', '2025-02-30T00:00:00Z', `${TIME_RULE}, got "2025-02-30T00:00:00Z"`],
    ['actor', 'x'.repeat(1025), 'must have at most 1024 characters'],
    ['url', 'https://user:secret@example/', 'must be an http or https URL without a user name or password'],
    ['url', 'https://user@example/', 'must be an http or https URL without a user name or password'],
    [
      'url',
      'javascript:alert(1)',
      'must be an http or https URL without a user name or password, got "javascript:alert(1)"',
    ],
    ['url', 'https://:secret@example/', 'must be an http or https URL without a user name or password'],
    ['url', '/builds/1', 'must be an http or https URL without a user name or password, got "/builds/1"'],
    ['explains', 'x', 'must be the eventID of a CloudTrail event, a UUID, got "x"'],
    ['role_arn', 'deploy', '"deploy" is not the ARN of an IAM role'],
    [
      'role_arn',
      'arn:aws:iam::123456789012:user/kim',
      '"arn:aws:iam::123456789012:user/kim" is not the ARN of an IAM role (it names iam "user/kim")',
    ],
    ['labels', ['a'], 'must be an object, got ["a"]'],
    ['labels', 'team=billing', 'must be an object, got "team=billing"'],
  ])('%s: %j', (field, value, message) => {
    expect(problemsOf({ [field]: value })).toEqual([{ path: `/${field}`, message }]);
  });

  test.each<[string, string, string]>([
    ['a', '/role_session_name', 'session name "a" has 1 characters; STS takes 2 to 64'],
    ['ci prod', '/role_session_name', 'has " " (U+0020) at position 3'],
  ])('the session name %j', (role_session_name, path, message) => {
    expect(problemsOf({ role_session_name })).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test.each<[object, string, string]>([
    [
      { 'the team': 'x' },
      '/labels/the team',
      'label key "the team" must be 1 to 64 characters of A-Z a-z 0-9 _ . -',
    ],
    [{ '': 'x' }, '/labels/', 'label key "" must be 1 to 64 characters of A-Z a-z 0-9 _ . -'],
    [
      { 'a/b~c': 'x' },
      '/labels/a~1b~0c',
      'label key "a/b~c" must be 1 to 64 characters of A-Z a-z 0-9 _ . -',
    ],
    [
      { ['k'.repeat(65)]: 'x' },
      `/labels/${'k'.repeat(65)}`,
      expect.stringContaining('must be 1 to 64 characters'),
    ],
    [{ team: 1 }, '/labels/team', 'must be a string, got 1'],
    [{ team: null }, '/labels/team', 'must be a string, got null'],
  ])('the labels %j', (labels, path, message) => {
    expect(problemsOf({ labels })).toEqual([{ path, message }]);
  });

  test.each([[[]], [null], ['x'], [1], [undefined]])('%j, which is no object', record => {
    expect(parseMarkerInput(record).problems).toEqual([
      {
        path: '',
        message: `must be an object, got ${JSON.stringify(record)}`,
      },
    ]);
  });

  test.each(['success', 'failed', 'canceled'])('%s without deployed_at', status => {
    expect(problemsOf({ status, deployed_at: undefined })).toEqual([
      { path: '/deployed_at', message: 'is required when the status is success, failed, canceled' },
    ]);
  });

  test('an explanation without a reason', () => {
    expect(problemsOf({ explains: '7d2a9f6e-0b1c-4d3e-8f50-61728394a5b6' })).toEqual([
      { path: '/reason', message: 'is required with explains' },
    ]);
  });

  test('a start after the end, compared as instants', () => {
    expect(
      problemsOf({ started_at: '2025-12-14T08:12:35Z', deployed_at: '2025-12-14T17:12:34+09:00' }),
    ).toEqual([
      { path: '/started_at', message: '2025-12-14T08:12:35Z is after deployed_at 2025-12-14T08:12:34Z' },
    ]);
    expect(
      problemsOf({ started_at: '2025-12-14T23:12:34+09:00', deployed_at: '2025-12-14T14:12:34Z' }),
    ).toEqual([]);
  });

  test('everything at once, each with its place', () => {
    const record = JSON.parse(
      '{"env":"","git_sha":"x","status":"done","deployed_at":"now","actr":"me","labels":{"a b":"c","d":1},"__proto__":"x","a/b":1}',
    );
    expect(
      parseMarkerInput(record)
        .problems.map(problem => problem.path)
        .sort(),
    ).toEqual(
      [
        '/env',
        '/component',
        '/git_sha',
        '/status',
        '/deployed_at',
        '/actor',
        '/labels/a b',
        '/labels/d',
        '/actr',
        '/__proto__',
        '/a~1b',
      ].sort(),
    );
    expect(problemsOf({ actr: 'me' })).toEqual([{ path: '/actr', message: 'is not a field of a marker' }]);
  });

  test('never throws, and says something wherever it gives no value', () => {
    const json = fc.oneof(fc.jsonValue(), anyText());
    const record = fc.oneof(
      json,
      fc.dictionary(
        fc.oneof(fc.constantFrom(...Object.keys(MINIMAL), 'labels', 'url', 'uid', '__proto__'), anyText()),
        json,
      ),
    );
    fc.assert(
      fc.property(record, given => {
        const { value, problems } = parseMarkerInput(given);
        expect(value === undefined).toBe(problems.length > 0);
        for (const { path, message } of problems) {
          expect(path).toMatch(/^(\/|$)/);
          expect(message).not.toBe('');
        }
      }),
    );
  });
});

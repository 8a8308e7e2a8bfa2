import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogsSink } from '../../../../src/aws/logs/logs-sink.ts';
import type { LogsSinkOptions } from '../../../../src/aws/logs/sink-options.ts';
import { DeliveryError } from '../../../../src/core/delivery/delivery.ts';
import type { MarkerSink } from '../../../../src/core/delivery/sink.ts';
import { toAuditEvent } from '../../../../src/core/marker/event.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { VERSION } from '../../../../src/version.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import type { Fault } from '../../../fakes/faults.ts';
import { type LogMessage, listLogMessages } from '../../../fakes/logs/logs-state.ts';
import { sampleMarker } from '../../../unit/core/marker/sample-marker.ts';
import { failureOf } from '../failure-of.ts';

const GROUP = '/deploys';

let server: AwsServer;

beforeEach(async () => {
  server = await startAwsServer({ logGroups: [GROUP] });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

function createSink(options: Partial<LogsSinkOptions> = {}): MarkerSink {
  const env = server.env();
  return createLogsSink({ logGroup: GROUP, region: 'eu-west-1', env, maxRate: 1_000, ...options });
}

/** An ISO time so many seconds from now. */
function timeIn(seconds: number): string {
  return `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function freshMarker(fields: Partial<Marker> = {}): Marker {
  return sampleMarker({
    started_at: timeIn(-90),
    deployed_at: timeIn(-60),
    recorded_at: timeIn(-59),
    ...fields,
  });
}

function freshMarkers(count: number, fields: Partial<Marker> = {}): Marker[] {
  return Array.from({ length: count }, (_, index) => freshMarker({ uid: `marker-${index}`, ...fields }));
}

function stored(): LogMessage[] {
  return listLogMessages(server.state.logGroups);
}

function storedUids(): string[] {
  return stored().map(({ message }) => JSON.parse(message).UID);
}

function operations(): (string | undefined)[] {
  return server.requests.map(({ operation }) => operation);
}

function failedOf(error: DeployMarkerError): [uid: string, errorCode: string][] {
  if (!(error instanceof DeliveryError)) throw error;
  return error.delivery.failed.map(({ uid, errorCode }) => [uid, errorCode]);
}

describe('a log event', () => {
  test('is the audit event as one line of JSON, at the time of the deploy, in the stream of component and day', async () => {
    const marker = freshMarker({
      component: 'arn:aws:lambda:us-east-2:999988887777:function:thumbnail',
      reason: 'größe/𝛼 \'"\n',
    });
    const sink = createSink({ agent: 'circleci', eventSource: 'ci.acme.example' });
    expect(await sink.deliver([marker])).toEqual({
      delivered: [{ uid: marker.uid, component: marker.component, eventId: null }],
      failed: [],
    });
    const [event] = stored();
    const options = {
      recipientAccountId: marker.account,
      userAgent: `deploy-marker/${VERSION} circleci`,
      eventSource: 'ci.acme.example',
    };
    expect(JSON.parse(event?.message ?? '')).toEqual(toAuditEvent(marker, options));
    expect(
      Object.values(JSON.parse(event?.message ?? '').requestParameters).map(value => typeof value),
    ).toEqual(Object.keys(toAuditEvent(marker, options).requestParameters).map(() => 'string'));
    expect(event?.message).not.toContain('\n');
    expect(event?.timestamp).toBe(Date.parse(marker.deployed_at ?? ''));
    const day = marker.deployed_at?.slice(0, 10);
    expect(event?.stream).toBe(`arn-aws-lambda-us-east-2-999988887777-function-thumbnail/${day}`);
    expect(event?.group).toBe(GROUP);
  });

  test('goes to the stream that is named', async () => {
    await createSink({ logStream: 'größe/$x' }).deliver([freshMarker()]);
    expect(stored()).toMatchObject([{ stream: 'größe/$x' }]);
  });

  test('may be larger than CloudTrail Lake takes', async () => {
    const marker = freshMarker({ reason: 'r'.repeat(300_000) });
    const sink = createSink();
    sink.check(marker);
    await sink.deliver([marker]);
    expect(storedUids()).toEqual([marker.uid]);
  });

  test('of more than 1 MB is refused before anything is sent', () => {
    const check = (length: number) => (): void =>
      createSink().check(freshMarker({ reason: 'r'.repeat(length) }));
    expect(check(990_000)).not.toThrow();
    expect(check(1_000_000)).toThrow(expect.objectContaining({ code: 'EVENT_TOO_LARGE', exitCode: 7 }));
  });

  test.each([
    ['too old', -14 * 86_400 - 5, '14 days old'],
    ['too new', 7_200 + 5, '2 hours in the future'],
  ])('that is %s is refused before anything is sent', (_, seconds, reason) => {
    const error = expect.objectContaining({
      code: 'MARKER_INVALID',
      message: expect.stringContaining(reason),
    });
    expect(() => createSink().check(freshMarker({ deployed_at: timeIn(seconds) }))).toThrow(error);
    const nearly = seconds - Math.sign(seconds) * 60;
    expect(() => createSink().check(freshMarker({ deployed_at: timeIn(nearly) }))).not.toThrow();
  });
});

describe('the name', () => {
  test.each([
    ['of a group with a colon', { logGroup: 'a:b' }, '--log-group'],
    ['of a group with a space', { logGroup: 'a b' }, '--log-group'],
    ['of a group of 513 characters', { logGroup: 'g'.repeat(513) }, '--log-group'],
    ['of a stream with a colon', { logStream: 'a:b' }, '--log-stream'],
    ['of a stream with an asterisk', { logStream: 'a*b' }, '--log-stream'],
    ['of a stream of 513 characters', { logStream: 's'.repeat(513) }, '--log-stream'],
  ])('%s is wrong usage', (_, options, flag) => {
    expect(() => createSink(options)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(flag) }),
    );
  });
});

describe('a missing stream', () => {
  test('is made once, and the batch is put then', async () => {
    await createSink().deliver([freshMarker()]);
    await createSink().deliver([freshMarker({ uid: 'second' })]);
    expect(operations()).toEqual(['PutLogEvents', 'CreateLogStream', 'PutLogEvents', 'PutLogEvents']);
    expect(stored()).toHaveLength(2);
  });

  test('that others make at the same time is used', async () => {
    await Promise.all(
      [0, 1, 2, 3, 4].map(number => createSink().deliver([freshMarker({ uid: `${number}` })])),
    );
    expect(storedUids().toSorted()).toEqual(['0', '1', '2', '3', '4']);
    const made = server.requests.filter(({ operation }) => operation === 'CreateLogStream');
    expect(
      made.filter(({ errorCode }) => errorCode === 'ResourceAlreadyExistsException').length,
    ).toBeGreaterThan(0);
  });

  test('that does not appear is no endless loop', async () => {
    const missing = { kind: 'error', status: 400, code: 'ResourceNotFoundException' } as const;
    server.faults.add('PutLogEvents', missing, 9);
    expect(await failureOf(createSink().deliver([freshMarker()]))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
    expect(operations()).toEqual(['PutLogEvents', 'CreateLogStream', 'PutLogEvents']);
  });

  test('of a group that is missing too ends with the command that makes the group', async () => {
    const sink = createSink({ logGroup: '/other.group_1#x' });
    expect(await failureOf(sink.deliver([freshMarker()]))).toMatchObject({
      code: 'LOG_GROUP_NOT_FOUND',
      exitCode: 5,
      message: 'there is no log group /other.group_1#x in eu-west-1',
      hint: 'make it with `aws logs create-log-group --region eu-west-1 --log-group-name /other.group_1#x`',
    });
    expect([...server.state.logGroups.keys()]).toEqual([GROUP]);
  });

  test('that must not be made says which permission is missing', async () => {
    server.faults.add('CreateLogStream', { kind: 'denied' });
    expect(await failureOf(createSink().deliver([freshMarker()]))).toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow logs:CreateLogStream on the log group',
    });
  });
});

describe('events that are refused under HTTP 200', () => {
  test('are told one by one, and the others are stored', async () => {
    const times = [-600, -500, -400, -300];
    const markers = times.map((seconds, index) =>
      freshMarker({ uid: `m${index}`, deployed_at: timeIn(seconds) }),
    );
    const info = { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 };
    server.faults.add('PutLogEvents', { kind: 'rejectedLogEvents', ...info }, 2);
    // The order of time, which the indices mean, is not that of the call.
    const error = await failureOf(createSink({ logStream: 's' }).deliver(markers.toReversed()));
    expect(error).toMatchObject({
      code: 'EVENTS_REJECTED',
      exitCode: 9,
      message: expect.stringContaining('3 of 4'),
    });
    expect(failedOf(error)).toEqual([
      ['m3', 'TooNew'],
      ['m1', 'Expired'],
      ['m0', 'TooOld'],
    ]);
    expect(storedUids()).toEqual(['m2']);
  });

  test('for a short retention say so', async () => {
    server.state.logGroups.set(GROUP, { retentionInDays: 1, streams: new Map() });
    const old = freshMarker({ deployed_at: timeIn(-3 * 86_400) });
    expect(await failureOf(createSink().deliver([old]))).toMatchObject({
      code: 'EVENTS_REJECTED',
      message: expect.stringContaining('older than the retention of the log group'),
      hint: expect.stringContaining('retention'),
    });
    expect(stored()).toEqual([]);
  });
});

describe('a call that fails', () => {
  const passing: Fault[] = [
    { kind: 'throttle' },
    { kind: 'error500' },
    { kind: 'error503', retryAfterSeconds: 0 },
    { kind: 'reset' },
  ];
  test.each(passing)('for a while with $kind is made again', async fault => {
    server.faults.add('PutLogEvents', fault, 1);
    server.faults.add('CreateLogStream', fault, 1);
    await createSink().deliver([freshMarker()]);
    expect(operations()).toEqual([
      ...['PutLogEvents', 'PutLogEvents', 'CreateLogStream', 'CreateLogStream', 'PutLogEvents'],
    ]);
    expect(stored()).toHaveLength(1);
  });

  const lasting: [Fault, string, number, string][] = [
    [{ kind: 'throttle' }, 'AWS_THROTTLED', 3, 'try again later'],
    [{ kind: 'error500' }, 'AWS_UNAVAILABLE', 3, 'try again later'],
    [{ kind: 'error503' }, 'AWS_UNAVAILABLE', 3, 'try again later'],
    [{ kind: 'denied' }, 'ACCESS_DENIED', 1, 'allow logs:PutLogEvents on the log group'],
    [{ kind: 'expired' }, 'CREDENTIALS_EXPIRED', 1, 'assume-role'],
    [{ kind: 'garbage' }, 'UNEXPECTED_RESPONSE', 1, 'lead to AWS'],
    [{ kind: 'error', status: 400, code: 'InvalidParameterException' }, 'AWS_REJECTED', 1, 'API reference'],
    [{ kind: 'error', status: 400, code: 'UnrecognizedClientException' }, 'ACCESS_DENIED', 1, 'credentials'],
  ];
  test.each(lasting)('always with %j is %s after %i attempts', async (fault, code, attempts, hint) => {
    server.faults.add('PutLogEvents', fault, Number.POSITIVE_INFINITY);
    const markers = freshMarkers(3);
    const error = await failureOf(createSink({ logStream: 's' }).deliver(markers));
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(failedOf(error)).toEqual(markers.map(({ uid }) => [uid, code]));
    expect(server.requests).toHaveLength(attempts);
  });

  test('after the store is made again, and both copies are the same event', async () => {
    server.state.logGroups.get(GROUP)?.streams.set('s', []);
    server.faults.add('PutLogEvents', { kind: 'resetAfterStore' });
    await createSink({ logStream: 's' }).deliver([freshMarker()]);
    const [first, second] = stored();
    expect(stored()).toHaveLength(2);
    expect(first?.message).toBe(second?.message);
  });

  test('of one stream keeps what other streams stored', async () => {
    server.faults.add('PutLogEvents', { kind: 'slow', pieces: 1, pauseMs: 0 }, 2);
    server.faults.add('PutLogEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
    const markers = ['lambda:a', 'lambda:b'].map(component => freshMarker({ uid: component, component }));
    const error = await failureOf(createSink().deliver(markers));
    expect(failedOf(error)).toEqual([['lambda:b', 'ACCESS_DENIED']]);
    expect(storedUids()).toEqual(['lambda:a']);
  });

  test('for expired credentials is made once more with new ones', async () => {
    server.faults.add('PutLogEvents', { kind: 'expired' });
    const { id, secret, sessionToken } = server.state.defaultKey;
    let renewed = 0;
    const renew = async () => {
      renewed += 1;
      const expiration = new Date(Date.now() + 3_600_000);
      return { accessKeyId: id, secretAccessKey: secret, sessionToken: sessionToken ?? '', expiration };
    };
    await createSink({ logStream: 's', renew }).deliver([freshMarker()]);
    expect(renewed).toBe(1);
    expect(stored()).toHaveLength(1);
    server.faults.add('PutLogEvents', { kind: 'expired' }, Number.POSITIVE_INFINITY);
    const sink = createSink({ logStream: 's', renew });
    expect(await failureOf(sink.deliver([freshMarker()]))).toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
    expect(renewed).toBe(2);
  });

  test('is cut short by the signal', async () => {
    server.faults.add('PutLogEvents', { kind: 'hang' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DeployMarkerError('TIMEOUT', 'too long')), 100);
    const error = await failureOf(createSink().deliver(freshMarkers(1), { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'TIMEOUT', message: 'too long' });
  });
});

describe('many markers', () => {
  test('go in requests that are within the limits, in the order of time', async () => {
    const count = 2_000;
    const markers = freshMarkers(count, { reason: 'r'.repeat(1_000) }).map((marker, index) => ({
      ...marker,
      deployed_at: timeIn(-((index * 7_919) % 86_400) - 60),
    }));
    await createSink({ logStream: 's' }).deliver(markers);
    const batches = server.requests
      .filter(({ operation, status }) => operation === 'PutLogEvents' && status === 200)
      .map(({ bodyText }) => JSON.parse(bodyText).logEvents.length);
    expect(batches.length).toBeGreaterThan(3);
    expect(batches.length).toBeLessThan(8);
    expect(new Set(storedUids()).size).toBe(count);
    const times = stored().map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('over more than 24 hours go in several requests', async () => {
    const markers = [0, 1, 2, 3].map(day =>
      freshMarker({ uid: `${day}`, deployed_at: timeIn(-day * 86_400 * 0.6) }),
    );
    await createSink({ logStream: 's' }).deliver(markers);
    expect(operations().filter(name => name === 'PutLogEvents')).toHaveLength(3);
    expect(storedUids()).toEqual(['3', '2', '1', '0']);
  });
});

test('a preview is what is sent then, and needs neither network nor credentials', async () => {
  const warn = vi.spyOn(console, 'warn');
  const markers = [freshMarker(), freshMarker({ uid: 'b', component: 'stack:b', reason: 'größe/𝛼' })];
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined);
  const previews = await createSink().preview(markers);
  expect(server.requests).toEqual([]);
  // The SDK speaks up where it is used in a way that it will refuse one day.
  expect(warn).not.toHaveBeenCalled();
  vi.unstubAllEnvs();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  await createSink().deliver(markers);
  const sent = server.requests.filter(
    ({ operation, status }) => operation === 'PutLogEvents' && status === 200,
  );
  expect(previews.map(({ body }) => body)).toEqual(sent.map(({ bodyText }) => bodyText));
  expect(previews.map(({ target }) => target)).toEqual(sent.map(() => `POST ${server.url}/ PutLogEvents`));
});

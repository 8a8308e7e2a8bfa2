import { describe, expect, test } from 'vitest';
import { createLogChanges, type LogChangesOptions } from '../../../../src/aws/logs/log-changes.ts';
import { KNOWN_SERVICES } from '../../../../src/core/services/known.ts';
import type { LeftOut } from '../../../../src/core/source/gap.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const FROM = Date.parse('2025-12-14T08:00:00Z');
const UNTIL = Date.parse('2025-12-14T09:00:00Z');
const HOUR = 3_600_000;

const aws = useAwsServer();

const record = (fields: object = {}): object => ({
  eventID: 'e',
  eventTime: '2025-12-14T08:10:00Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'UpdateFunctionCode20150331v2',
  readOnly: false,
  ...fields,
});

/** Fills the group with one event for each message. */
function fill(messages: readonly (string | object)[], timestamp = FROM + 1): void {
  const events = messages.map((message, rank) => ({
    eventId: `${rank}`,
    timestamp,
    ingestionTime: timestamp,
    message: typeof message === 'string' ? message : JSON.stringify(message),
  }));
  const streams = new Map(aws.server.state.logGroups.get('trail')?.streams ?? []);
  aws.server.state.logGroups.set('trail', { streams: streams.set(`${streams.size}`, events) });
}

async function read(
  services: readonly string[] | 'all' = ['lambda'],
  options: Partial<LogChangesOptions> = {},
  signal = new AbortController().signal,
) {
  const source = createLogChanges({
    logGroup: 'trail',
    region: 'eu-west-1',
    env: aws.server.env(),
    maxAttempts: 1,
    late: 6 * HOUR,
    ...options,
  });
  const records: unknown[] = [];
  const errors: DeployMarkerError[] = [];
  const leftOut: LeftOut[] = [];
  const done: number[] = [];
  const query = { from: FROM, until: UNTIL, services, component: undefined };
  try {
    errors.push(
      ...(await source.read(query, each => records.push(each), {
        signal,
        onLeftOut: each => leftOut.push(each),
        onProgress: each => done.push(each),
      })),
    );
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    errors.push(error);
  }
  return { records, errors, leftOut, done };
}

describe("changes in a trail's log group", () => {
  test('are all records of the services, and who assumed a role', async () => {
    const wanted = [
      record(),
      record({ readOnly: true, eventName: 'GetFunction' }),
      record({ errorCode: 'AccessDenied' }),
      record({ eventSource: 'lambda.amazonaws.com.cn' }),
      record({ eventSource: 'sts.amazonaws.com', eventName: 'AssumeRoleWithWebIdentity', readOnly: true }),
      { eventName: 'UpdateFunctionCode' },
      record({ eventSource: null }),
      record({ eventSource: '' }),
      record({ eventSource: 'lambda' }),
      record({ eventSource: 'lambda.AMAZONAWS.com' }),
    ];
    const others = [
      record({ eventSource: 'lambda-edge.amazonaws.com' }),
      record({ eventSource: 's3.amazonaws.com' }),
      record({ eventSource: 'sts.amazonaws.com', eventName: 'GetCallerIdentity' }),
      'no JSON',
    ];
    fill([...wanted, ...others]);
    const { records, errors } = await read();
    expect(errors).toEqual([]);
    expect(records).toEqual(wanted);
  });

  test.each([0, HOUR, 30 * HOUR])('are looked for until those that come %i ms late have come', async late => {
    fill([record({ eventID: 'early' })], FROM - 1);
    fill([record({ eventID: 'late' })], UNTIL + late);
    fill([record({ eventID: 'later' })], UNTIL + late + 1);
    expect((await read(['lambda'], { late })).records).toMatchObject([{ eventID: 'late' }]);
  });

  test('come with what CloudTrail never sends there', async () => {
    fill([]);
    const { leftOut } = await read();
    expect(leftOut).toEqual([{ kind: 'not-seen', message: expect.stringContaining('256 kB') }]);
  });

  test.each([
    ['some services', 12, 1],
    ['many', 40, 2],
    ['all', KNOWN_SERVICES.length, 1],
  ])('of %s are read once each', async (_, count, passes) => {
    const services = KNOWN_SERVICES.slice(0, count);
    const all = services.map(service => record({ eventSource: `${service}.amazonaws.com` }));
    fill([...all, { eventName: 'x' }]);
    const { records, done } = await read(services);
    expect(records.length).toBe(count + 1);
    expect(aws.server.requests.map(({ operation }) => operation)).toHaveLength(passes);
    expect(done.every(each => each >= 0 && each <= 1)).toBe(true);
  });

  test('of whatever service are what does not only read, and who assumed a role', async () => {
    const wanted = [
      record({ eventSource: 's3.amazonaws.com' }),
      record({ readOnly: undefined }),
      record({ readOnly: null }),
      record({ eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', readOnly: true }),
    ];
    fill([...wanted, record({ readOnly: true })]);
    expect((await read('all')).records).toEqual(JSON.parse(JSON.stringify(wanted)));
    expect(aws.server.requests).toHaveLength(1);
  });

  test('go through pages that are empty, to the last one', async () => {
    fill([...Array.from({ length: 20_001 }, () => record({ eventSource: 'ec2.amazonaws.com' })), record()]);
    expect((await read()).records).toHaveLength(1);
    expect(aws.server.requests.length).toBe(3);
  });

  test('are none where an event is no record: it is counted and named', async () => {
    aws.server.faults.add('FilterLogEvents', {
      kind: 'answer',
      body: JSON.stringify({
        events: ['{"eventSource":', '[]', '{}'].map(message => ({ message, eventId: 'x' })),
      }),
    });
    fill([]);
    const { records, errors } = await read();
    expect(records).toEqual([{}]);
    expect(errors).toMatchObject([{ code: 'TRAIL_LOG_INVALID' }]);
    expect(errors[0]?.message).toBe('logs:trail, event x is no CloudTrail record … and 1 more event');
  });

  test('are asked for again and again where others use the rate up', async () => {
    fill([record()]);
    aws.server.faults.add('FilterLogEvents', { kind: 'throttle' }, 4);
    const waits: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    expect((await read(['lambda'], { sleep })).records).toHaveLength(1);
    expect(waits).toHaveLength(4);
  });

  test.each([
    ['denied', 'ACCESS_DENIED'],
    ['reset', 'NETWORK'],
    ['error500', 'AWS_UNAVAILABLE'],
    ['expired', 'CREDENTIALS_EXPIRED'],
  ] as const)('%s is %s', async (kind, code) => {
    fill([record()]);
    aws.server.faults.add('FilterLogEvents', { kind }, 9);
    expect((await read()).errors.map(error => error.code)).toEqual([code]);
  });

  test('that never end are an error', async () => {
    fill([record()]);
    aws.server.faults.add(
      'FilterLogEvents',
      { kind: 'answer', body: '{"events":[],"nextToken":"page/0"}' },
      9,
    );
    expect((await read()).errors).toMatchObject([{ code: 'UNEXPECTED_RESPONSE' }]);
    expect(aws.server.requests).toHaveLength(2);
  });
});

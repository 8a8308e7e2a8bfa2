import { beforeEach, describe, expect, test } from 'vitest';
import { createEventHistory, type EventHistoryOptions } from '../../src/aws/cloudtrail/event-history.ts';
import type { ChangeQuery } from '../../src/core/source/source.ts';
import { DeployMarkerError } from '../../src/errors/deploy-marker-error.ts';
import { useAwsServer } from '../fakes/use-aws-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const aws = useAwsServer();

/** A record of a write, `minutes` before now. */
function record(id: string, minutes: number, fields: object = {}): object {
  return {
    eventID: id,
    eventTime: `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`,
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionCode20150331v2',
    managementEvent: true,
    eventCategory: 'Management',
    readOnly: false,
    requestParameters: { functionName: 'orders' },
    ...fields,
  };
}

function put(place: string, ...records: readonly object[]): void {
  aws.server.state.histories.set(place, [...records]);
}

interface Answer {
  readonly ids: readonly string[];
  readonly codes: readonly string[];
  readonly done: readonly number[];
}

function idOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'eventID' in value ? String(value.eventID) : '?';
}

async function read(
  query: Partial<ChangeQuery> = {},
  options: Partial<EventHistoryOptions> = {},
  signal = new AbortController().signal,
): Promise<Answer> {
  const source = createEventHistory({
    account: 'this account',
    region: 'eu-west-1',
    maxPages: 2000,
    now: Date.now,
    env: aws.server.env(),
    maxAttempts: 1,
    ...options,
  });
  const now = Date.now();
  const asked = { from: now - DAY, until: now, services: ['lambda'], component: undefined, ...query };
  const ids: string[] = [];
  const done: number[] = [];
  const errors: DeployMarkerError[] = [];
  try {
    const onProgress = (part: number): void => void done.push(part);
    errors.push(...(await source.read(asked, value => ids.push(idOf(value)), { signal, onProgress })));
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    errors.push(error);
  }
  return { ids, codes: errors.map(({ code }) => code), done };
}

/** What each LookupEvents asked for. */
function attributes(): string[] {
  return aws.server.requests.flatMap(({ parsedBody }) => {
    const body = JSON.stringify(parsedBody);
    return body.includes('NextToken') ? [] : [/"AttributeValue":"([^"]*)"/.exec(body)?.[1] ?? 'none'];
  });
}

describe('event history', () => {
  test('is read by service and, for role chains, sts; times are those that were asked for', async () => {
    put(
      '111122223333/eu-west-1',
      record('a', 10),
      record('old', 60 * 25),
      record('sts', 5, { eventSource: 'sts.amazonaws.com' }),
    );
    const { ids, codes, done } = await read({ services: ['lambda', 'cloudformation'] });
    expect([ids, codes]).toEqual([['a', 'sts'], []]);
    expect(attributes()).toEqual(['lambda', 'cloudformation', 'sts'].map(name => `${name}.amazonaws.com`));
    expect(done.map(part => Math.round(part * 3))).toEqual([1, 2, 3]);
    expect(aws.server.requests[0]?.headers['user-agent']).toContain('deploy-marker/');
  });

  test('of all services is read in one go, writes only, and AssumeRole beside it', async () => {
    const sts = { eventSource: 'sts.amazonaws.com' };
    put(
      '111122223333/eu-west-1',
      record('a', 10),
      record('b', 9, { eventSource: 'ecs.amazonaws.com' }),
      record('read', 8, { eventSource: 's3.amazonaws.com', readOnly: true }),
      record('role', 7, { ...sts, eventName: 'AssumeRole', readOnly: true }),
      record('federation', 6, sts),
    );
    const { ids, codes } = await read({ services: 'all' });
    expect(attributes()).toEqual(['false', 'sts.amazonaws.com']);
    expect([ids.toSorted(), codes]).toEqual([['a', 'b', 'federation', 'role'], []]);
  });

  test('is paged, at two requests a second at most', async () => {
    put('111122223333/eu-west-1', ...Array.from({ length: 170 }, (_, rank) => record(`r${rank}`, rank + 1)));
    const { ids, codes, done } = await read();
    expect([new Set(ids).size, ids.length, codes]).toEqual([170, 170, []]);
    const times = aws.server.requests.map(({ time }) => time);
    expect(times).toHaveLength(5);
    for (const [rank, time] of times.slice(2).entries())
      expect(time - (times[rank] ?? 0)).toBeGreaterThanOrEqual(999);
    // The server throttles the third call in a second.
    expect(aws.server.requests.every(({ status }) => status === 200)).toBe(true);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
  });

  const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';

  test.each(['lambda:orders', `${FUNCTION_ARN}:live`, 'layer:deps', 'stack:shop', undefined])(
    'of %s is read by service, whatever calls named it by',
    async component => {
      const spellings = [
        'orders',
        FUNCTION_ARN,
        `${FUNCTION_ARN}:live`,
        '111122223333:function:orders',
        'other',
      ];
      const records = spellings.map(functionName =>
        record(functionName, 10, { requestParameters: { functionName } }),
      );
      put('111122223333/eu-west-1', ...records);
      const { ids, codes } = await read({ component });
      expect(attributes()).toEqual(['lambda.amazonaws.com', 'sts.amazonaws.com']);
      expect([ids.toSorted(), codes]).toEqual([spellings.toSorted(), []]);
    },
  );

  test.each([
    ['lambda:orders', ['orders', 'sts.amazonaws.com'], ['a'], ['ANSWER_INCOMPLETE']],
    [`${FUNCTION_ARN}:live`, ['orders', 'sts.amazonaws.com'], ['a'], ['ANSWER_INCOMPLETE']],
    ['layer:deps', ['deps', 'sts.amazonaws.com'], [], ['ANSWER_INCOMPLETE']],
    ['stack:shop', ['lambda.amazonaws.com', 'sts.amazonaws.com'], ['a', 'b'], []],
  ])(
    'of %s in a hurry is looked up by its name, and is incomplete',
    async (component, asked, found, gaps) => {
      put(
        '111122223333/eu-west-1',
        record('a', 10),
        record('b', 10, { requestParameters: { functionName: FUNCTION_ARN } }),
      );
      const { ids, codes } = await read({ component, isQuick: true });
      expect([attributes(), ids, codes]).toEqual([asked, found, gaps]);
    },
  );

  test('of a function of all services in a hurry is no lookup of all writes', async () => {
    await read({ component: 'lambda:orders', services: 'all', isQuick: true });
    expect(attributes()).toEqual(['orders', 'cloudformation.amazonaws.com', 'sts.amazonaws.com']);
  });

  test('ends after the pages that are allowed, incomplete, unless they were the last', async () => {
    aws.server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
    put('111122223333/eu-west-1', ...Array.from({ length: 60 }, (_, rank) => record(`r${rank}`, rank + 1)));
    const cut = await read({}, { maxPages: 1 });
    expect([cut.ids.length, cut.codes]).toEqual([50, ['ANSWER_INCOMPLETE']]);
    const whole = await read({}, { maxPages: 3 });
    expect([whole.ids.length, whole.codes]).toEqual([60, []]);
  });

  test('goes back 90 days, and says so when more is asked for', async () => {
    aws.server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
    put('111122223333/eu-west-1', record('a', 10), record('lost', 91 * 24 * 60));
    const now = Date.now();
    expect(await read({ from: now - 91 * DAY })).toMatchObject({ ids: ['a'], codes: ['ANSWER_INCOMPLETE'] });
    // The caller reads an hour more than it was asked for.
    expect(await read({ from: now - 90 * DAY - HOUR })).toMatchObject({ ids: ['a'], codes: [] });
  });

  test('of another account is read with a role in it, of another Region there', async () => {
    const roleArn = 'arn:aws:iam::999999999999:role/reader';
    const trust = { issuer: 'AWS', audiences: [], subjects: ['arn:aws:sts::111122223333:*'] };
    aws.server.state.roles.set(roleArn, { arn: roleArn, trust });
    put('111122223333/eu-west-1', record('home', 1));
    put('999999999999/eu-west-1', record('foreign', 1));
    put('111122223333/us-east-1', record('america', 1));
    const secrets: string[] = [];
    const learn = ({ secretAccessKey }: { secretAccessKey: string }): void =>
      void secrets.push(secretAccessKey);
    const role = { roleArn, sessionName: 'deploy-marker', region: 'eu-west-1', learn };
    const answers = await Promise.all([read(), read({}, { role }), read({}, { region: 'us-east-1' })]);
    expect(answers.map(({ ids }) => ids)).toEqual([['home'], ['foreign'], ['america']]);
    expect(secrets).toHaveLength(1);
    expect(aws.server.requests.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(1);
  });
});

describe('what can happen to it', () => {
  beforeEach(() => put('111122223333/eu-west-1', record('a', 10)));

  test.each([
    ['denied', 'ACCESS_DENIED'],
    ['reset', 'NETWORK'],
    ['error500', 'AWS_UNAVAILABLE'],
    ['throttle', 'AWS_THROTTLED'],
    ['garbage', 'UNEXPECTED_RESPONSE'],
    ['expired', 'CREDENTIALS_EXPIRED'],
  ] as const)('%s is %s', async (kind, code) => {
    aws.server.faults.add('LookupEvents', { kind }, 9);
    expect(await read({}, { sleep: async () => {} })).toMatchObject({ ids: [], codes: [code] });
  });

  test('throttled for long is tried again for about a minute, less and less often', async () => {
    const waits: number[] = [];
    const sleep = async (wait: number): Promise<void> => void waits.push(wait / 1000);
    aws.server.faults.add('LookupEvents', { kind: 'throttle' }, 6);
    expect(await read({}, { sleep })).toMatchObject({ ids: ['a'], codes: [] });
    expect(waits).toHaveLength(6);
    for (const [rank, longest] of [1.25, 2.5, 5, 10, 18.75, 37.5].entries()) {
      expect(waits[rank]).toBeLessThanOrEqual(longest);
      expect(waits[rank]).toBeGreaterThanOrEqual(longest * 0.6);
    }
  });

  test.each(['reset', 'error500', 'throttle'] as const)('%s that passes is tried again', async kind => {
    aws.server.faults.add('LookupEvents', { kind });
    expect(await read({}, { maxAttempts: 3 })).toMatchObject({ ids: ['a'], codes: [] });
  });

  test('a failure in the middle leaves what was read', async () => {
    put('111122223333/eu-west-1', ...Array.from({ length: 60 }, (_, rank) => record(`r${rank}`, rank + 1)));
    aws.server.faults.add('LookupEvents', { kind: 'slow', pieces: 1, pauseMs: 0 });
    aws.server.faults.add('LookupEvents', { kind: 'denied' });
    const { ids, codes } = await read();
    expect([ids.length, codes]).toEqual([50, ['ACCESS_DENIED']]);
  });

  test('a role that refuses says what to allow', async () => {
    const roleArn = 'arn:aws:iam::999999999999:role/none';
    const role = { roleArn, sessionName: 'deploy-marker', region: 'eu-west-1' };
    expect(await read({}, { role })).toMatchObject({ ids: [], codes: ['ACCESS_DENIED'] });
    expect(aws.server.requests.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });

  test('an abort ends a call that hangs, and a wait for the next turn', async () => {
    const reason = new DeployMarkerError('CANCELLED', 'stop');
    aws.server.faults.add('LookupEvents', { kind: 'hang' });
    expect(await read({}, {}, abortAfter(200, reason))).toMatchObject({
      codes: ['CANCELLED'],
    });
    aws.server.faults.clear();
    aws.server.faults.add('LookupEvents', { kind: 'throttle' }, 9);
    const waiting = performance.now();
    expect(await read({}, {}, abortAfter(500, reason))).toMatchObject({ codes: ['CANCELLED'] });
    expect(performance.now() - waiting).toBeLessThan(900);
    aws.server.faults.clear();
    put('111122223333/eu-west-1', ...Array.from({ length: 500 }, (_, rank) => record(`r${rank}`, rank + 1)));
    const begun = performance.now();
    expect(await read({}, {}, abortAfter(1100, reason))).toMatchObject({ codes: ['CANCELLED'] });
    expect(performance.now() - begun).toBeLessThan(1600);
  });
});

function abortAfter(milliseconds: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), milliseconds).unref();
  return controller.signal;
}

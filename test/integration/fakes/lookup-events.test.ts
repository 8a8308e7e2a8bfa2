import {
  CloudTrailClient,
  type Event,
  type LookupAttributeKey,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { sendCloudTrail } from '../../fakes/cloudtrail/cloudtrail-client.ts';

const HOME = '111122223333/eu-west-1';
const NOW = Date.parse('2026-11-22T12:00:00Z');

let server: AwsServer;
let client: CloudTrailClient;
beforeEach(async () => {
  server = await startAwsServer();
  server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  client = new CloudTrailClient({ maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  vi.unstubAllEnvs();
  await server.close();
});

/** A record of an UpdateFunctionCode, `minutes` before now. */
function record(id: string, minutes: number, change: object = {}): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    eventID: id,
    eventTime: `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`,
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionCode20150331v2',
    readOnly: false,
    managementEvent: true,
    eventCategory: 'Management',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-1',
      accessKeyId: 'ASIAEXAMPLE',
    },
    requestParameters: { functionName: 'orders' },
    ...change,
  };
}

function put(place: string, ...records: unknown[]): void {
  server.state.histories.set(place, records);
}

async function lookup(input: LookupEventsCommandInput = {}, by = client): Promise<Event[]> {
  return (await by.send(new LookupEventsCommand(input))).Events ?? [];
}

const ids = (events: readonly Event[]) => events.map(({ EventId }) => EventId);

describe('what is found', () => {
  afterEach(() => expect(server.violations).toEqual([]));

  test('the SDK reads an event with the whole record in it', async () => {
    const whole = record('e1', 5, { note: 'größe/𝛼' });
    put(HOME, whole);
    const [event] = await lookup();
    expect(event).toEqual({
      EventId: 'e1',
      EventName: 'UpdateFunctionCode20150331v2',
      ReadOnly: 'false',
      AccessKeyId: 'ASIAEXAMPLE',
      EventTime: new Date(String(whole['eventTime'])),
      EventSource: 'lambda.amazonaws.com',
      Username: 'ci-1',
      Resources: [{ ResourceType: 'AWS::Lambda::Function', ResourceName: 'orders' }],
      CloudTrailEvent: JSON.stringify(whole),
    });
  });

  const full = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
  const attributes: [LookupAttributeKey, string, string[]][] = [
    ['EventId', 'b', ['b']],
    ['EventName', 'UpdateFunctionCode', []],
    ['EventName', 'UpdateFunctionCode20150331v2', ['a', 'c']],
    ['ReadOnly', 'true', ['b']],
    ['Username', 'ci-1', ['a']],
    ['Username', 'alice', ['c']],
    ['ResourceName', 'orders', ['a', 'b']],
    ['ResourceName', full, ['c']],
    ['ResourceType', 'AWS::Lambda::Function', ['a', 'b', 'c']],
    ['EventSource', 'lambda.amazonaws.com', ['a', 'b', 'c']],
    ['AccessKeyId', 'ASIAEXAMPLE', ['a']],
  ];
  test.each(attributes)('%s = %s, spelled exactly so', async (AttributeKey, AttributeValue, expected) => {
    const root = { userIdentity: { type: 'Root' } };
    put(
      HOME,
      record('a', 1),
      record('b', 2, { eventName: 'GetFunction', readOnly: true, ...root }),
      record('c', 3, { requestParameters: { functionName: full }, userIdentity: { userName: 'alice' } }),
      record('data', 0, { managementEvent: false }),
      record('insight', 0, { eventCategory: 'Insight' }),
    );
    expect(ids(await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] }))).toEqual(expected);
  });

  test('newest first, within the times, and of 90 days', async () => {
    put(HOME, record('old', 60 * 24 * 91), record('a', 30), record('c', 10), record('b', 20));
    expect(ids(await lookup())).toEqual(['c', 'b', 'a']);
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    expect(ids(await lookup({ StartTime: at(25), EndTime: at(15) }))).toEqual(['b']);
    expect(ids(await lookup({ StartTime: at(60 * 24 * 100) }))).toEqual(['c', 'b', 'a']);
    await expect(lookup({ EndTime: at(60 * 24 * 91) })).rejects.toMatchObject({
      name: 'InvalidTimeRangeException',
    });
  });

  test('pages go on where they ended, although new events arrive', async () => {
    const many = Array.from({ length: 120 }, (_, index) => record(`e${index}`, Math.floor(index / 3) + 1));
    put(HOME, ...many);
    const first = await client.send(new LookupEventsCommand({}));
    server.state.histories.get(HOME)?.push(record('new', 0));
    const second = await client.send(new LookupEventsCommand({ NextToken: first.NextToken }));
    const third = await client.send(new LookupEventsCommand({ NextToken: second.NextToken }));
    const all = [first, second, third].map(page => ids(page.Events ?? []));
    expect(all.map(page => page.length)).toEqual([50, 50, 20]);
    expect(third.NextToken).toBeUndefined();
    expect(ids(await lookup())[0]).toBe('new');
    expect(new Set(all.flat())).toEqual(new Set(many.map(({ eventID }) => eventID)));
  });

  test('every account and region has its own history; a role of another account sees the other one', async () => {
    const role = 'arn:aws:iam::999999999999:role/reader';
    const trust = { issuer: 'AWS', audiences: [], subjects: ['arn:aws:sts::111122223333:*'] };
    server.state.roles.set(role, { arn: role, trust });
    put(HOME, record('home', 1));
    put('111122223333/us-east-1', record('sts', 1));
    put('999999999999/eu-west-1', record('foreign', 1));
    const sts = new STSClient({ maxAttempts: 1 });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'audit' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    const foreign = new CloudTrailClient({ maxAttempts: 1, credentials });
    const america = new CloudTrailClient({ maxAttempts: 1, region: 'us-east-1' });
    expect(ids(await lookup())).toEqual(['home']);
    expect(ids(await lookup({}, foreign))).toEqual(['foreign']);
    expect(ids(await lookup({}, america))).toEqual(['sts']);
    for (const each of [sts, foreign, america]) each.destroy();
  });

  test('two calls a second per account and region, the third is throttled', async () => {
    server.state.lookupsPerSecond = 2;
    put('111122223333/us-east-1');
    const america = new CloudTrailClient({ maxAttempts: 1, region: 'us-east-1' });
    await lookup();
    await lookup();
    await expect(lookup()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    expect(await lookup({}, america)).toEqual([]);
    await new Promise(resolve => setTimeout(resolve, 1000));
    expect(await lookup()).toEqual([]);
    america.destroy();
  });
});

describe('what no correct client sends is refused and kept', () => {
  const attribute = { AttributeKey: 'EventName', AttributeValue: 'x' };
  const refused: [object, string][] = [
    [{ LookupAttributes: [attribute, attribute] }, 'InvalidLookupAttributesException'],
    [{ LookupAttributes: [{ ...attribute, AttributeKey: 'Name' }] }, 'InvalidLookupAttributesException'],
    [
      { LookupAttributes: [{ ...attribute, AttributeValue: '_'.repeat(1001) }] },
      'InvalidLookupAttributesException',
    ],
    [
      { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'no' }] },
      'InvalidLookupAttributesException',
    ],
    [{ LookupAttributes: [{ ...attribute, Operator: '=' }] }, 'StrictFakeViolation'],
    [{ LookupAttributes: attribute }, 'SerializationException'],
    [{ StartTime: 2, EndTime: 1 }, 'InvalidTimeRangeException'],
    [{ StartTime: '2026-11-22T12:00:00Z' }, 'SerializationException'],
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [{ MaxResults: 0 }, 'InvalidMaxResultsException'],
    [{ NextToken: 'x' }, 'InvalidNextTokenException'],
    [{ EventCategory: 'insight' }, 'StrictFakeViolation'],
    [{ Region: 'eu-west-1' }, 'StrictFakeViolation'],
  ];
  test.each(refused)('%o', async (body, code) => {
    const { status, text } = await sendCloudTrail(server, 'LookupEvents', body);
    expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 400, __type: code });
    expect(server.violations).toHaveLength(1);
  });

  test.each([{ MaxResults: 2 }, { MaxResults: 1, EndTime: new Date(NOW * 2) }])(
    'a token with other parameters: %o',
    async change => {
      put(HOME, record('a', 1), record('b', 2));
      const { NextToken } = await client.send(new LookupEventsCommand({ MaxResults: 1 }));
      expect(await lookup({ MaxResults: 1, NextToken })).toHaveLength(1);
      await expect(lookup({ ...change, NextToken })).rejects.toMatchObject({
        name: 'InvalidNextTokenException',
      });
      expect(server.violations).toHaveLength(1);
    },
  );

  test('a region without a history, another service, another target, no signature', async () => {
    const america = new CloudTrailClient({ maxAttempts: 1, region: 'us-east-1' });
    await expect(lookup({}, america)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    const wrong = [
      await sendCloudTrail(server, 'LookupEvents', {}, { service: 'cloudtrail-data' }),
      await sendCloudTrail(server, 'ListTrails', {}),
    ];
    expect(wrong.map(({ text }) => JSON.parse(text).__type)).toEqual([
      'InvalidSignatureException',
      'UnknownOperationException',
    ]);
    expect(server.violations).toHaveLength(3);
    america.destroy();
  });
});

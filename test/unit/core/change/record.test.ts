import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../../src/core/base/pattern.ts';
import type { Change, RoleChain } from '../../../../src/core/change/change.ts';
import { isGlobal } from '../../../../src/core/change/global.ts';
import { actionName, createRecordReader, type UnreadRecord } from '../../../../src/core/change/record.ts';
import { type IdleCall, IdleCalls } from '../../../../src/core/no-change/idle-calls.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
const RECORD = {
  eventID: 'e1',
  eventTime: '2026-06-01T10:03:11Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'UpdateFunctionCode20150331v2',
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '203.0.113.7',
  managementEvent: true,
  eventCategory: 'Management',
  readOnly: false,
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-prod-a1b2c3d',
    accountId: '111122223333',
    accessKeyId: 'ASIA1',
  },
  requestParameters: { functionName: 'orders', dryRun: false },
  responseElements: { functionName: 'orders', functionArn: ARN, version: '$LATEST' },
};

function read(...records: readonly unknown[]): { changes: Change[]; chains: RoleChain[] } {
  const { changes, chains } = readAll(...records);
  return { changes, chains };
}

function readAll(...records: readonly unknown[]) {
  const unread: UnreadRecord[] = [];
  const changes: Change[] = [];
  const chains: RoleChain[] = [];
  const interests = {
    services: ['lambda', 'cloudformation', 'ecs', 'iam', 'ssm', 'sqs', 'kms', 'signin', 'sts', 'wafv2'],
    isHumanRole: matchesAny(['Admin*']),
  };
  const sink = {
    change: (change: Change) => changes.push(change),
    chain: (chain: RoleChain) => chains.push(chain),
    unread: (record: UnreadRecord) => unread.push(record),
  };
  const take = createRecordReader(interests, sink);
  for (const record of records) take(record);
  return { changes, chains, unread };
}

function changeOf(fields: object): Change | undefined {
  return read({ ...RECORD, ...fields }).changes[0];
}

test('a write becomes a change', () => {
  expect(changeOf({})).toEqual({
    id: 'e1',
    time: Date.parse('2026-06-01T10:03:11Z'),
    account: '111122223333',
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionCode',
    component: 'lambda:orders',
    stack: undefined,
    version: undefined,
    actor: {
      kind: 'session',
      name: RECORD.userIdentity.arn,
      account: '111122223333',
      role: 'deploy',
      session: 'ci-prod-a1b2c3d',
      accessKeyId: 'ASIA1',
      via: undefined,
    },
  });
});

test.each([
  ['UpdateFunctionCode20150331v2', 'UpdateFunctionCode'],
  ['CreateFunction20150331', 'CreateFunction'],
  ['PublishLayerVersion20181031', 'PublishLayerVersion'],
  ['TagResource20170331v2', 'TagResource'],
  ['CreateFunctionUrlConfig', 'CreateFunctionUrlConfig'],
  ['UpdateFunctionCode20260101v13', 'UpdateFunctionCode'],
  ['PutThing2015', 'PutThing2015'],
])('the action of %s is %s', (eventName, action) => expect(actionName(eventName)).toBe(action));

describe('what is no change', () => {
  test.each<[string, unknown]>([
    [
      'a failed call',
      { ...RECORD, errorCode: 'AccessDenied', requestParameters: null, responseElements: null },
    ],
    ['a read', { ...RECORD, readOnly: true }],
    ['a read that does not say so', { ...RECORD, readOnly: undefined, eventName: 'ListTags20170331' }],
    ['a dry run', { ...RECORD, requestParameters: { functionName: 'orders', dryRun: true } }],
    ['an invocation', { ...RECORD, eventName: 'Invoke', managementEvent: false, eventCategory: 'Data' }],
    ['a data event that only its category tells', { ...RECORD, eventName: 'Invoke', eventCategory: 'Data' }],
    ['an Insights event', { ...RECORD, eventCategory: 'Insight' }],
    ['another service', { ...RECORD, eventSource: 's3.amazonaws.com' }],
    ['an event of the network', { ...RECORD, eventCategory: 'NetworkActivity' }],
    ['a failed call whose time is none', { ...RECORD, errorCode: 'AccessDenied', eventTime: 'yesterday' }],
    ['a read without a source', { ...RECORD, readOnly: true, eventSource: undefined }],
    [
      'a call of another service without a time',
      { ...RECORD, eventSource: 's3.amazonaws.com', eventTime: '' },
    ],
  ])('%s', (_, record) => expect(readAll(record)).toEqual({ changes: [], chains: [], unread: [] }));

  test.each<[string, object]>([
    ['lambda:UpdateFunctionCode', { requestParameters: { functionName: 'orders', dryRun: 'true' } }],
    ['lambda:UpdateFunctionCode', { requestParameters: { functionName: 'orders', DryRun: true } }],
    ['kms:GenerateDataKey', { eventSource: 'kms.amazonaws.com', eventName: 'GenerateDataKey' }],
    ['signin:ConsoleLogin', { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin' }],
    ['sts:GetSessionToken', { eventSource: 'sts.amazonaws.com', eventName: 'GetSessionToken' }],
    ['ssm:StartSession', { eventSource: 'ssm.amazonaws.com', eventName: 'StartSession' }],
  ])('%s, which is counted', (name, fields) => {
    const calls = new IdleCalls();
    const changes: Change[] = [];
    const sink = {
      change: (change: Change) => changes.push(change),
      chain: () => undefined,
      idle: (call: IdleCall) => calls.add(call),
    };
    const services = ['lambda', 'kms', 'signin', 'sts', 'ssm'];
    createRecordReader({ services, isHumanRole: () => false }, sink)({ ...RECORD, ...fields });
    expect(changes).toEqual([]);
    expect(calls.told('none')).toEqual({ kind: 'left-out', message: `none: ${name} 1`, count: 1 });
  });

  test('a password or a grant is one, whatever else the service does', () => {
    for (const [service, eventName] of [
      ['signin', 'PasswordUpdated'],
      ['kms', 'CreateGrant'],
      ['ssm', 'SendCommand'],
    ])
      expect(read({ ...RECORD, eventName, eventSource: `${service}.amazonaws.com` }).changes).toHaveLength(1);
  });

  test('nor is the name of a test that is none: ElastiCache fails over', () => {
    const actionOf = (eventName: string): string | undefined =>
      changeOf({ eventSource: 'ecs.amazonaws.com', eventName, readOnly: undefined })?.action;
    expect(['TestFailover', 'TestMetricFilter'].map(actionOf)).toEqual(['TestFailover', undefined]);
  });

  test('but errorCode null, and no word of readOnly, are no reason', () => {
    expect(changeOf({ errorCode: null, readOnly: undefined })?.id).toBe('e1');
    expect(changeOf({ readOnly: null, managementEvent: undefined, eventCategory: undefined })?.id).toBe('e1');
  });
});

describe('fields that tools wrote as texts', () => {
  const asTexts = (names: readonly (keyof typeof RECORD)[]) =>
    Object.fromEntries(names.map(name => [name, JSON.stringify(RECORD[name])]));

  test('are what they were', () => {
    const texts = asTexts(['userIdentity', 'requestParameters', 'responseElements']);
    expect(read({ ...RECORD, ...texts })).toEqual(read(RECORD));
  });

  test.each<object>([
    { userIdentity: '{type=IAMUser, userName=eve}' },
    { userIdentity: undefined, 'userIdentity.type': 'IAMUser' },
  ])('and tell nobody where they are no JSON: %j', fields => {
    const { changes, unread } = readAll({ ...RECORD, ...fields });
    expect(changes).toHaveLength(1);
    expect(unread).toEqual([{ id: 'e1', problem: 'has a userIdentity that is no JSON object' }]);
  });
});

describe('what may be a change and cannot be read is told', () => {
  const noOffset = 'which is no ISO 8601 time with an offset';
  test.each<[unknown, string]>([
    [{ ...RECORD, eventTime: undefined }, 'has no eventTime'],
    [{ ...RECORD, eventTime: '' }, 'has no eventTime'],
    [{ ...RECORD, eventTime: 'yesterday' }, `has the eventTime "yesterday", ${noOffset}`],
    [{ ...RECORD, eventTime: '2026-06-01T10:03:11' }, `has the eventTime "2026-06-01T10:03:11", ${noOffset}`],
    [{ ...RECORD, eventTime: '2026-06-01 10:03' }, `has the eventTime "2026-06-01 10:03", ${noOffset}`],
    [
      { ...RECORD, eventTime: '2026-02-30T10:03:11Z' },
      `has the eventTime "2026-02-30T10:03:11Z", ${noOffset}`,
    ],
    [{ ...RECORD, eventTime: 1780308191 }, `has the eventTime 1780308191, ${noOffset}`],
    [{ ...RECORD, eventName: null }, 'has no eventName'],
    [{ ...RECORD, eventName: '' }, 'has no eventName'],
    [{ ...RECORD, eventSource: undefined }, 'has no eventSource'],
    [{ ...RECORD, eventSource: 7, errorCode: '' }, 'has no eventSource'],
  ])('%j', (record, problem) => {
    expect(readAll(record)).toEqual({ changes: [], chains: [], unread: [{ id: 'e1', problem }] });
  });

  test.each([null, 'text', 7, [RECORD]])('%j', value => {
    const unread = [{ id: undefined, problem: 'is no JSON object' }];
    expect(readAll(value)).toEqual({ changes: [], chains: [], unread });
  });

  test('a change without an account is told, and a change', () => {
    const nobody = { recipientAccountId: undefined, userIdentity: { type: 'AWSService', invokedBy: 'x' } };
    const { changes, unread } = readAll({ ...RECORD, ...nobody });
    expect(unread).toEqual([{ id: 'e1', problem: 'has no account' }]);
    expect(changes).toHaveLength(1);
  });

  test('a call that leads on to a deploy, and whose time is none', () => {
    const issued = { credentials: { accessKeyId: 'ASIA2' } };
    const call = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', responseElements: issued };
    const { chains, unread } = readAll({ ...RECORD, ...call, readOnly: true, eventTime: 'x' });
    expect([chains.length, unread.length]).toEqual([0, 1]);
  });
});

describe('spellings that do not hide a change', () => {
  test.each([
    { errorCode: '' },
    { errorCode: ' ' },
    { errorCode: '-' },
    { errorCode: 'null' },
    { errorCode: 'None' },
    { eventCategory: '' },
    { eventSource: 'Lambda.Amazonaws.com' },
    { eventSource: ' lambda.amazonaws.com' },
    { eventSource: 'lambda.amazonaws.com.cn' },
    { readOnly: 'false' },
  ])('%j', fields =>
    expect(readAll({ ...RECORD, ...fields })).toMatchObject({ changes: [{ id: 'e1' }], unread: [] }),
  );

  test.each([
    ['2026-06-01T12:03:11+02:00', '2026-06-01T10:03:11Z'],
    ['20260601T100311Z', '2026-06-01T10:03:11Z'],
    ['2026-06-30T10:03:11.250Z', '2026-06-30T10:03:11.250Z'],
    ['2026-06-01T10:03Z', '2026-06-01T10:03:00Z'],
  ])('%s', (eventTime, time) => expect(changeOf({ eventTime })?.time).toBe(Date.parse(time)));
});

describe('what a call changed', () => {
  const bare = { responseElements: null };
  test.each<[object, string]>([
    [{ ...bare, requestParameters: { functionName: '111122223333:function:orders:live' } }, 'lambda:orders'],
    [{ ...bare, requestParameters: { functionName: `${ARN}:live` } }, 'lambda:orders'],
    [{ requestParameters: { uUID: 'x' }, responseElements: { functionArn: `${ARN}:7` } }, 'lambda:orders'],
    [{ ...bare, requestParameters: { resource: ARN } }, 'lambda:orders'],
    [
      { ...bare, requestParameters: { resource: ARN.replace('function:orders', 'layer:deps') } },
      'layer:deps',
    ],
    [{ ...bare, requestParameters: { layerName: 'deps' } }, 'layer:deps'],
    [
      {
        requestParameters: null,
        responseElements: { layerArn: ARN.replace('function:orders', 'layer:deps') },
      },
      'layer:deps',
    ],
    [{ ...bare, requestParameters: null }, 'lambda:?'],
    [{ ...bare, requestParameters: null, resources: [{ ARN }] }, 'lambda:orders'],
    [{ ...bare, requestParameters: { functionName: 'not a name' } }, 'lambda:not%20a%20name'],
    [
      {
        ...bare,
        eventSource: 'ecs.amazonaws.com',
        eventName: 'UpdateService',
        requestParameters: { cluster: 'c', serviceName: 's' },
      },
      'ecs:c/s',
    ],
    [
      {
        ...bare,
        eventSource: 'cloudformation.amazonaws.com',
        eventName: 'UpdateStack',
        requestParameters: { stackName: 'shop' },
      },
      'stack:shop',
    ],
  ])('%j', (fields, component) => expect(changeOf(fields)?.component).toBe(component));

  test('a call to CloudFormation tells stack and service role', () => {
    const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0a1b2c3d';
    const roleARN = 'arn:aws:iam::111122223333:role/path/cfn';
    const asked = { stackName: stackId, roleARN };
    const cloudFormation = { eventSource: 'cloudformation.amazonaws.com', eventName: 'ExecuteChangeSet' };
    expect(changeOf({ ...cloudFormation, requestParameters: asked, responseElements: null })).toMatchObject({
      component: 'stack:shop',
      stack: { name: 'shop', serviceRole: 'cfn' },
    });
    const byId = { requestParameters: { changeSetName: 'c' }, responseElements: { stackId } };
    expect(changeOf({ ...cloudFormation, ...byId })?.stack).toEqual({
      name: 'shop',
      serviceRole: undefined,
      changeSetName: 'c',
    });
  });

  test.each<[string, object, boolean]>([
    ['CreateChangeSet', {}, true],
    ['CreateChangeSet', { changeSetType: 'UPDATE' }, true],
    ['CreateChangeSet', { changeSetType: 'CREATE' }, false],
    ['CreateChangeSet', { changeSetType: 'IMPORT' }, false],
    ['DeleteChangeSet', {}, true],
    ['ExecuteChangeSet', {}, false],
    ['UpdateStack', {}, false],
  ])('%s %j only prepares: %s', (eventName, fields, prepares) => {
    const asked = { stackName: 'shop', changeSetName: 'c', ...fields };
    const call = { eventSource: 'cloudformation.amazonaws.com', eventName, requestParameters: asked };
    expect(changeOf({ ...call, responseElements: null })?.stack?.prepares ?? false).toBe(prepares);
  });

  test.each([
    ['wafv2', { name: 'edge', scope: 'CLOUDFRONT' }, true],
    ['wafv2', { name: 'edge', scope: 'REGIONAL' }, false],
    ['iam', { roleName: 'a' }, true],
    ['lambda', { functionName: 'orders' }, false],
  ])('a call to %s with %j is global: %s', (service, requestParameters, global) => {
    const found = changeOf({ eventSource: `${service}.amazonaws.com`, requestParameters });
    expect(found && isGlobal(found)).toBe(global);
  });

  test('what costs is recorded in one Region, too', () => {
    const services = ['budgets', 'ce', 'cur', 'sns'];
    expect(services.filter(service => isGlobal({ service }))).toEqual(services.slice(0, -1));
  });

  test.each<[object, string | undefined]>([
    [{ eventName: 'PublishVersion20150331', responseElements: { functionArn: ARN, version: '7' } }, '7'],
    [{}, undefined],
    [
      {
        eventName: 'UpdateAlias20150331',
        requestParameters: { functionName: 'orders', functionVersion: '7' },
      },
      '7',
    ],
    [
      {
        eventName: 'UpdateAlias20150331',
        requestParameters: {
          functionName: 'orders',
          functionVersion: '6',
          routingConfig: { additionalVersionWeights: { 7: 0.1 } },
        },
      },
      '7',
    ],
  ])('the version of %j', (fields, version) => expect(changeOf(fields)?.version).toBe(version));
});

test('a call that names several things has one component and others', () => {
  const eventSource = 'ssm.amazonaws.com';
  const several = {
    eventSource,
    eventName: 'DeleteParameters',
    requestParameters: { names: ['a', 'b', 'c'] },
  };
  expect(changeOf(several)).toMatchObject({ component: 'ssm:a', others: ['ssm:b', 'ssm:c'] });
  expect(changeOf({ ...several, requestParameters: { names: ['a'] } })?.others).toBeUndefined();
});

describe('who made it', () => {
  test('the source address tells a service where invokedBy is missing', () => {
    expect(changeOf({ sourceIPAddress: 'cloudformation.amazonaws.com' })?.actor.via).toBe('cloudformation');
    // The same identity with another address is another actor.
    const vias = read(RECORD, { ...RECORD, sourceIPAddress: 'cloudformation.amazonaws.com' }).changes.map(
      ({ actor }) => actor.via,
    );
    expect(vias).toEqual([undefined, 'cloudformation']);
  });

  test('changes of one actor share it', () => {
    const [first, second] = read(RECORD, structuredClone(RECORD)).changes;
    expect(first?.actor).toBe(second?.actor);
  });
});

test('AssumeRole calls of every kind are chains, and no changes', () => {
  const sts = {
    ...RECORD,
    eventSource: 'sts.amazonaws.com',
    readOnly: true,
    responseElements: { credentials: { accessKeyId: 'ASIA2' } },
  };
  const { changes, chains } = read(
    ...['AssumeRole', 'AssumeRoleWithWebIdentity', 'AssumeRoleWithSAML'].map(eventName => ({
      ...sts,
      eventName,
    })),
    { ...sts, eventName: 'GetSessionToken' },
    { ...sts, eventName: 'AssumeRole', errorCode: 'AccessDenied' },
    { ...sts, eventName: 'AssumeRole', responseElements: null },
  );
  expect(changes).toEqual([]);
  expect(chains.map(({ accessKeyId, caller }) => [accessKeyId, caller.accessKeyId])).toEqual([
    ['ASIA2', 'ASIA1'],
    ['ASIA2', 'ASIA1'],
    ['ASIA2', 'ASIA1'],
  ]);
});

test('who clicked is told apart from whom the session belongs to, record by record', () => {
  const { arn, ...rest } = RECORD.userIdentity;
  const bare = { ...RECORD, userIdentity: { ...rest, principalId: 'AROA1:ci-prod-a1b2c3d' } };
  const clicked = { sessionCredentialFromConsole: 'true' };
  const other = { userIdentity: { ...bare.userIdentity, principalId: 'AROA1:other' } };
  const { changes } = read(
    ...[RECORD, { ...RECORD, ...clicked }, RECORD, { ...RECORD, sessionCredentialFromConsole: true }],
    ...[bare, { ...bare, ...clicked }, { ...bare, ...other }, bare],
  );
  expect(changes.map(({ actor }) => `${actor.kind} ${actor.session}`)).toEqual([
    ...['session', 'console', 'session', 'console'].map(kind => `${kind} ci-prod-a1b2c3d`),
    ...['session ci-prod-a1b2c3d', 'console ci-prod-a1b2c3d', 'session other', 'session ci-prod-a1b2c3d'],
  ]);
  expect(changes[4]?.actor).toBe(changes[7]?.actor);
  expect(arn).toContain('ci-prod');
});

test('a role that is taken in the console leads to a person, even without a session', () => {
  const taken = {
    ...RECORD,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    readOnly: true,
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/bob' },
    responseElements: { credentials: { accessKeyId: 'ASIA2' } },
  };
  expect(read(taken).chains).toEqual([]);
  const { chains } = read({ ...taken, sessionCredentialFromConsole: 'true' });
  expect(chains.map(({ caller }) => caller.fromConsole)).toEqual([true]);
});

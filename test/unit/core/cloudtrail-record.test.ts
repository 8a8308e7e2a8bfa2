import { describe, expect, test } from 'vitest';
import type { Change, RoleChain } from '../../../src/core/change.ts';
import { actionName, createRecordReader } from '../../../src/core/cloudtrail-record.ts';
import { matchesAny } from '../../../src/core/name-pattern.ts';

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
  const changes: Change[] = [];
  const chains: RoleChain[] = [];
  const interests = {
    services: ['lambda', 'cloudformation', 'ecs', 'iam', 'ssm', 'sqs'],
    isHumanRole: matchesAny(['Admin*']),
  };
  const sink = {
    change: (change: Change) => changes.push(change),
    chain: (chain: RoleChain) => chains.push(chain),
  };
  const take = createRecordReader(interests, sink);
  for (const record of records) take(record);
  return { changes, chains };
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
    ['a record without a time', { ...RECORD, eventTime: undefined }],
    ['a record whose time is none', { ...RECORD, eventTime: 'yesterday' }],
    ['a record without a name', { ...RECORD, eventName: null }],
    ['null', null],
    ['text', 'text'],
    ['a list', [RECORD]],
  ])('%s', (_, record) => expect(read(record)).toEqual({ changes: [], chains: [] }));

  test('but errorCode null, and no word of readOnly, are no reason', () => {
    expect(changeOf({ errorCode: null, readOnly: undefined })?.id).toBe('e1');
    expect(changeOf({ readOnly: null, managementEvent: undefined, eventCategory: undefined })?.id).toBe('e1');
  });
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
    expect(changeOf({ ...cloudFormation, ...byId })?.stack).toEqual({ name: 'shop', serviceRole: undefined });
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

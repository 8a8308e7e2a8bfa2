import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createThingReader } from '../../../../src/core/change/things.ts';
import { isComponent } from '../../../../src/core/component/component.ts';
import { componentKey } from '../../../../src/core/component/key.ts';
import { SERVICES } from '../../../../src/core/services/table.ts';
import { serviceCalls } from '../../../trail-world/service-calls.ts';
import { APP_CALLS } from '../services/app-calls.ts';
import { CODE_CALLS } from './code-calls.ts';
import { JOINT_CALLS } from './joint-calls.ts';
import { MACHINE_CALLS } from './machine-calls.ts';
import { arn, callsTo, type SampleCall } from './sample-calls.ts';
import { STORE_CALLS } from './store-calls.ts';
import { TRAFFIC_CALLS } from './traffic-calls.ts';

const CALLS = [
  ...CODE_CALLS,
  ...TRAFFIC_CALLS,
  ...STORE_CALLS,
  ...APP_CALLS,
  ...JOINT_CALLS,
  ...MACHINE_CALLS,
];
const CALLER = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/caller', userName: 'caller' };
const read = createThingReader();

function thingsOf({
  service,
  action,
  asked,
  answered = null,
  resources = [],
}: SampleCall): readonly string[] {
  const record = { requestParameters: asked, responseElements: answered, resources, userIdentity: CALLER };
  return read(service, action, record);
}

/** The same value with the keys of all objects in another order, and nulls between them. */
function shaken(
  value: unknown,
  order: (keys: readonly string[]) => readonly string[],
  withNulls: boolean,
): unknown {
  if (Array.isArray(value)) return value.map(each => shaken(each, order, withNulls));
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map(Object.entries(value));
  const names = order([...fields.keys(), ...(withNulls ? ['nothing', 'otherName', 'someId', 'anyArn'] : [])]);
  return Object.fromEntries(names.map(name => [name, shaken(fields.get(name) ?? null, order, withNulls)]));
}

function shakenCall(
  call: SampleCall,
  order: (keys: readonly string[]) => readonly string[],
  withNulls: boolean,
): SampleCall {
  const shake = (value: object | null): object | null =>
    value === null ? null : Object(shaken(value, order, withNulls));
  return { ...call, asked: shake(call.asked), answered: shake(call.answered ?? null) };
}

describe('what a call changed', () => {
  test.each(
    CALLS.map(call => [`${call.service} ${call.action} ${JSON.stringify(call.asked)}`, call] as const),
  )('%s', (_, call) => {
    expect(thingsOf(call)).toEqual(call.things);
    expect(thingsOf(shakenCall(call, keys => keys.toReversed(), false))).toEqual(call.things);
  });

  test('whatever the order of keys, and whatever nulls are between them', () => {
    const orders = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(fc.constantFrom(...CALLS), orders, fc.boolean(), (call, numbers, withNulls) => {
        const order = (keys: readonly string[]): string[] =>
          keys
            .map(key => ({ key, at: numbers.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ key }) => key);
        expect(thingsOf(shakenCall(call, order, withNulls))).toEqual(call.things);
      }),
      { numRuns: 2000 },
    );
  });

  test('whether a call names it by its name or by its ARN, and however a marker does', () => {
    const place = { account: '111122223333', region: 'eu-west-1' };
    const wrap = (value: unknown, names: readonly string[], to: string): unknown => {
      if (typeof value === 'string') return names.includes(value) ? to : value;
      if (Array.isArray(value)) return value.map(each => wrap(each, names, to));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, wrap(each, names, to)]));
    };
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/), suffix => {
        for (const { calls, arn: whole } of serviceCalls(place, base => `${base}-${suffix}`)) {
          for (const { service, name: action, request, response, component } of calls) {
            const own = component.slice(component.indexOf(':') + 1);
            const names = [own, own.slice(own.lastIndexOf('/') + 1), own.toUpperCase()];
            const asked = Object(wrap(request, names, whole.replace(/:\*$/, '')));
            const call = { service, action, asked, answered: response, things: [] };
            expect([action, ...thingsOf(call)]).toEqual([action, component]);
            expect(componentKey(whole)).toBe(component);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('every service of the table has a call', () => {
    const named = new Set(CALLS.map(({ service }) => service));
    expect(SERVICES.map(({ name }) => name).filter(name => !named.has(name))).toEqual([]);
  });

  test.each(CALLS.flatMap(({ things }) => things).filter(thing => !thing.endsWith(':?')))(
    '%s can be given as a component, and stays what it is',
    thing => {
      expect(isComponent(thing)).toBe(true);
      expect(componentKey(thing)).toBe(thing);
    },
  );
});

describe('where nothing in what was asked names the thing', () => {
  const resources = [
    { type: 'AWS::IAM::Role', ARN: 'arn:aws:iam::111122223333:role/app' },
    { ARN: arn('sqs', 'jobs'), accountId: '111122223333' },
  ];
  test.each<SampleCall>([
    { service: 'sqs', action: 'Anything', asked: { tags: {} }, resources, things: ['sqs:jobs'] },
    { service: 'sqs', action: 'Anything', asked: { roleName: 'x', keyId: 'k' }, things: ['sqs:?'] },
    { service: 'databrew', action: 'Anything', asked: {}, resources, things: ['databrew:?'] },
    {
      service: 's3',
      action: 'Anything',
      asked: { bucketName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      things: ['s3:?'],
    },
  ])('$service $asked $resources', call => expect(thingsOf(call)).toEqual(call.things));
});

describe('a service that is not in the table', () => {
  const job = arn('databrew', 'job/etl');
  test.each([
    ...callsTo('databrew', [
      ['UpdateJob', { role: 'app', jobName: 'etl' }, 'etl'],
      ['StartJobRun', { workerType: 'x', jobName: 'etl', securityConfigurationName: 's' }, 'etl'],
      ['CreateJob', { role: 'app', name: 'etl' }, 'etl'],
      ['PutThing', { roleName: 'a', userName: 'b', attributeName: 'c', keyId: 'd' }, '?'],
      ['UpdatePolicy', { policy: '{}' }, '?'],
      ['AttachSchema', { schemaName: 's', target: 't' }, '?'],
      ['StopJobs', { jobNames: [] }, '?'],
    ]),
    ...callsTo('databrew', [['TagResource', { tagsToAdd: {}, resourceArn: job }, job]]),
    {
      service: 'databrew',
      action: 'UpdateJob',
      asked: { jobName: 'etl' },
      resources: [{ ARN: job }],
      things: [job],
    },
  ])('$action $asked', call => {
    expect(thingsOf(call)).toEqual(call.things);
    expect(thingsOf(shakenCall(call, keys => keys.toReversed(), false))).toEqual(call.things);
  });
});

describe('an ARN in place of a name', () => {
  // The things of one service, by name and by ARN, in a field that takes both.
  test.each([
    ['ecs', 'DeleteCluster', 'cluster', 'prod', arn('ecs', 'cluster/prod')],
    ['ecs', 'DeregisterTaskDefinition', 'taskDefinition', 'web:8', arn('ecs', 'task-definition/web:8')],
    ['dynamodb', 'UpdateTable', 'tableName', 'orders', arn('dynamodb', 'table/orders')],
    ['ssm', 'PutParameter', 'name', '/a/b', arn('ssm', 'parameter/a/b')],
    ['ssm', 'PutParameter', 'name', 'a', arn('ssm', 'parameter/a')],
    ['secretsmanager', 'PutSecretValue', 'secretId', 'a/b', arn('secretsmanager', 'secret:a/b-Zy8xW7')],
    ['kms', 'EnableKey', 'keyId', '0a-1b', arn('kms', 'key/0a-1b')],
    ['kms', 'EnableKey', 'keyId', 'alias/app', arn('kms', 'alias/app')],
    ['logs', 'PutIndexPolicy', 'logGroupIdentifier', '/a/b', arn('logs', 'log-group:/a/b')],
    ['lambda', 'UpdateFunctionCode', 'functionName', 'orders', arn('lambda', 'function:orders:live')],
    ['events', 'PutTargets', 'rule', 'nightly', arn('events', 'rule/nightly')],
    ['cloudtrail', 'StopLogging', 'name', 'org', arn('cloudtrail', 'trail/org')],
  ])('%s %s', (service, action, field, name, text) => {
    const [byName, byArn] = [name, text].map(value =>
      thingsOf({ service, action, asked: { [field]: value }, things: [] }),
    );
    expect(byArn).toEqual(byName);
    expect(byArn).toEqual([componentKey(text)]);
  });
});

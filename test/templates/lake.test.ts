import { describe, expect, test } from 'vitest';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf, resourceOf, statementsIn } from './template-statements.ts';
import { valueAt } from './template-yaml.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/01234567-89ab-cdef-0123-456789abcdef';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/mrk-0123456789abcdef';
const WRITER = 'arn:aws:iam::444455556666:role/deploy';
const MARKER_ID = '<MarkerStore.EventDataStoreArn split by / at 1>';
const CHANGE_ID = '<ManagementStore.EventDataStoreArn split by / at 1>';

const SWITCHES = resolveCombinations('lake', {
  ExistingChannelArn: [undefined, CHANNEL],
  ExternalId: [undefined, 'acme:prod'],
  WriterArns: [undefined, `${WRITER},arn:aws:iam::777788889999:root`],
  IncludeManagementStore: ['false', 'true'],
  ManagementMultiRegion: ['false', 'true'],
  BillingMode: ['EXTENDABLE_RETENTION_PRICING', 'FIXED_RETENTION_PRICING'],
  KmsKeyArn: [undefined, KEY],
  RetentionDays: ['731'],
});

describe('every combination of switches', () => {
  test('there are as many as the switches make', () => {
    expect(SWITCHES).toHaveLength(2 ** 7);
  });

  test('keeps markers in one store of one Region and one account, of integration events alone', () => {
    for (const { template } of SWITCHES) {
      expect(propertiesOf(template, 'MarkerStore')).toMatchObject({
        AdvancedEventSelectors: [
          { FieldSelectors: [{ Field: 'eventCategory', Equals: ['ActivityAuditLog'] }] },
        ],
        MultiRegionEnabled: false,
        OrganizationEnabled: false,
      });
    }
  });

  test('protects every store, and gives each the retention, billing and key that were asked for', () => {
    for (const { parameters, template } of SWITCHES) {
      const stores = idsOfType(template, 'AWS::CloudTrail::EventDataStore');
      expect(stores).toHaveLength(parameters['IncludeManagementStore'] === 'true' ? 2 : 1);
      for (const store of stores) {
        expect(resourceOf(template, store)).toMatchObject({
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
        });
        const properties = propertiesOf(template, store);
        expect(properties).toMatchObject({
          TerminationProtectionEnabled: true,
          OrganizationEnabled: false,
          RetentionPeriod: '731',
          BillingMode: parameters['BillingMode'],
        });
        expect(properties['KmsKeyId']).toBe(parameters['KmsKeyArn']);
      }
    }
  });

  test('makes one channel of source Custom into the marker store, unless there is one', () => {
    for (const { parameters, template } of SWITCHES) {
      const isGiven = parameters['ExistingChannelArn'] !== undefined;
      expect(idsOfType(template, 'AWS::CloudTrail::Channel')).toEqual(isGiven ? [] : ['Channel']);
      expect(outputOf(template, 'ChannelArn')).toBe(isGiven ? CHANNEL : '<Channel.ChannelArn>');
      if (isGiven) {
        expect(outputOf(template, 'ConnectChannel')).toBe(
          `aws cloudtrail update-channel --channel ${CHANNEL} --destinations Type=EVENT_DATA_STORE,Location=<MarkerStore.EventDataStoreArn>`,
        );
        continue;
      }
      expect(outputOf(template, 'ConnectChannel')).toBeUndefined();
      expect(propertiesOf(template, 'Channel')).toMatchObject({
        Source: 'Custom',
        Destinations: [{ Type: 'EVENT_DATA_STORE', Location: '<MarkerStore.EventDataStoreArn>' }],
      });
    }
  });

  test('gives the channel a policy only where an external ID or another account needs one, for PutAuditEvents on it alone', () => {
    for (const { parameters, template } of SWITCHES) {
      const { ExternalId: externalId, WriterArns: writers, ExistingChannelArn: given } = parameters;
      const channel = given ?? '<Channel.ChannelArn>';
      const policies = idsOfType(template, 'AWS::CloudTrail::ResourcePolicy').map(id =>
        propertiesOf(template, id),
      );
      if (externalId === undefined && writers === undefined) {
        expect(policies).toEqual([]);
        continue;
      }
      expect(policies.map(policy => policy['ResourceArn'])).toEqual([channel]);
      expect(statementsIn(policies[0])).toEqual([
        {
          Sid: 'WriteMarkers',
          Effect: 'Allow',
          Principal: { AWS: writers === undefined ? 'arn:aws:iam::111122223333:root' : writers.split(',') },
          Action: 'cloudtrail-data:PutAuditEvents',
          Resource: channel,
          ...(externalId === undefined
            ? {}
            : { Condition: { StringEquals: { 'cloudtrail:ExternalId': externalId } } }),
        },
      ]);
      expect(outputOf(template, 'ExternalId')).toBe(externalId);
    }
  });

  test('names stores and channel after stack and stack id, and hands the stores to audit-role', () => {
    for (const { parameters, template } of SWITCHES) {
      const hasChanges = parameters['IncludeManagementStore'] === 'true';
      const names = Object.entries(template.resources).flatMap(([id, { Properties: properties }]) => {
        const name = valueAt(properties, 'Name');
        return name === undefined ? [] : [[id, name]];
      });
      expect(Object.fromEntries(names)).toEqual({
        MarkerStore: 'stack-markers-0242ac120002',
        ...(parameters['ExistingChannelArn'] === undefined ? { Channel: 'stack-markers-0242ac120002' } : {}),
        ...(hasChanges ? { ManagementStore: 'stack-changes-0242ac120002' } : {}),
      });
      expect(outputOf(template, 'MarkerStoreArn')).toBe('<MarkerStore.EventDataStoreArn>');
      const changes = hasChanges ? '<ManagementStore.EventDataStoreArn>' : undefined;
      expect(outputOf(template, 'ChangeStoreArn')).toBe(changes);
    }
  });

  test('hands out the variables of what it made', () => {
    for (const { parameters, template } of SWITCHES) {
      const hasChanges = parameters['IncludeManagementStore'] === 'true';
      const variables = Object.values(template.outputs).flatMap(({ Description: text, Value: value }) => {
        const variable = /^Set as (\w+): /.exec(String(text))?.[1];
        return variable === undefined ? [] : [[variable, value]];
      });
      expect(Object.fromEntries(variables)).toEqual({
        DEPLOY_MARKER_CHANNEL_ARN: parameters['ExistingChannelArn'] ?? '<Channel.ChannelArn>',
        DEPLOY_MARKER_MARKER_STORE: MARKER_ID,
        DEPLOY_MARKER_MARKERS: `lake:${MARKER_ID}`,
        ...(parameters['ExternalId'] === undefined
          ? {}
          : { DEPLOY_MARKER_EXTERNAL_ID: parameters['ExternalId'] }),
        ...(hasChanges
          ? { DEPLOY_MARKER_CHANGE_STORE: CHANGE_ID, DEPLOY_MARKER_CHANGES: `lake:${CHANGE_ID}` }
          : {}),
      });
    }
  });
});

describe('the management store', () => {
  const template = resolveTemplate('lake', { IncludeManagementStore: 'true' });
  const { AdvancedEventSelectors: selectors } = propertiesOf(template, 'ManagementStore');
  const fields = (Array.isArray(selectors) ? selectors : []).map(selector =>
    valueAt(selector, 'FieldSelectors'),
  );

  test('takes in writes of Lambda and CloudFormation, and every assumed session though CloudTrail calls that a read', () => {
    const management = { Field: 'eventCategory', Equals: ['Management'] };
    const write = { Field: 'readOnly', Equals: ['false'] };
    expect(fields).toEqual([
      [management, { Field: 'eventSource', Equals: ['lambda.amazonaws.com'] }, write],
      [management, { Field: 'eventSource', Equals: ['cloudformation.amazonaws.com'] }, write],
      [
        management,
        { Field: 'eventSource', Equals: ['sts.amazonaws.com'] },
        { Field: 'eventName', StartsWith: ['AssumeRole'] },
      ],
    ]);
    expect(fields.length).toBeLessThanOrEqual(5);
  });

  test('takes in all Regions unless that is switched off', () => {
    expect(propertiesOf(template, 'ManagementStore')['MultiRegionEnabled']).toBe('true');
    const single = resolveTemplate('lake', {
      IncludeManagementStore: 'true',
      ManagementMultiRegion: 'false',
    });
    expect(propertiesOf(single, 'ManagementStore')['MultiRegionEnabled']).toBe('false');
  });
});

test('says that stores are left behind, how markers are lost, and where to look before', () => {
  const { text, parameters, outputs } = readTemplateDocument('lake');
  for (const fact of [
    'aws cloudtrail list-channels',
    'A store outlives a deleted stack, a first deploy that failed and IncludeManagementStore=false',
    'the same stack cannot make one a second time',
    'cloudtrail:UpdateEventDataStore',
    'no `--`, no `-` at its end',
  ])
    expect(text.split('AWSTemplateFormatVersion')[0]).toContain(fact);
  expect(parameters['IncludeManagementStore']?.['Description']).toMatch(/once off, it stays/);
  expect(outputs['MarkerStoreArn']?.['Description']).toBe('Pass to audit-role as MarkerStoreArn');
  expect(outputs['ChangeStoreArn']?.['Description']).toBe('Pass to audit-role as ChangeStoreArn');
});

test.each([
  ['ExistingChannelArn', 'my-channel'],
  ['ExistingChannelArn', 'arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/0'],
  ['ExternalId', 'a'],
  ['ExternalId', 'two words'],
  ['WriterArns', '*'],
  ['WriterArns', 'arn:aws:iam::*:root'],
  ['WriterArns', 'arn:aws:iam::444455556666:role/*'],
  ['WriterArns', `${WRITER},444455556666`],
  ['KmsKeyArn', 'alias/markers'],
  ['RetentionDays', '6'],
  ['RetentionDays', '3654'],
  ['IncludeManagementStore', 'yes'],
  ['BillingMode', ''],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('lake', { [name]: value })).toThrow(`refuses ${name}`);
});

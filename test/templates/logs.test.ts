import { expect, test } from 'vitest';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { propertiesOf, resourceOf } from './template-statements.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';

test('makes one protected group of the standard class, named and encrypted as asked', () => {
  const switches = resolveCombinations('logs', {
    LogGroupName: [undefined, '/deploy-marker/markers'],
    KmsKeyArn: [undefined, KEY],
    RetentionDays: [undefined, '400', '3653'],
  });
  expect(switches).toHaveLength(12);
  for (const { parameters, template } of switches) {
    expect(Object.keys(template.resources)).toEqual(['LogGroup']);
    expect(resourceOf(template, 'LogGroup')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    expect(propertiesOf(template, 'LogGroup')).toEqual({
      ...(parameters['LogGroupName'] === undefined ? {} : { LogGroupName: parameters['LogGroupName'] }),
      ...(parameters['KmsKeyArn'] === undefined ? {} : { KmsKeyId: KEY }),
      LogGroupClass: 'STANDARD',
      RetentionInDays: parameters['RetentionDays'] ?? '400',
      DeletionProtectionEnabled: true,
    });
  }
});

test('says how markers are lost, and how a key knows a group whose name nobody chose', () => {
  const { text } = readTemplateDocument('logs');
  for (const way of [
    'may not guard its streams',
    'logs:DeleteLogStream',
    'logs:PutRetentionPolicy',
    'switching the protection off',
    'disabling the key',
  ])
    expect(text.split('AWSTemplateFormatVersion')[0]).toContain(way);
  expect(text).toMatch(/# .*ArnLike arn:\S+:log-group:STACK-LogGroup-\*/);
});

test('hands out the group as sink and as the place where markers are found', () => {
  expect(resolveTemplate('logs').outputs).toMatchObject({
    LogGroupName: {
      Description: expect.stringMatching(/^Set as DEPLOY_MARKER_LOG_GROUP: /),
      Value: '<LogGroup>',
    },
    Markers: {
      Description: expect.stringMatching(/^Set as DEPLOY_MARKER_MARKERS: /),
      Value: 'logs:<LogGroup>',
    },
  });
});

test.each([
  ['RetentionDays', '365'],
  ['RetentionDays', '401'],
  ['LogGroupName', 'my group'],
  ['LogGroupName', 'group:*'],
  ['KmsKeyArn', 'arn:aws:kms:eu-west-1:111122223333:alias/logs'],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('logs', { [name]: value })).toThrow(`refuses ${name}`);
});

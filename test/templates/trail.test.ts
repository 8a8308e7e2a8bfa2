import { describe, expect, test } from 'vitest';
import { expectPrivateBucket } from './bucket-claims.ts';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf, resourceOf, statementsIn } from './template-statements.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';
const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/stack';

const SWITCHES = resolveCombinations('trail', {
  KmsKeyArn: [undefined, KEY],
  CloudWatchLogs: ['false', 'true'],
  PermissionsBoundaryArn: [undefined, BOUNDARY],
  RetentionDays: [undefined, '2557'],
});

describe('every combination of switches', () => {
  test('logs all Regions, reads among them, with log file validation, once the bucket lets it', () => {
    expect(SWITCHES).toHaveLength(16);
    for (const { parameters, template } of SWITCHES) {
      expect(resourceOf(template, 'Trail')['DependsOn']).toBe('BucketPolicy');
      const delivery = {
        CloudWatchLogsLogGroupArn: '<LogGroup.Arn>',
        CloudWatchLogsRoleArn: '<DeliveryRole.Arn>',
      };
      expect(propertiesOf(template, 'Trail')).toEqual({
        TrailName: 'stack',
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        EnableLogFileValidation: true,
        S3BucketName: '<Bucket>',
        EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
        ...(parameters['KmsKeyArn'] === undefined ? {} : { KMSKeyId: KEY }),
        ...(parameters['CloudWatchLogs'] === 'true' ? delivery : {}),
      });
    }
  });

  test('keeps the bucket private, and lets in this trail alone', () => {
    for (const { parameters, template } of SWITCHES) {
      const allowed = expectPrivateBucket(template, {
        retentionDays: parameters['RetentionDays'] ?? '400',
        kmsKeyArn: parameters['KmsKeyArn'],
      });
      const trail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
      expect(allowed).toEqual([
        {
          ...trail,
          Sid: 'TrailReadsAcl',
          Action: 's3:GetBucketAcl',
          Resource: '<Bucket.Arn>',
          Condition: { StringEquals: { 'aws:SourceArn': TRAIL } },
        },
        {
          ...trail,
          Sid: 'TrailWrites',
          Action: 's3:PutObject',
          Resource: '<Bucket.Arn>/AWSLogs/111122223333/*',
          Condition: {
            StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': TRAIL },
          },
        },
      ]);
    }
  });

  test('delivers to a protected log group only where asked, by a role that can do no more', () => {
    for (const { parameters, template } of SWITCHES) {
      const ids = ['AWS::Logs::LogGroup', 'AWS::IAM::Role'].flatMap(type => idsOfType(template, type));
      if (parameters['CloudWatchLogs'] === 'false') {
        expect(ids).toEqual([]);
        expect(outputOf(template, 'LogGroupName')).toBeUndefined();
        continue;
      }
      expect(ids).toEqual(['LogGroup', 'DeliveryRole']);
      expect(outputOf(template, 'LogGroupName')).toBe('<LogGroup>');
      expect(propertiesOf(template, 'LogGroup')).toEqual({
        RetentionInDays: parameters['RetentionDays'] ?? '400',
        DeletionProtectionEnabled: true,
        ...(parameters['KmsKeyArn'] === undefined ? {} : { KmsKeyId: KEY }),
      });
      const role = propertiesOf(template, 'DeliveryRole');
      expect(role['PermissionsBoundary']).toBe(parameters['PermissionsBoundaryArn']);
      expect(role['ManagedPolicyArns']).toBeUndefined();
      expect(statementsIn(role['AssumeRolePolicyDocument'])).toEqual([
        { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
      expect(statementsIn(role['Policies'])).toEqual([
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource:
            'arn:aws:logs:eu-west-1:111122223333:log-group:<LogGroup>:log-stream:111122223333_CloudTrail_eu-west-1*',
        },
      ]);
    }
  });
});

test('names its trail after the stack, so that the bucket policy knows it and a second stack does not clash', () => {
  const template = resolveTemplate('trail', { 'AWS::StackName': 'audit', 'AWS::Partition': 'aws-us-gov' });
  expect(propertiesOf(template, 'Trail')['TrailName']).toBe('audit');
  const [readsAcl] = statementsIn(propertiesOf(template, 'BucketPolicy'));
  expect(readsAcl?.['Condition']).toEqual({
    StringEquals: { 'aws:SourceArn': 'arn:aws-us-gov:cloudtrail:eu-west-1:111122223333:trail/audit' },
  });
});

test('says which stack names a trail cannot have, and how a key knows the group', () => {
  const { text } = readTemplateDocument('trail');
  expect(text).toMatch(/CloudTrail refuses names of two characters, with `--` or with `-` at the end/);
  expect(text).toMatch(/ArnLike,\n +# arn:\S+:log-group:STACK-LogGroup-\*/);
});

test.each([
  ['RetentionDays', '365'],
  ['KmsKeyArn', 'alias/trail'],
  ['CloudWatchLogs', ''],
  ['PermissionsBoundaryArn', 'boundary'],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('trail', { [name]: value })).toThrow(`refuses ${name}`);
});

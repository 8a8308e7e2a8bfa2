import { describe, expect, test } from 'vitest';
import { expectPrivateBucket } from './bucket-claims.ts';
import { resolveCombinations } from './parameter-combinations.ts';
import { resolveTemplate } from './template-document.ts';
import { idsOfType, propertiesOf, resourceOf } from './template-statements.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';

const SWITCHES = resolveCombinations('config', {
  ResourceTypes: [undefined, 'AWS::CloudFormation::Stack,AWS::Lambda::Function,AWS::IAM::Role'],
  CreateServiceLinkedRole: ['true', 'false'],
  KmsKeyArn: [undefined, KEY],
  RetentionDays: [undefined, '731'],
});

describe('every combination of switches', () => {
  test('records the chosen types and no others, under the service-linked role', () => {
    expect(SWITCHES).toHaveLength(16);
    for (const { parameters, template } of SWITCHES) {
      const isMade = parameters['CreateServiceLinkedRole'] === 'true';
      const role = isMade ? '<ServiceLinkedRole>' : 'AWSServiceRoleForConfig';
      const types = parameters['ResourceTypes'] ?? 'AWS::CloudFormation::Stack,AWS::Lambda::Function';
      expect(propertiesOf(template, 'Recorder')).toEqual({
        RoleARN: `arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/${role}`,
        RecordingGroup: {
          AllSupported: false,
          IncludeGlobalResourceTypes: false,
          ResourceTypes: types.split(','),
        },
      });
    }
  });

  test('makes the service-linked role only where asked, and keeps it for other Regions; no role of its own', () => {
    for (const { parameters, template } of SWITCHES) {
      const isMade = parameters['CreateServiceLinkedRole'] === 'true';
      expect(idsOfType(template, 'AWS::IAM::Role')).toEqual([]);
      expect(idsOfType(template, 'AWS::IAM::ServiceLinkedRole')).toEqual(isMade ? ['ServiceLinkedRole'] : []);
      if (!isMade) continue;
      expect(resourceOf(template, 'ServiceLinkedRole')).toMatchObject({
        // A first deploy that fails must not leave a role that makes the second fail.
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: { AWSServiceName: 'config.amazonaws.com' },
      });
    }
  });

  test('keeps the bucket private, and lets in AWS Config for this account alone', () => {
    for (const { parameters, template } of SWITCHES) {
      const allowed = expectPrivateBucket(template, {
        retentionDays: parameters['RetentionDays'] ?? '400',
        kmsKeyArn: parameters['KmsKeyArn'],
      });
      const config = { Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' } };
      expect(allowed).toEqual([
        {
          ...config,
          Sid: 'ConfigChecksBucket',
          Action: ['s3:GetBucketAcl', 's3:ListBucket'],
          Resource: '<Bucket.Arn>',
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        },
        {
          ...config,
          Sid: 'ConfigWrites',
          Action: 's3:PutObject',
          Resource: '<Bucket.Arn>/AWSLogs/111122223333/Config/*',
          Condition: {
            StringEquals: {
              's3:x-amz-acl': 'bucket-owner-full-control',
              'aws:SourceAccount': '111122223333',
            },
          },
        },
      ]);
      expect(propertiesOf(template, 'DeliveryChannel')).toEqual({
        S3BucketName: '<Bucket>',
        ...(parameters['KmsKeyArn'] === undefined ? {} : { S3KmsKeyArn: KEY }),
      });
    }
  });
});

test('makes the delivery channel after the bucket policy, and neither channel nor recorder waits for the other', () => {
  const { resources } = resolveTemplate('config');
  expect(resources['DeliveryChannel']?.['DependsOn']).toBe('BucketPolicy');
  expect(JSON.stringify(resources['DeliveryChannel'])).not.toContain('Recorder');
  expect(JSON.stringify(resources['Recorder'])).not.toContain('DeliveryChannel');
});

test.each([
  ['ResourceTypes', ''],
  ['ResourceTypes', 'lambda'],
  ['ResourceTypes', 'AWS::Lambda::*'],
  ['CreateServiceLinkedRole', 'maybe'],
  ['RetentionDays', '29'],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('config', { [name]: value })).toThrow(`refuses ${name}`);
});

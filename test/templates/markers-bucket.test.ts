import { expect, test } from 'vitest';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { propertiesOf, resourceOf } from './template-statements.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';

test('makes one versioned private bucket, locked, encrypted, emptied and logged as asked', () => {
  const switches = resolveCombinations('markers-bucket', {
    BucketName: [undefined, 'acme-deploys'],
    ObjectLockMode: [undefined, 'GOVERNANCE', 'COMPLIANCE'],
    RetentionDays: [undefined, '800'],
    KmsKeyArn: [undefined, KEY],
    AccessLogBucket: [undefined, 'acme-logs'],
  });
  expect(switches).toHaveLength(48);
  for (const { parameters, template } of switches) {
    const { BucketName, ObjectLockMode, RetentionDays, KmsKeyArn, AccessLogBucket } = parameters;
    expect(Object.keys(template.resources)).toEqual(['Bucket', 'BucketPolicy']);
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    expect(resourceOf(template, 'Bucket')).toMatchObject(kept);
    expect(resourceOf(template, 'BucketPolicy')).toMatchObject(kept);
    const bucket = propertiesOf(template, 'Bucket');
    expect(bucket).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket['BucketName']).toBe(BucketName);
    expect(bucket['ObjectLockEnabled']).toBe(ObjectLockMode === undefined ? undefined : true);
    expect(bucket['ObjectLockConfiguration']).toEqual(
      ObjectLockMode === undefined
        ? undefined
        : {
            ObjectLockEnabled: 'Enabled',
            Rule: { DefaultRetention: { Mode: ObjectLockMode, Days: '400' } },
          },
    );
    expect(bucket['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        KmsKeyArn === undefined
          ? { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
          : {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
            },
      ],
    });
    expect(bucket['LoggingConfiguration']).toEqual(
      AccessLogBucket === undefined
        ? undefined
        : { DestinationBucketName: 'acme-logs', LogFilePrefix: expect.stringMatching(/\/$/) },
    );
    expect(bucket['LifecycleConfiguration']).toMatchObject({
      Rules: [{ Status: 'Enabled', ExpirationInDays: RetentionDays ?? '3653' }],
    });
  }
});

test('takes what comes encrypted on the way and makes a new object, and nothing else', () => {
  const policy = propertiesOf(resolveTemplate('markers-bucket'), 'BucketPolicy');
  expect(policy['PolicyDocument']).toMatchObject({
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      },
    ],
  });
});

test('says who can still delete markers', () => {
  const head = readTemplateDocument('markers-bucket').text.split('AWSTemplateFormatVersion')[0];
  for (const way of ['s3:BypassGovernanceRetention', 's3:DeleteObject ', 's3:DeleteObjectVersion'])
    expect(head).toContain(way);
});

test('hands out the folder as sink, as the place where markers are found, and for roles', () => {
  const { outputs } = resolveTemplate('markers-bucket', { Prefix: 'deploys/prod' });
  expect(outputs).toMatchObject({
    BucketAddress: {
      Description: expect.stringMatching(/^Set as DEPLOY_MARKER_BUCKET: /),
      Value: 's3://<Bucket>/deploys/prod',
    },
    Markers: {
      Description: expect.stringMatching(/^Set as DEPLOY_MARKER_MARKERS: /),
      Value: 's3://<Bucket>/deploys/prod',
    },
    MarkersArn: { Value: expect.stringMatching(/\/deploys\/prod\/\*$/) },
  });
});

test.each([
  ['Prefix', '/markers'],
  ['Prefix', 'markers/'],
  ['Prefix', 'a//b'],
  ['Prefix', ''],
  ['ObjectLockMode', 'governance'],
  ['BucketName', 'Acme'],
  ['BucketName', 'acme.deploys'],
  ['KmsKeyArn', 'arn:aws:kms:eu-west-1:111122223333:alias/s3'],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('markers-bucket', { [name]: value })).toThrow(`refuses ${name}`);
});

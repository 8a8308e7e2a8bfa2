import { expect } from 'vitest';
import type { ResolvedTemplate } from './resolve-template.ts';
import { propertiesOf, resourceOf, statementsIn } from './template-statements.ts';
import type { TemplateMap } from './template-yaml.ts';

/**
 * Holds `Bucket` and `BucketPolicy` to what every bucket of ours is: kept, private, versioned, encrypted, cleared in time and
 * closed to plain HTTP.
 *
 * @returns the statements of its policy that allow something
 */
export function expectPrivateBucket(
  template: ResolvedTemplate,
  options: { readonly retentionDays: string; readonly kmsKeyArn: string | undefined },
): TemplateMap[] {
  for (const id of ['Bucket', 'BucketPolicy']) {
    expect(resourceOf(template, id)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  }
  const key = options.kmsKeyArn;
  expect(propertiesOf(template, 'Bucket')).toEqual({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        key === undefined
          ? { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
          : {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            },
      ],
    },
    VersioningConfiguration: { Status: 'Enabled' },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: 'expire',
          Status: 'Enabled',
          ExpirationInDays: options.retentionDays,
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    },
  });
  const policy = propertiesOf(template, 'BucketPolicy');
  expect(policy['Bucket']).toBe('<Bucket>');
  const statements = statementsIn(policy);
  expect(statements.filter(statement => statement['Effect'] === 'Deny')).toEqual([
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['<Bucket.Arn>', '<Bucket.Arn>/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
  return statements.filter(statement => statement['Effect'] !== 'Deny');
}

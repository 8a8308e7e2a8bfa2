import { describe, expect, test } from 'vitest';
import type { OperationName } from '../../src/aws/answers/operation-errors.ts';
import { TEMPLATE_NAMES } from '../../src/core/template/names.ts';
import { readOne } from './repository.ts';

const README = (await readOne('README.md')).text;

/**
 * What IAM has to allow for each call that we make.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const ACTIONS: Readonly<Record<OperationName, string>> = {
  PutAuditEvents: 'cloudtrail-data:PutAuditEvents',
  PutLogEvents: 'logs:PutLogEvents',
  CreateLogStream: 'logs:CreateLogStream',
  StartQuery: 'cloudtrail:StartQuery',
  DescribeQuery: 'cloudtrail:DescribeQuery',
  GetQueryResults: 'cloudtrail:GetQueryResults',
  CancelQuery: 'cloudtrail:CancelQuery',
  LookupEvents: 'cloudtrail:LookupEvents',
  FilterLogEvents: 'logs:FilterLogEvents',
  ListStackResources: 'cloudformation:ListStackResources',
  Publish: 'sns:Publish',
  GetObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  ListObjectsV2: 's3:ListBucket',
  ListPublicKeys: 'cloudtrail:ListPublicKeys',
  GetChannel: 'cloudtrail:GetChannel',
  GetEventDataStore: 'cloudtrail:GetEventDataStore',
  DescribeLogGroups: 'logs:DescribeLogGroups',
  GetRole: 'iam:GetRole',
  GetCallerIdentity: 'sts:GetCallerIdentity',
  AssumeRole: 'sts:AssumeRole',
  AssumeRoleWithWebIdentity: 'sts:AssumeRoleWithWebIdentity',
};

describe('README tells', () => {
  const table = README.split('| command | IAM actions |')[1]?.split('\n\n')[0] ?? '';

  test.each(Object.entries(ACTIONS))('what allows %s: %s', (_, action) => {
    expect(table).toContain(`\`${action}\``);
  });

  test('of no action that nothing calls', () => {
    const told = table.match(/`[a-z0-9-]+:[A-Z][a-z]\w+`/g) ?? [];
    // Not calls of ours: what Lake and S3 ask on the way.
    const others = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const known = new Set([...Object.values(ACTIONS), ...others].map(action => `\`${action}\``));
    expect(told.filter(action => !known.has(action))).toEqual([]);
  });

  test('what every template makes and costs', () => {
    const templates = README.split('| template | makes |')[1]?.split('\n\n')[0] ?? '';
    expect(TEMPLATE_NAMES.filter(name => !templates.includes(`\`${name}\``))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import type { OperationName } from '../../src/aws/answers/operation-errors.ts';
import { TEMPLATE_NAMES } from '../../src/core/template/names.ts';
import { readOne } from './repository.ts';

const REFERENCE = (await readOne('src/commands/README.md')).text;
const TEMPLATES = (await readOne('src/templates/README.md')).text;
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
  StartQueryExecution: 'athena:StartQueryExecution',
  GetQueryExecution: 'athena:GetQueryExecution',
  StopQueryExecution: 'athena:StopQueryExecution',
  'athena:GetQueryResults': 'athena:GetQueryResults',
  GetTableMetadata: 'athena:GetTableMetadata',
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
  GetResourceConfigHistory: 'config:GetResourceConfigHistory',
  ListDiscoveredResources: 'config:ListDiscoveredResources',
  DescribeConfigurationRecorders: 'config:DescribeConfigurationRecorders',
  DescribeConfigurationRecorderStatus: 'config:DescribeConfigurationRecorderStatus',
  DescribeStackResources: 'cloudformation:DescribeStackResources',
  DescribeStackResourceDrifts: 'cloudformation:DescribeStackResourceDrifts',
  DetectStackDrift: 'cloudformation:DetectStackDrift',
  DescribeStackDriftDetectionStatus: 'cloudformation:DescribeStackDriftDetectionStatus',
};

/** Actions that a table tells of. */
const actionsIn = (table: string): string[] => table.match(/`[a-z0-9-]+:[A-Z][a-z]\w+`/g) ?? [];

describe('the reference tells', () => {
  const table = REFERENCE.split('| command | IAM actions |')[1]?.split('\n\n')[0] ?? '';

  test.each(Object.entries(ACTIONS))('what allows %s: %s', (_, action) => {
    expect(table).toContain(`\`${action}\``);
  });

  test('of no action that nothing calls', () => {
    // Not calls of ours: what Lake, S3, Athena and CloudFormation ask on the way.
    const others = [
      'cloudformation:DetectStackResourceDrift',
      'cloudformation:BatchDescribeTypeConfigurations',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      's3:GetBucketLocation',
      'glue:GetDatabase',
      'glue:GetTable',
      'glue:GetPartitions',
    ];
    const known = new Set([...Object.values(ACTIONS), ...others].map(action => `\`${action}\``));
    expect(actionsIn(table).filter(action => !known.has(action))).toEqual([]);
  });

  test('all that README does in short', () => {
    const short = README.split('| who | may |')[1]?.split('\n\n')[0] ?? '';
    expect(actionsIn(short).length).toBeGreaterThan(3);
    expect(actionsIn(short).filter(action => !table.includes(action))).toEqual([]);
  });

  test('of every template what it makes and costs, and its parameters', () => {
    const templates = TEMPLATES.split('| template | makes |')[1]?.split('\n\n')[0] ?? '';
    expect(TEMPLATE_NAMES.filter(name => !templates.includes(`\`${name}\``))).toEqual([]);
    expect(TEMPLATE_NAMES.filter(name => !TEMPLATES.includes(`### \`${name}\`\n`))).toEqual([]);
  });
});

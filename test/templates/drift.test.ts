import { describe, expect, test } from 'vitest';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { listOf, propertiesOf, statementsIn } from './template-statements.ts';

const READ = 'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';

const SWITCHES = resolveCombinations('drift', {
  TagKey: [undefined, 'deploy-marker'],
  MaximumExecutionFrequency: [undefined, 'One_Hour'],
  ReadPolicyArns: [undefined, `${READ},arn:aws:iam::111122223333:policy/team/read`],
  PermissionsBoundaryArn: [undefined, BOUNDARY],
});

describe('every combination of switches', () => {
  test('runs the managed rule as its role, on the tagged stacks or on all', () => {
    expect(SWITCHES).toHaveLength(16);
    for (const { parameters, template } of SWITCHES) {
      expect(propertiesOf(template, 'Rule')).toEqual({
        Description: expect.stringMatching(/^.{1,256}$/),
        Source: { Owner: 'AWS', SourceIdentifier: 'CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK' },
        InputParameters: { cloudformationRoleArn: '<Role.Arn>' },
        MaximumExecutionFrequency: parameters['MaximumExecutionFrequency'] ?? 'TwentyFour_Hours',
        Scope:
          parameters['TagKey'] === undefined
            ? { ComplianceResourceTypes: ['AWS::CloudFormation::Stack'] }
            : { TagKey: 'deploy-marker' },
      });
    }
  });

  test('trusts AWS Config for this account alone, and adds what the reader asks for', () => {
    for (const { parameters, template } of SWITCHES) {
      const role = propertiesOf(template, 'Role');
      expect(statementsIn(role['AssumeRolePolicyDocument'])).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: 'config.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } },
        },
      ]);
      expect(role['PermissionsBoundary']).toBe(parameters['PermissionsBoundaryArn']);
      expect(role['ManagedPolicyArns']).toEqual(parameters['ReadPolicyArns']?.split(','));
    }
  });
});

describe('the role', () => {
  const statements = statementsIn(propertiesOf(resolveTemplate('drift'), 'Role')['Policies']);

  test('detects drift and reads; it neither changes anything nor reads data', () => {
    const actions = statements.flatMap(statement => listOf(statement['Action']).map(String));
    expect(actions).toEqual(
      expect.arrayContaining([
        'cloudformation:DetectStackDrift',
        'cloudformation:DetectStackResourceDrift',
        'cloudformation:DescribeStackDriftDetectionStatus',
        'cloudformation:BatchDescribeTypeConfigurations',
        'lambda:GetFunction',
        'iam:GetRole',
        // What the read handlers of AWS::Lambda::Function, LayerVersionPermission and CodeSigningConfig call besides.
        'lambda:GetCodeSigningConfig',
        'lambda:GetFunctionScalingConfig',
        'lambda:GetLayerVersionPolicy',
      ]),
    );
    const harmless =
      /^(?:cloudformation:(?:Detect|Describe|BatchDescribe)|iam:(?:Get|List)|lambda:(?:Get|List)|logs:(?:Describe|Get(?!LogEvents)|List))[A-Za-z]+$/;
    expect(actions.filter(action => !harmless.test(action))).toEqual([]);
    expect(new Set(actions).size).toBe(actions.length);
  });

  test('stays in its account and Region, but for the five actions that take no resource', () => {
    expect(statements.map(statement => [statement['Sid'], statement['Resource']])).toEqual([
      ['DetectDrift', 'arn:aws:cloudformation:eu-west-1:111122223333:stack/*'],
      ['WithoutResource', '*'],
      [
        'ReadStackContents',
        [
          'arn:aws:iam::111122223333:role/*',
          'arn:aws:lambda:eu-west-1:111122223333:*',
          'arn:aws:logs:eu-west-1:111122223333:log-group:*',
        ],
      ],
    ]);
    expect(statements[1]?.['Action']).toEqual([
      'cloudformation:BatchDescribeTypeConfigurations',
      'cloudformation:DescribeStackDriftDetectionStatus',
      'logs:DescribeIndexPolicies',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
    ]);
  });
});

test('takes a value of the tag, but not without its key', () => {
  const parameters = { TagKey: 'team', TagValue: 'billing' };
  expect(propertiesOf(resolveTemplate('drift', parameters), 'Rule')['Scope']).toEqual(parameters);
  expect(() => resolveTemplate('drift', { TagValue: 'billing' })).toThrow('TagValue needs TagKey');
});

test('says that a function with a key of its own needs that key', () => {
  const { ReadPolicyArns: declaration } = readTemplateDocument('drift').parameters;
  expect(declaration?.['Description']).toMatch(/KMS keys need kms:Decrypt/);
});

test.each(['me-central-1', 'ap-south-2', 'ap-southeast-4', 'il-central-1', 'eu-south-2'])(
  'says that the rule does not exist in %s',
  region => {
    expect(readTemplateDocument('drift').text).toMatch(new RegExp(`does not exist in.*\\b${region}\\b`));
  },
);

test.each([
  ['TagKey', 'team*'],
  ['MaximumExecutionFrequency', 'Daily'],
  ['ReadPolicyArns', 'ReadOnlyAccess'],
  ['ReadPolicyArns', 'arn:aws:iam::aws:policy/*'],
])('refuses %s %s', (name, value) => {
  expect(() => resolveTemplate('drift', { [name]: value })).toThrow(`refuses ${name}`);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../../src/core/investigate/request.ts';
import {
  describePath,
  describeShown,
  hide,
  showValue,
} from '../../../../src/core/investigate/shown-value.ts';

/** Requests of services as CloudTrail has them, with a secret where the API takes one. */
const SECRET = 'hunter2-Correct-Horse-42';
const REQUESTS: readonly (readonly [string, object])[] = [
  ['PutParameter', { name: '/shop/password', type: 'SecureString', value: SECRET, description: SECRET }],
  ['PutSecretValue', { secretId: 'prod/db', secretString: SECRET, clientRequestToken: SECRET }],
  ['CreateSecret', { name: 'prod/db', secretString: `{"password":"${SECRET}"}`, secretBinary: SECRET }],
  [
    'UpdateFunctionConfiguration',
    { functionName: 'a', environment: { variables: { A: SECRET, timeout: SECRET } } },
  ],
  ['UpdateFunctionConfiguration', { functionName: 'a', description: `token ${SECRET}` }],
  [
    'RegisterTaskDefinition',
    {
      family: 'web',
      containerDefinitions: [
        {
          name: 'web',
          image: 'repo/web:1',
          environment: [{ name: 'DB_URL', value: SECRET }],
          command: ['serve', `--token=${SECRET}`],
          entryPoint: ['sh', '-c', SECRET],
          logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': SECRET, url: SECRET } },
          dockerLabels: { name: SECRET },
          healthCheck: { command: ['CMD', `curl -H ${SECRET}`] },
        },
      ],
    },
  ],
  [
    'CreateDBInstance',
    { dBInstanceIdentifier: 'db', masterUsername: 'app', masterUserPassword: SECRET, port: 5432 },
  ],
  [
    'ModifyDBInstance',
    { dBInstanceIdentifier: 'db', masterUserPassword: 12_345_678, tdeCredentialPassword: SECRET },
  ],
  ['CreateStack', { stackName: 'a', parameters: [{ parameterKey: 'Password', parameterValue: SECRET }] }],
  [
    'CreateStack',
    { stackName: 'a', templateBody: `{"x":"${SECRET}"}`, tags: [{ key: 'name', value: SECRET }] },
  ],
  ['CreateStack', { stackName: 'a', templateURL: `https://b.s3.amazonaws.com/t?X-Amz-Signature=${SECRET}` }],
  ['UpdateStage', { stageName: 'prod', variables: { name: SECRET, id: SECRET } }],
  [
    'PutIntegration',
    { uri: `https://app:${SECRET}@example.com`, requestParameters: { 'header.Authorization': SECRET } },
  ],
  [
    'CreateConnection',
    { name: 'x', authParameters: { apiKeyAuthParameters: { apiKeyName: 'k', apiKeyValue: SECRET } } },
  ],
  ['RunInstances', { imageId: 'ami-1', userData: SECRET, instanceType: 't3.micro' }],
  ['CreateUser', { userName: 'bob', password: SECRET }],
  ['UpdateLoginProfile', { userName: 'bob', newPassword: SECRET }],
  [
    'CreateProject',
    { name: 'x', environment: { environmentVariables: [{ name: 'T', value: SECRET, type: 'PLAINTEXT' }] } },
  ],
  [
    'CreateProject',
    {
      name: 'x',
      source: { location: `https://oauth2:${SECRET}@git.example.com/a.git`, auth: { resource: SECRET } },
    },
  ],
  [
    'CreateStateMachine',
    { name: 'x', definition: `{"a":"${SECRET}"}`, roleArn: 'arn:aws:iam::111122223333:role/x' },
  ],
  [
    'PutTargets',
    { rule: 'x', targets: [{ id: '1', arn: 'arn:aws:sqs:eu-west-1:111122223333:q', input: SECRET }] },
  ],
  ['CreateCluster', { name: 'x', configuration: { credentials: SECRET } }],
  [
    'UpdateAssumeRolePolicy',
    {
      roleName: 'x',
      policyDocument: `{"Statement":[{"Effect":"Allow","Condition":{"StringEquals":{"sts:ExternalId":"${SECRET}"}}}]}`,
    },
  ],
  ['ImportKeyMaterial', { keyId: '0a1b', importToken: SECRET, encryptedKeyMaterial: SECRET }],
  ['SetRepositoryPolicy', { repositoryName: 'x', policyText: `"${SECRET}"` }],
  ['Unknown', { somethingNew: SECRET, nested: { deeper: [{ whatever: SECRET }] }, list: [SECRET] }],
  [
    'Unknown',
    {
      [`Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.${SECRET}`]: 'x',
      name: `ghp_${SECRET}`,
      id: `https://u:${SECRET}@x`,
    },
  ],
];

describe('what a call asked for', () => {
  test.each(REQUESTS)('no secret of %s %o', (_, request) => {
    const told = JSON.stringify(readRequest(request));
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('12345678');
  });

  test('what is worth knowing is told', () => {
    const told = readRequest({
      functionName: 'orders',
      timeout: 300,
      layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:deps:3'],
      vpcConfig: { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: [] },
      tracingConfig: { mode: 'Active' },
      dryRun: false,
      environment: { variables: { STAGE: 'prod' } },
    });
    expect(told?.fields.map(each => `${each.path} ${describeShown(each)}`)).toEqual([
      'functionName orders',
      'timeout 300',
      'layers [arn:aws:lambda:eu-west-1:111122223333:layer:deps:3]',
      'vpcConfig.subnetIds [subnet-1, subnet-2]',
      'vpcConfig.securityGroupIds []',
      'tracingConfig.mode Active',
      'dryRun false',
      'environment.variables.STAGE (4 characters)',
    ]);
  });

  test('many fields are counted', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, rank) => [`field${rank}Id`, 'x']));
    expect(readRequest(many)).toMatchObject({ fields: { length: 60 }, more: 40 });
    expect(readRequest(null)).toBeUndefined();
    expect(readRequest({})).toEqual({ fields: [], more: 0 });
  });

  test('nothing that somebody can send breaks it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), value => {
        const told = readRequest(value);
        if (told !== undefined) JSON.stringify(told);
      }),
    );
    let deep: object = {};
    for (let i = 0; i < 5000; i += 1) deep = { a: deep };
    expect(readRequest(deep)).toBeDefined();
    expect(
      readRequest(JSON.parse('{"__proto__":{"polluted":"x"},"constructor":{"name":"y"}}')),
    ).toBeDefined();
    expect('polluted' in {}).toBe(false);
  });
});

describe('a value', () => {
  test('in a map whose names somebody chose is never told, whatever it is called', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('id', 'name', 'timeout', 'region', 'status', 'A'),
        fc.string({ minLength: 1 }),
        (name, text) => {
          for (const map of ['variables', 'tags', 'Parameters', 'stageVariables', 'labels', 'Environment'])
            expect(showValue([map, name], text)).not.toHaveProperty('value');
        },
      ),
    );
  });

  test('tags that only AWS can write are told', () => {
    expect(showValue(['tags', 'aws:cloudformation:stack-name'], 'shop')).toEqual({ value: 'shop' });
  });

  test.each([
    ['password', 'x'],
    ['masterUserPassword', 1234],
    ['accessKeyId', 'AKIA5EXAMPLE2EXAMPLE'],
    ['value', 1234],
    ['userName', 'AKIA5EXAMPLE2EXAMPLE'],
    ['name', 'password=hunter2'],
    ['location', 'https://u:p@host/x'],
    ['imageUri', 'user:pass@registry/x'],
    ['name', 'aB3dE5fG7hI9jK1lM3nO5pQ7'],
    ['name', 'a\nb'],
    ['secretName', '-----BEGIN PRIVATE KEY-----'],
  ])('%s %j is not told', (name, value) => {
    expect(showValue([name], value)).not.toHaveProperty('value');
  });

  test.each([
    ['functionName', 'orders-stack-MyFunction-1A2B3C4D5E6F7'],
    ['codeSha256', 'mVx2mYtlVnG0WX2yuP3pDqkbCYlCjLWH2Ow0k0YDfJk='],
    ['Timeout', 30],
    ['secretId', 'prod/db'],
    ['handler', 'index.handler'],
    ['somethingNew', true],
    ['whatever', 'arn:aws:sns:eu-west-1:111122223333:topic'],
    ['x', null],
  ])('%s %j is told', (name, value) => {
    expect(showValue([name], value)).toEqual({ value });
  });

  test('that is hidden has a length, and a digest unless it is short enough to be guessed', () => {
    expect(hide('short')).toEqual({ characters: 5 });
    expect(hide('größer als 8')).toEqual({ characters: 12, sha256: expect.stringMatching(/^[0-9a-f]{8}$/) });
  });

  test('paths are unambiguous', () => {
    expect(describePath(['a', 'b.c', 'd'])).toBe('a["b.c"].d');
  });
});

test('what CloudTrail leaves out is not told as if it had been emptied', () => {
  const request = readRequest({ functionName: 'a', environment: {}, layers: [] });
  expect(request?.fields).toEqual([
    { path: 'functionName', value: 'a' },
    { path: 'environment', value: '(nothing of it is recorded)' },
    { path: 'layers', value: [] },
  ]);
});

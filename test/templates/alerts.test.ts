import { describe, expect, it } from 'vitest';
import { takesEvent } from './event-pattern.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf, statementsIn } from './template-statements.ts';
import { type TemplateMap, toMap, valueAt } from './template-yaml.ts';

const ROLES = { DeployRoleNames: 'deploy,ship', ServiceRoleNames: 'cdk-cfn-exec-role' };

function patternFor(parameters: Record<string, string>): TemplateMap {
  return toMap(propertiesOf(resolveTemplate('alerts', parameters), 'Rule')['EventPattern']);
}

function prefixesFor(parameters: Record<string, string>): unknown {
  return valueAt(
    patternFor(parameters),
    'detail',
    '$or',
    0,
    'userIdentity',
    'arn',
    0,
    'anything-but',
    'prefix',
  );
}

const session = (role: string, name: string, account = '111122223333'): TemplateMap => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
});

/** Who calls, and whether that alerts. */
const CALLERS: Record<string, readonly [TemplateMap | undefined, boolean]> = {
  root: [{ type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, true],
  'an IAM user': [{ type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/deploy' }, true],
  'an IAM user in a path like a role': [
    { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/assumed-role/deploy/ada' },
    true,
  ],
  'a person by Identity Center': [session('AWSReservedSSO_Admin_0123456789abcdef', 'ada@example.com'), true],
  'a federated user': [
    { type: 'FederatedUser', arn: 'arn:aws:sts::111122223333:federated-user/deploy' },
    true,
  ],
  'the deploy role': [session('deploy', 'ci-prod-a1b2c3d'), false],
  'the second deploy role': [session('ship', 'ci-prod-a1b2c3d'), false],
  "CloudFormation's service role": [session('cdk-cfn-exec-role', 'AWSCloudFormation'), false],
  'CloudFormation by a service role that is not listed': [session('other-exec', 'AWSCloudFormation'), true],
  'a role whose name begins alike': [session('deployer', 'ci-prod-a1b2c3d'), true],
  'a role whose name ends alike': [session('mydeploy', 'ci-prod-a1b2c3d'), true],
  'a role of the same name in other case': [session('Deploy', 'ci-prod-a1b2c3d'), true],
  'a role of the same name in another account': [session('deploy', 'ci-prod', '444455556666'), true],
  'a session that is called like the deploy role': [session('other', 'deploy'), true],
  'a service without an ARN': [{ type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, true],
  'a record without userIdentity': [undefined, true],
};

function eventOf(userIdentity: TemplateMap | undefined, detail: TemplateMap = {}): TemplateMap {
  const call = { eventSource: 'lambda.amazonaws.com', eventName: 'UpdateFunctionCode20150331v2' };
  return {
    source: 'aws.lambda',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { ...call, ...(userIdentity === undefined ? {} : { userIdentity }), ...detail },
  };
}

describe('who alerts', () => {
  const pattern = patternFor(ROLES);
  for (const [caller, [identity, alerts]] of Object.entries(CALLERS)) {
    it(`${caller}: ${alerts}`, () => expect(takesEvent(pattern, eventOf(identity))).toBe(alerts));
  }

  it.each([{}, { DeployRoleNames: 'deploy' }, { ServiceRoleNames: 'deploy' }])(
    'with %o alone',
    parameters => {
      const names: string[] = Object.values(parameters);
      const one = patternFor(parameters);
      expect(takesEvent(one, eventOf(session('deploy', 'ci-prod')))).toBe(names.length === 0);
      expect(takesEvent(one, eventOf(session('deployer', 'ci-prod')))).toBe(true);
      expect(takesEvent(one, eventOf({ type: 'Root', arn: 'arn:aws:iam::111122223333:root' }))).toBe(true);
      expect(takesEvent(one, eventOf({ type: 'AWSService' }))).toBe(true);
    },
  );
});

describe('which calls alert', () => {
  const root = { type: 'Root', arn: 'arn:aws:iam::111122223333:root' };
  const takes = (detail: TemplateMap): boolean => takesEvent(patternFor(ROLES), eventOf(root, detail));

  it.each([
    'CreateFunction20150331',
    'DeleteFunction20150331',
    'UpdateFunctionCode20150331v2',
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration20150331v2',
    'PublishVersion20150331',
    'PublishLayerVersion20181031',
    'CreateAlias20150331',
    'UpdateAlias20150331',
    'DeleteAlias20150331',
    'AddPermission20150331v2',
    'RemovePermission20150331v2',
    'AddLayerVersionPermission',
    'CreateFunctionUrlConfig',
    'PutFunctionConcurrency20171031',
    'CreateEventSourceMapping20150331',
    'PutRuntimeManagementConfig',
  ])('%s does', eventName => expect(takes({ eventName })).toBe(true));

  it.each([
    'GetFunction20150331v2',
    'GetFunctionConfiguration',
    'ListFunctions20150331',
    'GetAlias20150331',
    'Invoke',
    'TagResource20170331v2',
  ])('%s does not', eventName => expect(takes({ eventName })).toBe(false));

  it('a call that failed does not', () => {
    expect(takes({ errorCode: 'AccessDenied' })).toBe(false);
  });

  it('a call to another service does not', () => {
    expect(takes({ eventSource: 's3.amazonaws.com' })).toBe(false);
    expect(takesEvent(patternFor(ROLES), { ...eventOf(root), source: 'aws.s3' })).toBe(false);
    expect(takesEvent(patternFor(ROLES), { ...eventOf(root), 'detail-type': 'Scheduled Event' })).toBe(false);
  });
});

describe('the prefixes', () => {
  const start = 'arn:aws:sts::111122223333:assumed-role/';

  it('are one for each name, and then such as no ARN has', () => {
    expect(prefixesFor(ROLES)).toEqual([
      `${start}deploy/`,
      `${start}ship/`,
      `${start}cdk-cfn-exec-role/`,
      ...Array.from({ length: 7 }, () => `${start}//`),
    ]);
  });

  it('have room for five and five names, and the pattern stays within 2,048 characters', () => {
    const names = (letter: string): string => Array.from('01234', digit => letter.repeat(63) + digit).join();
    const parameters = {
      DeployRoleNames: names('d'),
      ServiceRoleNames: names('s'),
      'AWS::Partition': 'aws-us-gov',
    };
    const all = `${names('d')},${names('s')}`.split(',');
    expect(prefixesFor(parameters)).toEqual(
      all.map(name => `arn:aws-us-gov:sts::111122223333:assumed-role/${name}/`),
    );
    expect(JSON.stringify(patternFor(parameters)).length).toBeLessThanOrEqual(2048);
  });

  it.each(['a,b,c,d,e,f', 'a,', ',a', 'a, b', 'path/role', 'arn:aws:iam::111122223333:role/a', 'a*'])(
    'refuse %o',
    names => {
      expect(() => patternFor({ DeployRoleNames: names })).toThrow('refuses DeployRoleNames');
      expect(() => patternFor({ ServiceRoleNames: names })).toThrow('refuses ServiceRoleNames');
    },
  );
});

it('says what it does not see', () => {
  const head = readTemplateDocument('alerts')
    .text.split('AWSTemplateFormatVersion')[0]
    ?.replaceAll('\n#', '');
  expect(head).toContain('without a role is a free pass for whoever makes that role');
  expect(head).toContain('when the rule or the trail is disabled, or an address unsubscribed');
});

describe('the topic', () => {
  it('may be published to by EventBridge and nobody else, without a condition that EventBridge does not support', () => {
    const template = resolveTemplate('alerts', ROLES);
    expect(propertiesOf(template, 'TopicPolicy')['Topics']).toEqual(['<Topic>']);
    expect(statementsIn(propertiesOf(template, 'TopicPolicy'))).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: '<Topic>',
      },
    ]);
    expect(statementsIn(toMap(template.resources)).length).toBe(1);
    expect(valueAt(propertiesOf(template, 'Rule'), 'Targets', 0, 'Arn')).toBe('<Topic>');
    // With a role the target would need another policy.
    expect(valueAt(propertiesOf(template, 'Rule'), 'Targets', 0, 'RoleArn')).toBeUndefined();
  });

  it('has a key and an address only if they are given', () => {
    const bare = resolveTemplate('alerts');
    expect(propertiesOf(bare, 'Topic')).toEqual({ DisplayName: 'deploy-marker' });
    expect(idsOfType(bare, 'AWS::SNS::Subscription')).toEqual([]);
    const KmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
    const full = resolveTemplate('alerts', { KmsKeyArn, Email: 'oncall@example.com' });
    expect(propertiesOf(full, 'Topic')['KmsMasterKeyId']).toBe(KmsKeyArn);
    expect(propertiesOf(full, 'Subscription')).toEqual({
      TopicArn: '<Topic>',
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
    expect(() => resolveTemplate('alerts', { KmsKeyArn: 'alias/aws/sns' })).toThrow('refuses KmsKeyArn');
  });

  it('gets a message whose every variable has a path, and is an output', () => {
    const template = resolveTemplate('alerts');
    const transformer = toMap(valueAt(propertiesOf(template, 'Rule'), 'Targets', 0, 'InputTransformer'));
    const text = String(transformer['InputTemplate']);
    const used = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(used.sort()).toEqual(Object.keys(toMap(transformer['InputPathsMap'])).sort());
    // EventBridge wants each line of a text in quotes.
    for (const line of text.split('\n')) expect(line).toMatch(/^"[^"]+"$/);
    expect(outputOf(template, 'TopicArn')).toBe('<Topic>');
  });
});

import { describe, expect, test } from 'vitest';
import { readActor, serviceName } from '../../../src/core/cloudtrail-actor.ts';
import { matchesAny } from '../../../src/core/name-pattern.ts';

describe('who made it', () => {
  const session = (role: string, name = 's', fields: object = {}): object => ({
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/${name}`,
    ...fields,
  });
  const issuer = (role: string): object => ({
    sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/${role}` } },
  });
  const invokedBy = 'cloudformation.amazonaws.com';
  test.each<[string, object | undefined, object]>([
    ['a pipeline', session('deploy', 'ci'), { kind: 'session', role: 'deploy', session: 'ci' }],
    [
      'a pipeline through CloudFormation',
      session('deploy', 'ci', { invokedBy }),
      { kind: 'session', via: 'cloudformation', session: 'ci' },
    ],
    ['a service role', session('cfn', 'AWSCloudFormation', { invokedBy }), { kind: 'service', role: 'cfn' }],
    ['a session that only has the name', session('cfn', 'AWSCloudFormation'), { kind: 'session' }],
    [
      'CodeDeploy',
      session('cd', 'x', { invokedBy: 'codedeploy.amazonaws.com' }),
      { kind: 'service', via: 'codedeploy' },
    ],
    [
      'Identity Center',
      session('AWSReservedSSO_Admin_0a1b', 'jane@x'),
      { kind: 'identity-center', session: 'jane@x' },
    ],
    ['a role of people', session('AdminEverywhere'), { kind: 'human-role' }],
    [
      'a service-linked role',
      session('AWSServiceRoleForX', 's', issuer('aws-service-role/x.amazonaws.com/AWSServiceRoleForX')),
      { kind: 'service' },
    ],
    [
      'a role that only has such a name',
      session('AWSServiceRoleForX', 's', issuer('AWSServiceRoleForX')),
      { kind: 'session' },
    ],
    ['a role of such a name whose path is not told', session('AWSServiceRoleForX'), { kind: 'session' }],
    [
      'an IAM user with a path',
      { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/a/bob' },
      { kind: 'iam-user', session: undefined },
    ],
    ['root', { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, { kind: 'root', session: undefined }],
    [
      'a federated user',
      { type: 'FederatedUser', arn: 'arn:aws:sts::111122223333:federated-user/al' },
      { kind: 'federated-user' },
    ],
    [
      'a service by itself',
      { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
      { kind: 'service', name: 'lambda' },
    ],
    [
      'another account',
      { type: 'AWSAccount', principalId: 'AIDA1', accountId: '9' },
      { kind: 'unknown', name: 'AIDA1' },
    ],
    ['nobody', undefined, { kind: 'unknown', name: 'Unknown' }],
    [
      'a role without a session',
      { type: 'Role', sessionContext: { sessionIssuer: { type: 'Role', userName: 'r' } } },
      { kind: 'session', role: 'r' },
    ],
  ])('%s', (_, userIdentity, actor) => {
    expect(readActor({ userIdentity }, matchesAny(['Admin*']))).toMatchObject(actor);
  });
});

test.each([
  ['lambda.amazonaws.com', 'lambda'],
  ['edgelambda.lambda.amazonaws.com', 'edgelambda.lambda'],
  ['203.0.113.7', '203.0.113.7'],
])('the service %s is %s', (principal, name) => expect(serviceName(principal)).toBe(name));

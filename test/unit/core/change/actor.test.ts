import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../../src/core/base/pattern.ts';
import { readActor, serviceName } from '../../../../src/core/change/actor.ts';
import { isPerson, isServiceAct } from '../../../../src/core/change/change.ts';

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
      'a user of another account',
      { type: 'AWSAccount', principalId: 'AIDA1', accountId: '999988887777' },
      { kind: 'iam-user', name: 'the user AIDA1 in the account 999988887777', account: '999988887777' },
    ],
    [
      'a session of another account',
      { type: 'AWSAccount', principalId: 'AROA1:ci-prod', accountId: '999988887777' },
      {
        kind: 'session',
        name: 'session ci-prod of the role AROA1 in the account 999988887777',
        session: 'ci-prod',
        role: undefined,
        account: '999988887777',
      },
    ],
    [
      'a federated user of another account',
      { type: 'AWSAccount', principalId: '999988887777:al', accountId: '999988887777' },
      { kind: 'federated-user', name: 'the federated user al in the account 999988887777' },
    ],
    [
      'root of another account',
      { type: 'AWSAccount', principalId: '999988887777', accountId: '999988887777' },
      { kind: 'root' },
    ],
    [
      'a session of another account whose ARN is told',
      { type: 'AWSAccount', arn: 'arn:aws:sts::999988887777:assumed-role/deploy/ci' },
      { kind: 'session', role: 'deploy', session: 'ci', account: '999988887777' },
    ],
    [
      'a user of another account whose ARN is told',
      { type: 'AWSAccount', arn: 'arn:aws:iam::999988887777:user/bob' },
      { kind: 'iam-user', session: undefined },
    ],
    [
      'another account of which no more is told',
      { type: 'AWSAccount', accountId: '999988887777' },
      { kind: 'unknown', name: 'somebody in the account 999988887777' },
    ],
    [
      'a user of Identity Center',
      {
        type: 'IdentityCenterUser',
        accountId: '1',
        onBehalfOf: { userId: '9067-aa', identityStoreArn: 'x' },
      },
      { kind: 'identity-center', name: '9067-aa' },
    ],
    [
      'a user of Identity Center whose name is told',
      { type: 'IdentityCenterUser', userName: 'jane', onBehalfOf: { userId: '9067-aa' } },
      { kind: 'identity-center', name: 'jane' },
    ],
    [
      'a session for a user of Identity Center',
      session('analytics', 's', { onBehalfOf: { userId: '9067-aa' } }),
      { kind: 'identity-center', session: 's' },
    ],
    [
      'a role that is told by its own ARN',
      { type: 'Role', arn: 'arn:aws:iam::111122223333:role/ci/deploy', principalId: 'AROA1:ci-prod' },
      { kind: 'session', role: 'deploy', session: 'ci-prod' },
    ],
    ['a user of a directory', { type: 'Directory', userName: 'jo' }, { kind: 'federated-user', name: 'jo' }],
    ['nobody', undefined, { kind: 'unknown', name: 'Unknown' }],
    ['a type in other letters', session('deploy', 'ci', { type: 'assumedrole' }), { kind: 'session' }],
    ['a new type with the ARN of a user', { type: 'X', arn: 'arn:aws:iam::1:user/al' }, { kind: 'iam-user' }],
    ['no type, and the ARN of root', { arn: 'arn:aws:iam::111122223333:root' }, { kind: 'root' }],
    [
      'an unknown type with the id of a user',
      { type: 'Unknown', principalId: 'AIDA1' },
      { kind: 'iam-user' },
    ],
    ['no type, and the id of a session', { principalId: 'AROA1:ci' }, { kind: 'session', session: 'ci' }],
    [
      'a federated user without a type',
      { arn: 'arn:aws:sts::111122223333:federated-user/al' },
      { kind: 'federated-user' },
    ],
    [
      'a role without a session',
      { type: 'Role', sessionContext: { sessionIssuer: { type: 'Role', userName: 'r' } } },
      { kind: 'session', role: 'r' },
    ],
  ])('%s', (_, userIdentity, actor) => {
    expect(readActor({ userIdentity }, matchesAny(['Admin*']))).toMatchObject(actor);
  });
});

describe('a click in the console', () => {
  const arn = (role: string): string => `arn:aws:sts::111122223333:assumed-role/${role}/ci-prod-a1b2c3d`;
  const clicked = (userIdentity: object, fields: object = { sessionCredentialFromConsole: 'true' }) =>
    readActor({ userIdentity, ...fields }, matchesAny(['Admin*']));
  test.each<[string, object, object | undefined, string]>([
    ['a deploy role', { type: 'AssumedRole', arn: arn('deploy') }, undefined, 'console'],
    [
      'a deploy role, as a boolean says',
      { type: 'AssumedRole', arn: arn('deploy') },
      { sessionCredentialFromConsole: true },
      'console',
    ],
    [
      'an action that only the console has',
      { type: 'AssumedRole', arn: arn('deploy') },
      { eventType: 'AwsConsoleAction' },
      'console',
    ],
    [
      'a session that has the name of a service role',
      {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/deploy/AWSCloudFormation',
        invokedBy: 'cloudformation.amazonaws.com',
      },
      undefined,
      'console',
    ],
    [
      'a session of another account',
      { type: 'AWSAccount', principalId: 'AROA1:ci', accountId: '9' },
      undefined,
      'console',
    ],
    ['a role of people', { type: 'AssumedRole', arn: arn('AdminX') }, undefined, 'human-role'],
    [
      'Identity Center',
      { type: 'AssumedRole', arn: arn('AWSReservedSSO_A_1') },
      undefined,
      'identity-center',
    ],
    ['root', { type: 'Root' }, undefined, 'root'],
  ])('by %s', (_, identity, fields, kind) => {
    const actor = clicked(identity, fields);
    expect(actor).toMatchObject({ kind, fromConsole: true });
    expect(isPerson(actor)).toBe(true);
  });

  test('is not what other values say', () => {
    const identity = { type: 'AssumedRole', arn: arn('deploy') };
    for (const told of ['false', false, null, ''])
      expect(clicked(identity, { sessionCredentialFromConsole: told }).kind).toBe('session');
  });
});

describe('what a service did', () => {
  const event = { eventType: 'AwsServiceEvent', eventSource: 'ecr.amazonaws.com' };
  const linked = {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/s',
    sessionContext: {
      sessionIssuer: {
        arn: 'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX',
      },
    },
  };
  const role = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/cfn/AWSCloudFormation' };
  test.each<[string, object, object, string, boolean]>([
    ['in an event', event, { accountId: '1', invokedBy: 'ecr.amazonaws.com' }, 'ecr', true],
    ['in an event that names nobody', event, {}, 'ecr', true],
    [
      'in an event without a name',
      event,
      { accountId: '1', invokedBy: 'AWS Internal' },
      'AWS Internal',
      true,
    ],
    ['by itself', {}, { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, 'lambda', true],
    ['in its own role', {}, linked, linked.arn, true],
    [
      'in its own role, asked by CloudFormation',
      {},
      { ...linked, invokedBy: 'cloudformation.amazonaws.com' },
      linked.arn,
      false,
    ],
    ['for StackSets', event, { invokedBy: 'member.org.stacksets.cloudformation.amazonaws.com' }, '', false],
    ['with a service role', {}, { ...role, invokedBy: 'cloudformation.amazonaws.com' }, role.arn, false],
    [
      'for CodeDeploy',
      {},
      { type: 'AWSService', invokedBy: 'codedeploy.amazonaws.com' },
      'codedeploy',
      false,
    ],
  ])('%s', (_, fields, userIdentity, name, isOwn) => {
    const actor = readActor({ ...fields, userIdentity }, () => false);
    expect(actor.kind).toBe('service');
    expect(actor.name).toContain(name);
    expect(isServiceAct(actor)).toBe(isOwn);
  });

  test('in an event that names somebody is theirs', () => {
    const kindOf = (userIdentity: object): string => readActor({ ...event, userIdentity }, () => false).kind;
    expect(kindOf({ type: 'IAMUser', userName: 'bob' })).toBe('iam-user');
    expect(kindOf({ type: 'Unknown', principalId: 'p', userName: 'jane' })).toBe('unknown');
    expect(kindOf({ userName: 'jane' })).toBe('unknown');
    expect(kindOf({ onBehalfOf: { userId: '9067' } })).toBe('identity-center');
  });

  test('is not what only a call without a type is', () => {
    const call = { eventType: 'AwsApiCall', userIdentity: { accountId: '1' } };
    expect(readActor(call, () => false).kind).toBe('unknown');
  });
});

test.each([
  ['lambda.amazonaws.com', 'lambda'],
  ['edgelambda.lambda.amazonaws.com', 'edgelambda.lambda'],
  ['203.0.113.7', '203.0.113.7'],
])('the service %s is %s', (principal, name) => expect(serviceName(principal)).toBe(name));

import { describe, expect, test } from 'vitest';
import {
  describeActor,
  describeIdentityArn,
  type ToldActor,
} from '../../../../src/core/change/actor-text.ts';

const HOME = '111122223333';
const session: ToldActor = {
  kind: 'session',
  name: `arn:aws:sts::${HOME}:assumed-role/deploy/ci-prod-a1b2c3d`,
  role: 'deploy',
  session: 'ci-prod-a1b2c3d',
};

describe('who made a call', () => {
  test.each<[string, ToldActor]>([
    ['deploy/ci-prod-a1b2c3d', session],
    ['deploy/ci-prod-a1b2c3d via cloudformation', { ...session, via: 'cloudformation' }],
    [
      'deploy/ci-prod-a1b2c3d of 999999999999',
      { ...session, name: 'arn:aws:sts::999999999999:assumed-role/deploy/ci-prod-a1b2c3d' },
    ],
    ['people/jane (human-role)', { ...session, kind: 'human-role', role: 'people', session: 'jane' }],
    [
      'AWSReservedSSO_Admin_0123456789abcdef/jane@example.com (identity-center)',
      {
        kind: 'identity-center',
        name: `arn:aws:sts::${HOME}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane@example.com`,
        role: 'AWSReservedSSO_Admin_0123456789abcdef',
        session: 'jane@example.com',
      },
    ],
    ['jane@example.com (identity-center)', { kind: 'identity-center', name: 'jane@example.com' }],
    ['user/path/bob', { kind: 'iam-user', name: `arn:aws:iam::${HOME}:user/path/bob` }],
    ['user/bob of 999999999999', { kind: 'iam-user', name: 'arn:aws-cn:iam::999999999999:user/bob' }],
    ['bob (iam-user)', { kind: 'iam-user', name: 'bob' }],
    [`root of ${HOME}`, { kind: 'root', name: `arn:aws:iam::${HOME}:root` }],
    ['federated-user/joe', { kind: 'federated-user', name: `arn:aws:sts::${HOME}:federated-user/joe` }],
    ['cfn/AWSCloudFormation', { ...session, kind: 'service', role: 'cfn', session: 'AWSCloudFormation' }],
    ['lambda', { kind: 'service', name: 'lambda', via: 'lambda' }],
    ['arn:aws:s3:::x (unknown)', { kind: 'unknown', name: 'arn:aws:s3:::x' }],
  ])('%s', (text, actor) => {
    expect(describeActor(actor, HOME)).toBe(text);
  });

  test('an account is told only of another one that is known', () => {
    expect(describeActor(session)).toBe('deploy/ci-prod-a1b2c3d');
  });
});

test.each([
  [session.name, 'deploy/ci-prod-a1b2c3d'],
  ['arn:aws:iam::1:role/path/x', 'role/path/x'],
  ['arn:aws:iam::1:root', 'root'],
  ['anybody', 'anybody'],
  ['', ''],
])('%j stands for %j', (arn, text) => {
  expect(describeIdentityArn(arn)).toBe(text);
});

const SESSION_ARN = 'arn:aws:sts::111122223333:assumed-role/deploy/eve';

test.each([
  [{ kind: 'session', name: SESSION_ARN, role: 'deploy', session: 'eve' }, 'deploy/eve'],
  [{ kind: 'console', name: SESSION_ARN, role: 'deploy', session: 'eve' }, 'deploy/eve (console)'],
  [
    { kind: 'iam-user', name: 'the user AIDA1 in the account 9' },
    'the user AIDA1 in the account 9 (iam-user)',
  ],
  [
    { kind: 'session', name: 'session ci of the role AROA1 in the account 9', session: 'ci' },
    'session ci of the role AROA1 in the account 9',
  ],
  [{ kind: 'service', name: 'ecr', via: 'ecr' }, 'ecr'],
] as const)('%j is told as %s', (actor, text) => expect(describeActor(actor)).toBe(text));

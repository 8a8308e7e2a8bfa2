import { describe, expect, test } from 'vitest';
import { evaluateTrust, type StatementResult } from '../../../../src/core/trust/evaluation.ts';
import { parseTrustPolicy } from '../../../../src/core/trust/policy.ts';
import {
  CIRCLE,
  CIRCLE_CLAIMS,
  ORG,
  policyOf,
  providerArn,
  SESSION,
  statement,
  type TrustCase,
} from './case.ts';
import { KEY_CASES } from './key-cases.ts';
import { OPERATOR_CASES } from './operator-cases.ts';
import { STATEMENT_CASES } from './statement-cases.ts';

const REQUEST = { claims: CIRCLE_CLAIMS, sessionName: SESSION };

function decide({ policy, claims, sessionName, roleArn }: TrustCase): string {
  const request = { claims, sessionName, ...(roleArn === undefined ? {} : { roleArn }) };
  return evaluateTrust(parseTrustPolicy(JSON.stringify(policy)), request).decision;
}

describe('evaluateTrust', () => {
  test.each(OPERATOR_CASES)('operators: $name → $decision', row => {
    expect(decide(row)).toBe(row.decision);
  });
  test.each(KEY_CASES)('keys: $name → $decision', row => {
    expect(decide(row)).toBe(row.decision);
  });
  test.each(STATEMENT_CASES)('statements: $name → $decision', row => {
    expect(decide(row)).toBe(row.decision);
  });
});

function evaluate(condition: unknown, effect = 'Allow'): StatementResult | undefined {
  const policy = policyOf(statement(CIRCLE, { Effect: effect, Sid: 'Circle', Condition: condition }));
  return evaluateTrust(parseTrustPolicy(JSON.stringify(policy)), REQUEST).statements[0];
}

describe('the reasons of a statement', () => {
  test('name what is wanted and what the token holds', () => {
    const key = `${CIRCLE}:aud`;
    expect(evaluate({ StringEquals: { [key]: 'x' } })).toEqual({
      name: '"Circle"',
      effect: 'Allow',
      applies: 'no',
      reasons: [
        {
          operator: 'Action',
          key: 'Action',
          wanted: ['sts:AssumeRoleWithWebIdentity'],
          found: ['sts:AssumeRoleWithWebIdentity'],
          outcome: 'met',
          why: 'takes in the call',
        },
        {
          operator: 'Principal',
          key: 'Principal',
          wanted: [providerArn(CIRCLE)],
          found: [CIRCLE],
          outcome: 'met',
          why: 'it is the provider of the token',
        },
        { operator: 'StringEquals', key, wanted: ['x'], found: [ORG], outcome: 'unmet', why: 'does not fit' },
      ],
    });
  });

  test.each([
    [{ StringEquals: { [`${CIRCLE}:email`]: 'x' } }, 'unmet', undefined, 'the token has no such claim'],
    [
      { StringEquals: { [`${CIRCLE}:oidc.circleci.com/vcs-ref`]: 'refs/heads/main' } },
      'unmet',
      ['refs/heads/main'],
      'AWS documents no condition key for the claim oidc.circleci.com/vcs-ref',
    ],
    [
      { StringEquals: { 'oidc.circleci.com:aud': 'x' } },
      'unmet',
      undefined,
      `keys for this token begin with ${CIRCLE}:`,
    ],
    [
      { IpAddress: { 'aws:SourceIp': '192.0.2.1' } },
      'cannot tell',
      undefined,
      'this operator is not judged here',
    ],
    [
      { StringEquals: { 'aws:SourceVpc': 'x' } },
      'cannot tell',
      undefined,
      'what this key holds is known at the call only',
    ],
    [
      { StringEquals: { [`${CIRCLE}:aud`]: `\${aws:username}` } },
      'cannot tell',
      [ORG],
      'a wanted value holds a policy variable',
    ],
    [
      { StringEquals: { [`${CIRCLE}:oidc.circleci.com/ssh-rerun`]: 'true' } },
      'unmet',
      ['false'],
      'AWS documents no condition key for the claim oidc.circleci.com/ssh-rerun',
    ],
  ])('say why: %j', (condition, outcome, found, why) => {
    expect(evaluate(condition)?.reasons.at(-1)).toMatchObject({ outcome, found, why });
  });

  test.each([
    [
      'arn:aws-cn:iam::111122223333:role/x',
      'aws account 111122223333, the role to aws-cn account 111122223333',
    ],
    ['arn:aws:iam::444455556666:role/x', 'aws account 111122223333, the role to aws account 444455556666'],
  ])('say whose the provider is and whose the role: %s', (roleArn, homes) => {
    const policy = parseTrustPolicy(JSON.stringify(policyOf(statement(CIRCLE))));
    const [result] = evaluateTrust(policy, { ...REQUEST, roleArn }).statements;
    expect(result?.reasons.at(-1)?.why).toBe(`it belongs to ${homes}`);
  });

  test('take a statement without Sid by its number', () => {
    const policy = parseTrustPolicy(
      JSON.stringify(policyOf(statement(CIRCLE), statement(CIRCLE, { Sid: '' }))),
    );
    const names = evaluateTrust(policy, REQUEST).statements.map(({ name }) => name);
    expect(names).toEqual(['statement 1', 'statement 2']);
  });
});

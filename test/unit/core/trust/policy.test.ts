import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTrustPolicy } from '../../../../src/core/trust/policy.ts';
import { isDeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { CIRCLE, policyOf, providerArn, statement } from './case.ts';

const POLICY = policyOf(
  statement(CIRCLE, { Sid: 'AllowB2', Condition: { StringLike: { [`${CIRCLE}:sub`]: 'org/*' } } }),
);
const TEXT = JSON.stringify(POLICY, undefined, 2);

function refusalOf(text: string): string {
  try {
    parseTrustPolicy(text);
  } catch (error) {
    if (isDeployMarkerError(error) && error.code === 'TRUST_POLICY_INVALID') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parseTrustPolicy', () => {
  test('reads a document', () => {
    expect(parseTrustPolicy(TEXT)).toEqual({
      hasVariables: true,
      statements: [
        {
          name: '"AllowB2"',
          effect: 'Allow',
          principal: { Federated: providerArn(CIRCLE) },
          actionElement: 'Action',
          actions: ['sts:AssumeRoleWithWebIdentity'],
          conditions: [{ operator: 'StringLike', key: `${CIRCLE}:sub`, wanted: ['org/*'] }],
          strangers: [],
        },
      ],
    });
  });

  test.each([
    ['with a byte order mark', `\uFEFF${TEXT}`],
    ['as IAM gives it, URL-encoded', encodeURIComponent(TEXT)],
    [
      'in what get-role prints',
      JSON.stringify({ Role: { RoleName: 'x', AssumeRolePolicyDocument: POLICY } }),
    ],
    ['in a role', JSON.stringify({ RoleName: 'x', AssumeRolePolicyDocument: POLICY })],
    [
      'URL-encoded in a role',
      JSON.stringify({ Role: { AssumeRolePolicyDocument: encodeURIComponent(TEXT) } }),
    ],
    ['as a JSON string', JSON.stringify(TEXT)],
  ])('reads a document %s', (_, text) => {
    expect(parseTrustPolicy(text)).toEqual(parseTrustPolicy(TEXT));
  });

  const bare = { Effect: 'Allow', Principal: '*', Action: '*' };
  test.each([
    ['', 'is not JSON at line 1, column 0'],
    ['Version: 2012-10-17', 'is not JSON at line 1, column 1'],
    ['{"a": {\n  "b": [}\n}', 'is not JSON at line 2, column 9'],
    ['{\n "a": 1,\n}', 'is not JSON at line 3, column 1'],
    ['{"a": "x\ty"}', 'is not JSON at line 1, column 9'],
    ['{"a": 1} secret', 'is not JSON at line 1, column 10'],
    ['{"a": "secret', 'is not JSON at line 1, column 13'],
    ['%7B%zz', 'is not JSON at line 1, column 1'],
    ['AWSTemplateFormatVersion: "2010-09-09"\nResources:\n', 'is a CloudFormation template'],
    ['{"Resources": {}}', 'is a CloudFormation template'],
    ['{"Roles": [], "Marker": 1}', 'has no Statement; it holds "Roles, Marker"'],
    ['[]', 'is [], not a JSON object'],
    ['null', 'is null, not a JSON object'],
    ['"\\"\\\\\\"x\\\\\\"\\""', 'is "x", not a JSON object'],
    ['{"Statement": []}', 'has no statement'],
    ['{"Version": "2013", "Statement": []}', 'has Version "2013"; IAM knows 2012-10-17 and 2008-10-17'],
    ['{"Statement": 1}', 'does not hold: statement 1 is not an object'],
    [{ ...bare, Effect: 'allow' }, 'does not hold: statement 1 has Effect "allow", not "Allow" or "Deny"'],
    [{ Action: '*' }, 'does not hold: statement 1 has Effect null, not "Allow" or "Deny"'],
    [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      'does not hold: statement 1 has no Principal, so this is a permissions policy, which says what a role may do',
    ],
    [
      { ...bare, Resource: '*' },
      'does not hold: statement 1 has a Resource, so this is the policy of a resource; the trust policy of a role has none',
    ],
    [{ ...bare, Action: undefined }, 'does not hold: statement 1 has NotAction null, not a list of actions'],
    [{ ...bare, Action: ['a', 1] }, 'does not hold: statement 1 has Action ["a",1], not a list of actions'],
    [{ ...bare, Action: [] }, 'does not hold: statement 1 has Action [], not a list of actions'],
    [{ ...bare, Sid: 'a b' }, 'does not hold: statement 1 has Sid "a b", not letters and digits'],
    [{ ...bare, Sid: 'a_b' }, 'does not hold: statement 1 has Sid "a_b", not letters and digits'],
    [{ ...bare, Sid: 1 }, 'does not hold: statement 1 has Sid 1, not letters and digits'],
    [{ ...bare, Condition: [] }, 'does not hold: statement 1 has a Condition that is not an object'],
    [{ ...bare, Condition: { Null: 'x' } }, 'does not hold: statement 1 has no keys under "Null"'],
    [
      '{"Statement": {"Effect": "Allow", "Effect": "Deny"}}',
      'has a name twice in one object, where only one would count',
    ],
  ])('refuses %j', (value, message) => {
    const text = typeof value === 'string' ? value : JSON.stringify(policyOf(value));
    expect(refusalOf(text)).toBe(`the trust policy ${message}`);
  });

  test('refuses what is far too long, and nests as deep as it likes', () => {
    expect(refusalOf(' '.repeat(65_537))).toContain('has 65537 characters');
    expect(refusalOf('['.repeat(30_000) + ']'.repeat(30_000))).toContain('not a JSON object');
    expect(refusalOf('['.repeat(60_000))).toContain('is not JSON at line 1, column 60000');
  });

  test('refuses a Sid that is there twice, and takes no Sid for one', () => {
    const messageOf = (...sids: readonly string[]): string =>
      refusalOf(JSON.stringify(policyOf(...sids.map(Sid => ({ ...bare, Sid })))));
    const long = 'A'.repeat(99);
    expect(messageOf('A', 'B', 'A')).toBe('the trust policy does not hold: statement 3 has Sid "A" again');
    expect(messageOf('', 'A', '', 'a', `${long}B`, `${long}C`)).toBe('accepted');
  });

  test('says which statement and which file is meant', () => {
    const text = JSON.stringify(policyOf(bare, { ...bare, Effect: 1 }));
    expect(() => parseTrustPolicy(text, 'trust.json')).toThrow(
      'trust.json does not hold: statement 2 has Effect 1',
    );
  });

  test('throws nothing but its own error', () => {
    const json = fc.oneof(
      fc.json(),
      fc.jsonValue().map(value => JSON.stringify(policyOf(value))),
      fc.string(),
    );
    fc.assert(fc.property(json, text => refusalOf(text) !== ''));
  });

  test('sees a name that is there twice, wherever it is, and no other', () => {
    const names = fc.dictionary(fc.string(), fc.jsonValue());
    const isTwice = (text: string): boolean => refusalOf(text).includes('a name twice');
    fc.assert(fc.property(names, value => !isTwice(JSON.stringify(value))));
    fc.assert(
      fc.property(names, fc.string(), (value, name) => {
        const twice = `{"x":[${JSON.stringify(value)},{${JSON.stringify(name)}:1,${JSON.stringify(name)} : 1}]}`;
        return isTwice(twice);
      }),
    );
  });
});

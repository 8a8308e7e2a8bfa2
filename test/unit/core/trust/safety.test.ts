import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateTrust, type TrustDecision } from '../../../../src/core/trust/evaluation.ts';
import { parseTrustPolicy } from '../../../../src/core/trust/policy.ts';
import { CIRCLE, CIRCLE_CLAIMS, ORG, policyOf, providerArn, SESSION, statement } from './case.ts';

function decide(...statements: readonly unknown[]): TrustDecision {
  const policy = parseTrustPolicy(JSON.stringify(policyOf(...statements)));
  return evaluateTrust(policy, { claims: CIRCLE_CLAIMS, sessionName: SESSION }).decision;
}

const KNOWN_OPERATOR =
  /^(?:(?:ForAllValues|ForAnyValue):)?String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$|^Null$/;
const operators = fc
  .tuple(
    fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringNotEqualsIgnoreCase',
      'Null',
    ),
    fc.constantFrom('', 'IfExists'),
  )
  .map(parts => parts.join(''));
const foreignKeys = fc.oneof(
  fc.string(),
  fc.constantFrom('aws:SourceIp', 'aws:RequestTag/a', 'aws:TagKeys', 'sts:SourceIdentity', 'saml:aud'),
  fc.string().map(name => `token.actions.githubusercontent.com:${name}`),
  fc.string({ minLength: 6 }).map(name => `${CIRCLE}:${name}`),
);
const values = fc.oneof(
  fc.string(),
  fc.constantFrom('true', 'false', '*', ORG),
  fc.array(fc.string()),
  fc.jsonValue(),
);
const few = fc.constantFrom<unknown>('true', '*', ORG, 'x', SESSION, ['x', 'org/*'], 1);
const keys = fc.constantFrom(`${CIRCLE}:aud`, `${CIRCLE}:sub`, `${CIRCLE}:amr`, 'sts:RoleSessionName');
const block = fc.dictionary(keys, few, { minKeys: 1, maxKeys: 2 });
const conditions = fc.dictionary(operators, block, { maxKeys: 3 });
const statements = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Principal: fc.constantFrom<unknown>(
    '*',
    { Federated: providerArn(CIRCLE) },
    { AWS: '*' },
    { Federated: 'x' },
  ),
  Action: fc.constantFrom('sts:*', 'sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'),
  Condition: conditions,
});

describe('what is not judged never allows', () => {
  test('an unknown operator', () => {
    const names = fc.oneof(
      fc.string(),
      fc.string().map(text => `String${text}`),
      operators.map(text => text.toLowerCase()),
    );
    const strange = names.filter(name => !KNOWN_OPERATOR.test(name));
    fc.assert(
      fc.property(strange, values, (operator, value) => {
        expect(
          decide(statement(CIRCLE, { Condition: { [operator]: { [`${CIRCLE}:aud`]: value } } })),
        ).not.toBe('allowed');
      }),
    );
  });

  test('an unknown key', () => {
    const names = /:(?:aud|oaud|sub|amr|email|oidc\.circleci\.com\/.*)$|^sts:rolesessionname$/i;
    fc.assert(
      fc.property(operators, foreignKeys, values, (operator, key, value) => {
        fc.pre(!names.test(key));
        expect(decide(statement(CIRCLE, { Condition: { [operator]: { [key]: value } } }))).not.toBe(
          'allowed',
        );
      }),
      { numRuns: 500 },
    );
  });

  test('an unknown element', () => {
    const names = [
      'Sid',
      'Effect',
      'Principal',
      'Action',
      'Condition',
      'Resource',
      'NotResource',
      '__proto__',
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('NotPrincipal', 'NotAction', 'sid')),
        values,
        (name, value) => {
          fc.pre(!names.includes(name));
          expect(decide(statement(CIRCLE, { [name]: value }))).not.toBe('allowed');
        },
      ),
    );
  });
});

describe('statements together', () => {
  const rank = (decision: TrustDecision): number => ['denied', 'cannot tell', 'allowed'].indexOf(decision);

  test('another Deny never makes it easier, and another Allow never harder', () => {
    fc.assert(
      fc.property(
        fc.array(statements, { minLength: 1, maxLength: 4 }),
        statements,
        fc.nat(),
        (list, more, at) => {
          const both = [...list.slice(0, at % 5), more, ...list.slice(at % 5)];
          const change = rank(decide(...both)) - rank(decide(...list));
          if (more.Effect === 'Deny') expect(change).toBeLessThanOrEqual(0);
          else expect(change).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('another condition never makes an Allow wider', () => {
    fc.assert(
      fc.property(conditions, conditions, (some, more) => {
        const narrow = decide(statement(CIRCLE, { Condition: { ...more, ...some } }));
        const wide = decide(statement(CIRCLE, { Condition: some }));
        expect(rank(narrow)).toBeLessThanOrEqual(rank(wide));
      }),
      { numRuns: 300 },
    );
  });
});

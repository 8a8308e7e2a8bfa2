import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAllClaims, readTokenClaims } from '../../../../src/core/trust/claims.ts';
import { anyText } from '../findings/hostile-text.ts';

function tokenOf(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

describe('readTokenClaims', () => {
  test('reads what a trust policy is compared with, and nothing else', () => {
    const claims = {
      iss: 'https://oidc.example/é',
      aud: 'acme',
      sub: 'org/x',
      exp: 1_765_699_954,
      nbf: 1,
      email: 'x@y',
    };
    expect(readTokenClaims(tokenOf(claims))).toEqual({
      iss: 'https://oidc.example/é',
      aud: 'acme',
      sub: 'org/x',
      exp: 1_765_699_954,
    });
  });

  test('joins several audiences', () => {
    expect(readTokenClaims(tokenOf({ aud: ['a', 1, 'b'] }))).toEqual({ aud: 'a, b' });
    expect(readTokenClaims(tokenOf({ aud: [] }))).toEqual({});
  });

  test('leaves out claims of another type', () => {
    expect(readTokenClaims(tokenOf({ iss: 1, aud: {}, sub: null, exp: '1' }))).toEqual({});
  });

  test.each(['', 'x', 'a.b', 'a.!!.c', tokenOf(null), tokenOf('x'), tokenOf([1])])(
    'finds nothing in %j',
    token => {
      expect(readTokenClaims(token)).toEqual({});
    },
  );

  test('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText(), (claims, other) => {
        readTokenClaims(tokenOf(claims));
        readTokenClaims(`a.${other}.x`);
      }),
    );
  });
});

test('readAllClaims gives every claim as it stands', () => {
  const claims = { aud: ['a', 'b'], n: 1, 'oidc.circleci.com/ssh-rerun': false, deep: { x: null } };
  expect(readAllClaims(tokenOf(claims))).toEqual(claims);
  expect(['', 'x', 'a.!!.c', tokenOf(null), tokenOf([1])].map(readAllClaims)).toEqual([{}, {}, {}, {}, {}]);
});

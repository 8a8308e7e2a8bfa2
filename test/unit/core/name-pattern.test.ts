import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../src/core/name-pattern.ts';

describe('patterns of names', () => {
  test.each([
    ['deploy-*', 'deploy-prod', true],
    ['deploy-*', 'deploy-', true],
    ['deploy-*', 'my-deploy-prod', false],
    ['*:user/bob', 'arn:aws:iam::111122223333:user/bob', true],
    ['role-?', 'role-1', true],
    ['role-?', 'role-', false],
    ['role-?', 'role-12', false],
    ['role-?', 'role-𝛼', true],
    ['a.c', 'abc', false],
    ['(a|b)[c]{1}^$+\\d', '(a|b)[c]{1}^$+\\d', true],
    ['Deploy', 'deploy', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*c', 'a\nc', true],
  ])('%j fits %j: %s', (pattern, name, expected) => {
    expect(matchesAny([pattern])(name)).toBe(expected);
  });

  test('one of several is enough, and none fit nothing', () => {
    const isMeant = matchesAny(['a*', 'b*']);
    expect(['a1', 'b1', 'c1', 'xa'].map(isMeant)).toEqual([true, true, false, false]);
    expect(matchesAny([])('')).toBe(false);
  });

  test('a hostile pattern does not take for ever', () => {
    const begun = performance.now();
    expect(matchesAny([`${'*'.repeat(200)}x`])('a'.repeat(2_000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

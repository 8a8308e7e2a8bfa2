import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, matchesAny } from '../../../../src/core/base/pattern.ts';

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

  test('remembers answers of more names than it keeps', () => {
    const isMeant = matchesAny(['a*']);
    for (let i = 0; i < 2500; i += 1) {
      expect(isMeant(`a${i}`)).toBe(true);
      expect(isMeant(`b${i}`)).toBe(false);
    }
  });

  const unit = fc.constantFrom('a', 'b', '*', '?', '.', '\n', 'é', '😀');
  const some = fc.string({ unit, maxLength: 14 });

  test('fit what the regular expression for the same pattern fits', () => {
    const toExpression = (pattern: string): RegExp => {
      const form = pattern
        .replace(/\*+/g, '*')
        .replaceAll('.', '\\.')
        .replaceAll('*', '[^]*')
        .replaceAll('?', '[^]');
      return new RegExp(`^${form}$`, 'u');
    };
    fc.assert(
      fc.property(
        some,
        some,
        (pattern, text) => matchesAny([pattern])(text) === toExpression(pattern).test(text),
      ),
      { numRuns: 5000 },
    );
  });

  test('fit pieces that are longer than a word, with any one of their characters open', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 30, maxLength: 80 });
    fc.assert(
      fc.property(long, long, fc.nat(), (head, piece, open) => {
        const at = open % piece.length;
        const pattern = `*${piece.slice(0, at)}?${piece.slice(at + 1)}*`;
        expect(matchesAny([pattern])(`${head}${piece}${head}`)).toBe(true);
        expect(matchesAny([pattern])(`${head}${piece.slice(1)}`)).toBe(
          new RegExp(`${piece.slice(0, at)}.${piece.slice(at + 1)}`).test(`${head}${piece.slice(1)}`),
        );
      }),
    );
  });
});

describe('the cost of a pattern', () => {
  /** How often characters of the text are read while a pattern that does not fit is tried. */
  const readsOf = (pattern: string, length: number): number => {
    let reads = 0;
    const text = new Proxy([...'a'.repeat(length)], {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    expect(compilePattern([...pattern])(text)).toBe(false);
    return reads;
  };

  test.each([
    ['many stars', '*a*a*a*a*a*b*'],
    ['stars side by side', `${'*'.repeat(50)}b${'*'.repeat(50)}`],
    ['a long piece that fits but for its end', `*${'a'.repeat(400)}b*`],
    ['a long piece that fits but for its beginning', `*b${'a'.repeat(400)}*`],
    ['a long piece with open characters', `*${'?a'.repeat(200)}b*`],
    ['many pieces', `${'*aa'.repeat(100)}*b*`],
  ])('is told by the length of the text: %s', (_, pattern) => {
    const [once, twice] = [readsOf(pattern, 2000), readsOf(pattern, 4000)];
    expect(once).toBeLessThan(2 * 2000);
    expect(twice).toBeLessThanOrEqual(2 * once + 10);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../src/core/name-pattern.ts';
import { fitsPattern, toLiteral } from '../../../src/core/trust-pattern.ts';

const some = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '\n', 'é', '😀'), maxLength: 12 });

describe('fitsPattern', () => {
  test('agrees with the regular expression for the same pattern', () => {
    fc.assert(
      fc.property(
        some,
        some,
        (pattern, text) => fitsPattern(pattern, text, true) === matchesAny([pattern])(text),
      ),
      { numRuns: 2000 },
    );
  });

  test('takes an escaped character for itself, where there are escapes', () => {
    expect(fitsPattern(`a\${*}c`, 'a*c', true)).toBe(true);
    expect(fitsPattern(`a\${*}c`, 'abc', true)).toBe(false);
    expect(fitsPattern(`\${$}{x}\${?}`, `\${x}?`, true)).toBe(true);
    expect(fitsPattern(`a\${*}c`, `a\${bb}c`, false)).toBe(true);
  });

  test('finishes where every step but the last one fits', { timeout: 8_000 }, () => {
    expect(fitsPattern(`*${'a'.repeat(6000)}b`, 'a'.repeat(14_000), true)).toBe(false);
  });

  test('is quick for a pattern of many stars', () => {
    const started = performance.now();
    expect(fitsPattern('*a'.repeat(200), `${'a'.repeat(4000)}b`, true)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('toLiteral replaces the three escapes and no variable', () => {
  expect(toLiteral(`\${*}\${?}\${$}{x} \${aws:x} $`)).toBe(`*?\${x} \${aws:x} $`);
});

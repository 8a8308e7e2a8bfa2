import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../../src/core/base/pattern.ts';
import { fitsPattern, toLiteral } from '../../../../src/core/trust/pattern.ts';

const some = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '\n', 'é', '😀'), maxLength: 12 });

describe('fitsPattern', () => {
  test('agrees with patterns of names where nothing is escaped', () => {
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
});

test('toLiteral replaces the three escapes and no variable', () => {
  expect(toLiteral(`\${*}\${?}\${$}{x} \${aws:x} $`)).toBe(`*?\${x} \${aws:x} $`);
});

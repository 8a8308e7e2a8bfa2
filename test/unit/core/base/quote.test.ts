import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quote } from '../../../../src/core/base/quote.ts';
import { anyText } from '../findings/hostile-text.ts';

describe('quote', () => {
  test.each<[unknown, string]>([
    ['prod', '"prod"'],
    ['', '""'],
    ['a"b\\c\n', '"a\\"b\\\\c\\n"'],
    ['\u001b[31m\u009b\u007f', '"\\u001b[31m\\u009b\\u007f"'],
    ['a\u202eb\u2028c\u200bd\ufeff', '"a\\u202eb\\u2028c\\u200bd\\ufeff"'],
    ['領収書 é 🚀', '"領収書 é 🚀"'],
    [42, '42'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['a', 1], '["a",1]'],
    [{ a: '\u009b' }, '{"a":"\\u009b"}'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
    [['x'.repeat(100)], `["${'x'.repeat(78)}…`],
    [`${'x'.repeat(79)}🚀`, `"${'x'.repeat(79)}…"`],
  ])('shows %j', (value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  test('shows no control, format or separator character of any text, and stays short', () => {
    fc.assert(
      fc.property(anyText(), text => {
        for (const value of [text, [text]]) {
          expect(quote(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
          expect(quote(value).length).toBeLessThan(600);
        }
      }),
    );
  });

  test('gives up on what is nested too deeply, and on nothing else', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(quote(deep)).toBe('a deeply nested value');
  });
});

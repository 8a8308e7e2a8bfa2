import fc from 'fast-check';

/** Any code points but lone surrogates. (fast-check's own unit 'binary' takes seconds to set up.) */
export function anyCharacters(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.integer({ max: 0xffff, min: 0 }), fc.integer({ min: 0, max: 0x10ffff })), {
      maxLength: 40,
    })
    .map(points => Buffer.from(String.fromCodePoint(...points)).toString());
}

/** Text as nobody expects it: any code unit (lone surrogates too), graphemes, combining marks, full-width, very long. */
export function anyText(): fc.Arbitrary<string> {
  const codeUnits = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map(units => String.fromCharCode(...units));
  return fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    anyCharacters(),
    fc.string({ unit: 'binary-ascii', maxLength: 90 }),
    codeUnits,
    fc.string({
      unit: fc.constantFrom('a', '-', 'é', 'e\u0301', 'Ａ', '🚀', '\u200d', ' ', '/', 'ß', '½'),
      maxLength: 90,
    }),
    fc
      .tuple(fc.constantFrom('x', '-', ' ', 'レ', '🚀', 'a-', '-a'), fc.integer({ min: 0, max: 400 }))
      .map(([unit, times]) => unit.repeat(times)),
    fc.constantFrom(
      '',
      '-',
      '$(id)',
      '`id`',
      "'; rm -rf /; '",
      '"\n"',
      '../../..',
      '\0',
      '\ud800',
      '\udc00a',
    ),
  );
}

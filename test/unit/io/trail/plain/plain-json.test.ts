import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfPlainText, endOfText, endOfValue } from '../../../../../src/io/trail/plain/plain-json.ts';

/** Pieces that break JSON, or nearly do. */
const PIECES = [
  ...['{', '}', '[', ']', '"', ':', ',', '\\', '\\"', '\\\\', '\\u00e9', '\\u00g9', '\\x', '\\n', '\n', '\t'],
  ...[
    '\u0000',
    '\u001f',
    '\u007f',
    '\u0080',
    'é',
    '領',
    ' ',
    '0',
    '01',
    '-',
    '-0',
    '1.',
    '1.5',
    '1e3',
    '-1.50',
  ],
  ...['true', 'tru', 'null', 'false', 'a', '"a"', '"a":', '{}', '[]', '""'],
];
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map(parts => parts.join(''));
const ascii = fc.string({
  unit: fc.constantFrom('a', 'B', '7', ' ', '/', '"', '\\', '\n', '\u001f', '{', '}', ','),
});
const value = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    ascii,
    fc.constantFrom<unknown>(true, false, null, 0, -1, 12.75, 48_213),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(ascii, tie('value'), { maxKeys: 4 }),
  ),
})).value;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('the end of every value that is written without white space in ASCII is found, whatever stands behind it', () => {
  fc.assert(
    fc.property(value, soup, soup, (each, before, behind) => {
      const text = JSON.stringify(each);
      // Behind a number, more digits would be a part of it.
      const rest = typeof each === 'number' ? `,${behind}` : behind;
      const start = Buffer.byteLength(before);
      const bytes = Buffer.from(before + text + rest);
      expect(endOfValue(bytes, start)).toBe(start + text.length);
      for (let end = start; end < start + text.length; end += 1) {
        const cut = bytes.subarray(0, end);
        if (typeof each !== 'number') expect(endOfValue(cut, start)).toBe(0);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what has an end is JSON in ASCII', () => {
  const broken = fc.tuple(value, soup, fc.nat(), fc.nat(4)).map(([each, piece, at, gone]) => {
    const text = JSON.stringify(each);
    const place = at % (text.length + 1);
    return text.slice(0, place) + piece + text.slice(place + gone);
  });
  fc.assert(
    fc.property(fc.oneof(soup, broken), text => {
      const bytes = Buffer.from(text);
      for (const find of [endOfValue, endOfText, endOfPlainText]) {
        const end = find(bytes, 0);
        if (end === 0) continue;
        const found = bytes.toString('latin1', 0, end);
        expect(found).toMatch(/^[ -\x7f]*$/);
        expect(isJson(found)).toBe(true);
        if (find !== endOfValue) expect(typeof JSON.parse(found)).toBe('string');
        if (find === endOfPlainText) expect(JSON.parse(found)).toBe(found.slice(1, -1));
      }
    }),
    { numRuns: 5000 },
  );
});

test('what is nested very deeply is left alone', () => {
  const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
  expect(endOfValue(nested(50), 0)).toBe(100);
  expect(endOfValue(nested(100_000), 0)).toBe(0);
});

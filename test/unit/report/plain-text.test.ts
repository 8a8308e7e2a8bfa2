import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellWidth,
  count,
  LINE_CELLS,
  pad,
  shorten,
  toVisible,
  wrap,
} from '../../../src/report/plain-text.ts';

describe('what cannot be seen', () => {
  test.each([
    ['\u001b[31m', '\\u001b[31m'],
    ['a\nb\tc', 'a\\u000ab\\u0009c'],
    ['\u202eabc', '\\u202eabc'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['naïve 日本 🙂', 'naïve 日本 🙂'],
  ])('%j shows as %j', (text, shown) => {
    expect(toVisible(text)).toBe(shown);
  });
});

describe('cells', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['✈\ufe0f', 2],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['…', 1],
  ])('%s takes %i', (text, cells) => {
    expect(cellWidth(text)).toBe(cells);
  });

  test('a cut text keeps both ends and takes no more than it may', () => {
    expect(shorten('lambda:resize-image', 19)).toBe('lambda:resize-image');
    expect(shorten('lambda:receipt-pdf-to-jpeg', 11)).toBe('lambd…-jpeg');
    expect(shorten('日本語の名前', 6)).toBe('日…前');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (text, cells) => {
          expect(cellWidth(shorten(text, cells))).toBeLessThanOrEqual(cells);
          expect(cellWidth(pad(text, cells))).toBe(cells);
        },
      ),
    );
  });

  test('wrapped lines hold every word while there is room for it', () => {
    expect(wrap('to be or not to be', { first: '  ' })).toEqual(['  to be or not to be']);
    const lines = wrap('word '.repeat(30).trim(), { first: 'say: ' });
    expect(lines.map(cellWidth).every(cells => cells <= LINE_CELLS)).toBe(true);
    expect(lines.join(' ').split(/\s+/)).toEqual(['say:', ...Array.from({ length: 30 }, () => 'word')]);
    expect(wrap('word '.repeat(300).trim(), { first: '', most: 2 })[1]).toContain('…');
  });

  test('counts agree with their nouns', () => {
    expect([count(0, 'deploy'), count(1, 'deploy'), count(5000, 'change')]).toEqual([
      '0 deploys',
      '1 deploy',
      '5,000 changes',
    ]);
  });
});

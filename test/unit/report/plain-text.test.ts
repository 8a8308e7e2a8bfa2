import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellWidth, count, LINE_CELLS, layOut, pad, wrap } from '../../../src/report/plain-text.ts';

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

  test('a column takes its cells, and what is longer stays whole', () => {
    expect(pad('abc', 5)).toBe('abc  ');
    expect(pad('日本', 5)).toBe('日本 ');
    expect(pad('UpdateFunctionConfiguration', 5)).toBe('UpdateFunctionConfiguration');
  });

  test('counts agree with their nouns', () => {
    expect([count(0, 'deploy'), count(1, 'deploy'), count(5000, 'change')]).toEqual([
      '0 deploys',
      '1 deploy',
      '5,000 changes',
    ]);
  });
});

describe('a paragraph in lines', () => {
  test('holds every word, in lines of 80 cells', () => {
    expect(wrap({ text: 'to be or not to be', first: '  ' })).toEqual(['  to be or not to be']);
    const lines = wrap({ text: 'word '.repeat(300).trim(), first: 'say: ' });
    expect(lines.map(cellWidth).every(cells => cells <= LINE_CELLS)).toBe(true);
    expect(lines.join(' ').split(/\s+/)).toEqual(['say:', ...Array.from({ length: 300 }, () => 'word')]);
  });

  test('keeps columns apart, and indents what follows', () => {
    expect(wrap({ text: 'a   b  c', first: '- ' })).toEqual(['- a   b  c']);
    const [, second] = wrap({ text: `time  ${'x'.repeat(70)}  next`, rest: '    ' });
    expect(second).toBe('    next');
  });

  test('breaks a long word where a part of it ends, and begins it where half a line is left', () => {
    const arn =
      'arn:aws:cloudformation:ap-northeast-1:123456789012:stack/billing-production/01234567-89ab-cdef-0123-456789abcdef';
    expect(wrap({ text: `stack ${arn}`, first: '  ' })).toEqual([
      '  stack arn:aws:cloudformation:ap-northeast-1:123456789012:stack/',
      '  billing-production/01234567-89ab-cdef-0123-456789abcdef',
    ]);
    expect(wrap({ text: 'x'.repeat(100) })).toEqual(['x'.repeat(80), 'x'.repeat(20)]);
  });

  test('keeps a link whole: one that is broken cannot be clicked', () => {
    const page = (cells: number): string => 'https://ci.example.com/'.padEnd(cells, 'x');
    expect(wrap({ text: page(74), first: '  run ', rest: '    ' })).toEqual([`  run ${page(74)}`]);
    expect(wrap({ text: page(76), first: '  run ', rest: '    ' })).toEqual(['  run', `    ${page(76)}`]);
    expect(wrap({ text: page(120), first: '  run ', rest: '    ' })).toEqual([`  run ${page(120)}`]);
    expect(wrap({ text: `see (${page(100)}); or not`, rest: '  ' })).toEqual([
      'see',
      `  (${page(100)});`,
      '  or not',
    ]);
    // No page has such an address.
    expect(wrap({ text: page(2000) }).every(line => line.length <= LINE_CELLS)).toBe(true);
  });

  test('loses nothing of any word', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: fc.constantFrom('a', 'B', '/', ':', '-', '日', 'é', '🙂'), maxLength: 300 }),
        ),
        fc.integer({ min: 0, max: 30 }),
        (words, indent) => {
          const lines = wrap({ text: words.join(' '), first: '>', rest: ' '.repeat(indent) });
          expect(lines.join('').slice(1).replaceAll(' ', '')).toBe(words.join(''));
          for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(LINE_CELLS);
        },
      ),
    );
  });

  test('comes to an end whatever stands before its lines', () => {
    const rest = ' '.repeat(LINE_CELLS);
    expect(wrap({ text: 'ab c', first: 'x'.repeat(90), rest })).toEqual([
      `${'x'.repeat(90)}a`,
      `${rest}b`,
      `${rest}c`,
    ]);
  });

  test('of a text that nobody reads shows both ends, and says how much is between them', () => {
    const lines = wrap({ text: `begin${'x'.repeat(100_000)}end` });
    const text = lines.join(' ');
    expect(lines.length).toBeLessThan(60);
    expect(text).toMatch(/^begin/);
    expect(text).toMatch(/end$/);
    expect(text).toContain('[… 96,008 characters left out, see --json …]');
  });

  test('takes out a secret before a line can break in it', () => {
    const text = `${'a'.repeat(70)} the secret of all secrets, and more`;
    const clean = (each: string) => each.replaceAll('the secret of all secrets', '***');
    expect(layOut([{ text }, { text: 'two' }], clean)).toBe(`${'a'.repeat(70)} ***, and\nmore\ntwo\n`);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLine } from '../../../src/io/terminal-line.ts';

describe('a line on a terminal', () => {
  test('goes on behind its label, and keeps commands whole', () => {
    const hint =
      '  hint: set AWS_PROFILE to one of `aws configure list-profiles`, or make one with `aws configure sso`';
    expect(foldLine(hint, 60).split('\n')).toEqual([
      '  hint: set AWS_PROFILE to one of',
      '        `aws configure list-profiles`, or make one with',
      '        `aws configure sso`',
    ]);
  });

  test.each([
    ['error: short', 'error: short'],
    ['', ''],
    [`note: ${'x'.repeat(30)}`, `note: ${'x'.repeat(30)}`],
    [`note: a ${'x'.repeat(30)} b`, `note: a\n      ${'x'.repeat(30)}\n      b`],
    ['m.jsonl:1: /env is missing and needed', 'm.jsonl:1: /env is\nmissing and needed'],
  ])('%j', (line, folded) => {
    expect(foldLine(line, 20)).toBe(folded);
  });

  test('holds the same words, in rows that fit where words do', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 20, max: 100 }),
        (words, columns) => {
          const folded = foldLine(`error: ${words.join(' ')}`, columns);
          expect(folded.split(/\s+/)).toEqual(['error:', ...words]);
          for (const row of folded.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

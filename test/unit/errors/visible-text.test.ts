import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHarmlessLines, toOneLine, toVisible, toVisibleJson } from '../../../src/errors/visible-text.ts';

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', ' ', ':', '#', '[', '\n', '\r', '\u2028', '\u001b', '\u009b', '\u202e'),
  }),
);

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

describe('one line', () => {
  test.each([
    ['a\n b', 'a b'],
    ['a \r\n\u2028\u0085 b\n', 'a b'],
    [' kept  as it is ', ' kept  as it is '],
    ['x\u009b2J', 'x\\u009b2J'],
  ])('%j is %j', (text, line) => {
    expect(toOneLine(text)).toBe(line);
  });

  test('of very many blanks takes no long', () => {
    const start = performance.now();
    toOneLine(`${' '.repeat(1_000_000)}x\n`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('JSON', () => {
  test('is the same value, and nothing in it steers a terminal or a runner', () => {
    expect(toVisibleJson('{"a":"\u202e##[add-mask]x\u{e0041}"}\n')).toBe(
      '{"a":"\\u202e#\\u0023[add-mask]x\\udb40\\udc41"}\n',
    );
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (value, text) => {
        const json = toVisibleJson(JSON.stringify([value, text]));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text])));
        expect(json).not.toMatch(UNSEEN);
        expect(json).not.toMatch(/##\w*\[/);
      }),
    );
  });
});

describe('lines', () => {
  test.each([
    ['::add-mask::x', '\\u003a:add-mask::x'],
    ['  \u00a0::error::x', '  \u00a0\\u003a:error::x'],
    ['fine :: here', 'fine :: here'],
    ['a ##[error]x ##vso[task.complete] ##', 'a #\\u0023[error]x #\\u0023vso[task.complete] ##'],
    ['one\n::two\n\u001b[2J', 'one\n\\u003a:two\n\\u001b[2J'],
  ])('%j are %j', (text, lines) => {
    expect(toHarmlessLines(text)).toBe(lines);
  });

  test('stay as many, and are no command', () => {
    fc.assert(
      fc.property(anyText, text => {
        const lines = toHarmlessLines(text).split('\n');
        expect(lines).toHaveLength(text.split('\n').length);
        for (const line of lines) {
          expect(line).not.toMatch(UNSEEN);
          expect(line.trimStart()).not.toMatch(/^::/);
          expect(line).not.toMatch(/##\w*\[/);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines, type TextLine } from '../../../../src/io/records/text-lines.ts';

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  const stream = (async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  })();
  for await (const block of readLines(stream)) lines.push(...block);
  return lines;
}

async function textsOf(...chunks: readonly (string | Uint8Array)[]): Promise<(string | undefined)[]> {
  return (await linesOf(...chunks)).map(({ text }) => text);
}

describe('readLines', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\n', ['']],
    ['\n\na\n\n', ['', '', 'a', '']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['a\r', ['a']],
    ['"\u2028\u2029\u0085\v\f"\n', ['"\u2028\u2029\u0085\v\f"']],
    ['\ufeffa\n\ufeffb\n', ['a', '\ufeffb']],
    ['\ufeff', ['']],
    ['領\n🚀', ['領', '🚀']],
  ])('of %j', async (text, lines) => {
    expect(await textsOf(text)).toEqual(lines);
  });

  test('numbers lines from 1', async () => {
    expect(await linesOf('a\n\nb')).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'b', isOpen: true },
    ]);
  });

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a character that breaks off', [0xe9, 0xa0]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ])('gives no text for a line with %s, and goes on', async (_, bytes) => {
    const chunk = Buffer.concat([Buffer.from('a\n'), Buffer.from(bytes), Buffer.from('\nb\n')]);
    expect(await textsOf(chunk)).toEqual(['a', undefined, 'b']);
  });

  test('is the same wherever the chunks are cut, also inside a character', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\n', '\r', '\r\n', 'é', '領', '🚀', '\ufeff', '\u2028'),
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(100), { maxLength: 8 }), async (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const borders = [
          0,
          ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const chunks = borders.slice(1).map((end, i) => bytes.subarray(borders[i], end));
        const expected = whole
          .replace(/\n$/, '')
          .split('\n')
          .map(line => line.replace(/\r$/, ''));
        const withoutMark = expected.map((line, i) => (i === 0 ? line.replace(/^\ufeff/, '') : line));
        expect(await textsOf(...chunks)).toEqual(whole === '' ? [] : withoutMark);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps a line that comes byte by byte', async () => {
    const line = '{"a":"🚀"}'.repeat(200);
    const bytes = Buffer.from(`${line}\n${line}`);
    expect(await textsOf(...Array.from(bytes, byte => Buffer.of(byte)))).toEqual([line, line]);
  });
});

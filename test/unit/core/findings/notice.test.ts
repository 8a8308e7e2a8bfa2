import { describe, expect, test } from 'vitest';
import { cutText } from '../../../../src/core/findings/notice.ts';

const upTo = (bytes: number) => (text: string) => Buffer.byteLength(text) <= bytes;

describe('cutText', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['', 0, ''],
    // The ellipsis itself has three bytes.
    ['abcdef', 5, 'ab…'],
    ['ab😀😀cd', 9, 'ab😀…'],
    ['ab😀😀cd', 8, 'ab…'],
  ])('of %j to %i bytes gives %j', (text, bytes, expected) => {
    expect(cutText(text, upTo(bytes))).toBe(expected);
  });

  test('of a long text takes no long time', () => {
    expect(Buffer.byteLength(cutText('é'.repeat(500_000), upTo(262_144)))).toBe(262_143);
  });
});

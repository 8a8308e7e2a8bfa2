import { describe, expect, test } from 'vitest';
import { parseComponentScope } from '../../../src/core/component-scope.ts';

const NAMES = ['lambda:billing', 'lambda:billing-test', 'lambda:orders', 'stack:shop'];
const within = (text: string): string[] => NAMES.filter(parseComponentScope(text, 'scope.txt'));

describe('a scope', () => {
  test.each([
    ['lambda:billing', ['lambda:billing']],
    ['lambda:*\n!*-test', ['lambda:billing', 'lambda:orders']],
    ['# ours\r\n  lambda:orders   # the shop\r\n\r\nstack:*\r\n', ['lambda:orders', 'stack:shop']],
    ['! lambda:*', ['stack:shop']],
    ['!nothing', NAMES],
    ['*', NAMES],
    ['nothing', []],
  ])('%j', (text, names) => expect(within(text)).toEqual(names));

  test('never hides what no call named', () => {
    const isIn = parseComponentScope('lambda:*\n!ecs:*', 'scope.txt');
    expect(['ecs:?', 'lambda:?', 'ecs:web'].map(isIn)).toEqual([true, true, false]);
  });

  test.each(['', '\n\n', '# only\n  # comments'])('%j is refused, for it would hide everything', text => {
    expect(() => within(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: 'scope.txt names no component' }),
    );
  });
});

import { expect, test } from 'vitest';
import { describeProblems, toPointer } from '../../../../src/core/base/problem.ts';

// The table of RFC 6901, section 5.
test.each<[PropertyKey[], string]>([
  [[], ''],
  [['foo'], '/foo'],
  [['foo', 0], '/foo/0'],
  [[''], '/'],
  [['a/b'], '/a~1b'],
  [['m~n'], '/m~0n'],
  [['~1'], '/~01'],
  [['k"l', ' '], '/k"l/ '],
])('toPointer(%j) is %j', (path, pointer) => {
  expect(toPointer(path)).toBe(pointer);
});

test('describeProblems puts them into one line', () => {
  expect(
    describeProblems([
      { path: '', message: 'is not a JSON object' },
      { path: '/env', message: 'is required' },
    ]),
  ).toBe('is not a JSON object; /env is required');
  expect(describeProblems([])).toBe('');
});

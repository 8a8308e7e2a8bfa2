import { expect, test } from 'vitest';
import { SetInterner } from '../../../../src/core/compact/set-interner.ts';

test('sets of the same entries that come in a row are one', () => {
  const sets = new SetInterner<string>();
  const first = sets.intern(['a', 'b']);
  expect([...first]).toEqual(['a', 'b']);
  expect(sets.intern(['a', 'b'])).toBe(first);
  expect(sets.intern([])).toBe(sets.intern([]));
  const others = [sets.intern(['a', 'c']), sets.intern(['a']), sets.intern(['b', 'a'])];
  expect(others.map(each => [...each])).toEqual([['a', 'c'], ['a'], ['b', 'a']]);
  expect([...first]).toEqual(['a', 'b']);
});

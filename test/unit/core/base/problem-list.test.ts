import { expect, test } from 'vitest';
import { MOST_PROBLEMS, ProblemList } from '../../../../src/core/base/problem-list.ts';

test('the first problems are told and the others counted, and words made only for those', () => {
  const list = new ProblemList();
  expect([list.count, list.first, list.toLines()]).toEqual([0, undefined, []]);
  let made = 0;
  for (let rank = 0; rank < 200_000; rank += 1) {
    list.add(() => {
      made += 1;
      return `line ${rank}`;
    });
  }
  expect([list.count, list.first, made]).toEqual([200_000, 'line 0', MOST_PROBLEMS]);
  expect(list.toLines()).toHaveLength(MOST_PROBLEMS + 1);
  expect(list.toLines().at(-1)).toBe('… and 199,980 more');
});

test('lists add up, shown or not', () => {
  const [all, one] = [new ProblemList(), new ProblemList()];
  for (let rank = 0; rank < 25; rank += 1) one.add(`${rank}`);
  all.addAll(one, line => `a:${line}`);
  all.addAll(one, line => `b:${line}`);
  all.addUntold(1000);
  expect([all.count, all.first]).toEqual([1050, 'a:0']);
  expect(all.toLines().at(-1)).toBe('… and 1,030 more');
});

import { describe, expect, test } from 'vitest';
import type { Stretch } from '../../../../src/core/time/set.ts';
import { StretchTree } from '../../../../src/core/time/stretch-tree.ts';

/** As it is defined, going through all. */
function slowly(stretches: readonly Stretch[], time: number): number[] {
  return stretches.flatMap(([from, until], rank) => (from <= time && time <= until ? [rank] : []));
}

describe('stretches in an order of their own', () => {
  test.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 33])('of %i, those that hold a time are found in it', length => {
    const stretches = Array.from({ length }, (_, rank): Stretch => {
      const from = (rank * 37) % 50;
      // Some end before they begin, and hold nothing.
      return [from, from + ((rank * 23) % 30) - 4];
    });
    const tree = new StretchTree(stretches);
    for (let time = -6; time < 90; time += 1)
      expect([...tree.holding(time)]).toEqual(slowly(stretches, time));
  });

  test('none is found where there is none', () => {
    const none: Stretch = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect([...new StretchTree([none, [1, 2], none]).holding(1)]).toEqual([1]);
    expect([...new StretchTree([none]).holding(1)]).toEqual([]);
  });

  test('the first one is found without looking at those that do not hold the time', () => {
    const stretches = Array.from({ length: 4096 }, (_, rank): Stretch => [rank, rank + 1]);
    const begun = performance.now();
    const tree = new StretchTree(stretches);
    for (let time = 0; time < 4096; time += 1) {
      for (const rank of tree.holding(time + 0.5)) {
        expect(rank).toBe(time);
        break;
      }
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

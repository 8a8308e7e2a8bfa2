import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Stretch, TimeSet } from '../../../../src/core/time/set.ts';

describe('a set of times', () => {
  test('holds what lies in any of its stretches, their ends included', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(stretch), (stretches: Stretch[]) => {
        const set = new TimeSet(stretches);
        for (let time = -1; time <= 61; time += 1) {
          expect(set.has(time)).toBe(stretches.some(([from, until]) => from <= time && time <= until));
        }
      }),
    );
  });
});

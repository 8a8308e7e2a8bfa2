import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RankSet } from '../../../../src/core/compact/rank-set.ts';

test('has what was added and nothing else, however far apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100_000)), fc.array(fc.nat(100_000)), (added, asked) => {
      const ranks = new RankSet();
      for (const rank of added) ranks.add(rank);
      const expected = new Set(added);
      for (const rank of [...added, ...asked]) expect(ranks.has(rank)).toBe(expected.has(rank));
    }),
    { numRuns: 50 },
  );
});

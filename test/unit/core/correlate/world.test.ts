import { describe, expect, test } from 'vitest';
import { scoreVerdicts } from '../../../trail-world/score.ts';
import { makeWorld } from '../../../trail-world/world.ts';
import { judgeWorld } from './judge-world.ts';

describe('a world whose truth is known', () => {
  test.each([1, 2, 3])('seed %d: every rule and finding is right in the clean scenarios', seed => {
    const world = makeWorld({ seed, copies: 2 });
    const { figures, mistakes } = scoreVerdicts(world.truth, judgeWorld(world));
    expect(mistakes).toEqual([]);
    for (const [label, { precision, recall }] of figures) {
      expect({ label, precision, recall }).toEqual({ label, precision: 1, recall: 1 });
    }
    expect([...figures.keys()].filter(label => label.startsWith('rule:'))).toHaveLength(7);
    expect([...figures.keys()].filter(label => label.startsWith('finding:'))).toHaveLength(10);
  });

  test('the known ambiguities come out as their scenarios say, but for one', () => {
    const world = makeWorld({ seed: 4, copies: 2 });
    const isAmbiguous = (name: string): boolean => world.truth.scenarios.get(name)?.ambiguity !== undefined;
    const { mistakes } = scoreVerdicts(world.truth, judgeWorld(world), isAmbiguous);
    // A deploy that failed before it changed anything is no marker that promises too much.
    expect(mistakes.filter(mistake => !mistake.startsWith('failed-without-change:'))).toEqual([]);
    expect(mistakes).toHaveLength(2);
  });
});

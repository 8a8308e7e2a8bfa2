import { expect, it } from 'vitest';
import { inLake, inTypeScript } from './compare.ts';
import { randomWorlds } from './random.ts';

it.each([1, 2, 3, 4])('the statement and the rules agree on the random worlds of seed %i', async seed => {
  const worlds = randomWorlds(seed, 60);
  const expected = inTypeScript(worlds);
  expect(Object.keys(expected).length).toBeGreaterThan(100);
  expect(await inLake(worlds)).toEqual(expected);
});

it.each([
  ['no time before and after', { before: 0, after: 0 }],
  [
    'long windows in slots of a day',
    { before: 3_600_000, after: 7_200_000, unfinishedAfter: 40 * 3_600_000 },
  ],
  ['deploys that end soon', { unfinishedAfter: 5 * 60_000 }],
])('and with %s', async (_, window) => {
  const worlds = { ...randomWorlds(5, 60), window };
  expect(await inLake(worlds)).toEqual(inTypeScript(worlds));
});

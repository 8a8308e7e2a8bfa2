import { expect, test } from 'vitest';
import { killMany } from './kill-run.ts';

// 200 kills are in test/full.
test('SIGKILL at 5 random moments loses no marker and doubles none', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const { damage, ...tally } = await killMany(5, seed);
  expect(damage, `seed ${seed}`).toEqual([]);
  expect(tally.emitKills + tally.drainKills).toBeGreaterThanOrEqual(5);
}, 60_000);

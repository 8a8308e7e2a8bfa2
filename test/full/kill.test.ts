import { expect, test } from 'vitest';
import { killMany } from '../cli/kill-run.ts';

test('SIGKILL at 200 random moments loses no marker and doubles none', async () => {
  const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`KILL_SEED=${seed}`);
  const { damage, ...tally } = await killMany(200, seed);
  console.log(`survived ${tally.emitKills + tally.drainKills} kills: ${JSON.stringify(tally)}`);
  expect(damage, `seed ${seed}`).toEqual([]);
  expect(tally.emitKills + tally.drainKills).toBeGreaterThanOrEqual(200);
  // The moments are worth something: most of them hit a spool that is in use.
  expect(tally.withSpool).toBeGreaterThan(60);
}, 600_000);

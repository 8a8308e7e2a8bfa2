import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the table of access levels is what its script makes of the reference', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/gen-access-levels.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

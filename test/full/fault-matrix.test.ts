import { expect, test } from 'vitest';
import { allCells, expectationOf, runCell } from '../cli/fault-matrix.ts';
import { CLI } from '../cli/run-cli.ts';

test('the matrix has 12 faults, 3 sinks, 3 policies, with and without a spool', () => {
  expect(new Set(allCells().map(cell => JSON.stringify(cell))).size).toBe(12 * 3 * 3 * 2);
});

test.concurrent.each(allCells())('$fault, $sink, --on-error $policy, spool $spool', async cell => {
  expect(await runCell(cell, CLI)).toEqual(expectationOf(cell));
});

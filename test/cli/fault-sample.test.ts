import { expect, test } from 'vitest';
import { type Cell, expectationOf, FAULT_NAMES, POLICIES, runCell, SINKS } from './fault-matrix.ts';
import { CLI } from './run-cli.ts';

// Each fault once with a spool, in turn over sinks and policies; and a few without. All cells are in test/full.
const SAMPLE: readonly Cell[] = [
  ...FAULT_NAMES.map((fault, index) => ({
    fault,
    sink: SINKS[index % 2] ?? 'lake',
    policy: POLICIES[Math.floor(index / 2) % 3] ?? 'fail',
    spool: true,
  })),
  { fault: 'reset after the store', sink: 'lake', policy: 'fail', spool: false },
  { fault: '500', sink: 'logs', policy: 'warn', spool: false },
  { fault: 'partial failure', sink: 'logs', policy: 'ignore', spool: false },
];

test.concurrent.each(SAMPLE)(
  '$fault, $sink, --on-error $policy, spool $spool',
  async cell => {
    expect(await runCell(cell, CLI)).toEqual(expectationOf(cell));
  },
  60_000,
);

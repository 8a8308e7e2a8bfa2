/**
 * Milliseconds since some moment, on a clock that nobody sets. `performance.now()` says the same, but Node.js first loads much that
 * measures its own performance.
 */
export function steadyNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

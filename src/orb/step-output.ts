import { createRedactor } from '../errors/redactor.ts';
import type { Io } from '../io/io.ts';
import { createOutput, type Output } from '../io/output.ts';

/** Where a step's own words go, beside those of the command that it runs. */
export function outputOf(io: Io): Output {
  return createOutput(io, { quiet: false, debug: false }, createRedactor());
}

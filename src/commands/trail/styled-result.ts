import type { StyledLine } from '../../core/base/styled-line.ts';
import { wantsColor } from '../../io/color.ts';
import type { CommandContext } from '../command.ts';

/** Writes lines of the result, in colours where they are wanted. */
export async function tellLines(
  lines: readonly StyledLine[],
  { io, out, color }: CommandContext,
): Promise<void> {
  const isColored = wantsColor({ choice: color, env: io.env, isTerminal: io.isTerminal === true });
  const paint = isColored ? (await import('../../io/paint.ts')).createPaint() : undefined;
  out.resultLines(lines, paint);
}

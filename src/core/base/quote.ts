import { toVisibleJson } from '../../errors/visible-text.ts';

const LONGEST = 80;
const HALF_CHARACTER_AT_END = /[\ud800-\udbff]$/;

/** A value for an error message: in quotes, control characters escaped, cut when long. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : toJson(value);
  const shown =
    text.length > LONGEST ? `${text.slice(0, LONGEST).replace(HALF_CHARACTER_AT_END, '')}…` : text;
  return toVisibleJson(typeof value === 'string' ? JSON.stringify(shown) : shown);
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    // JSON.parse reads deeper nesting than JSON.stringify can write.
    if (error instanceof RangeError) return 'a deeply nested value';
    throw error;
  }
}

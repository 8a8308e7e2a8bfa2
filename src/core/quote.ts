const LONGEST = 80;

/** A value for an error message: in quotes, control characters escaped, cut when long. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return typeof value === 'string' ? JSON.stringify(shown) : shown;
}

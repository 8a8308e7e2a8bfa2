/** What a piece of a line is, so that a terminal may show it in a colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'soft' | 'strong';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** A line in pieces, without the line feed. No piece holds a colour code: those are put in at the gate alone. */
export type StyledLine = readonly Span[];

/** The lines as plain text, each ended by a line feed. */
export function toPlainText(lines: readonly StyledLine[]): string {
  return lines.map(line => `${line.map(({ text }) => text).join('')}\n`).join('');
}

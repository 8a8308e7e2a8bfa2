import type { Io } from './io.ts';

/**
 * Columns of the terminal that a person reads stderr on. Undefined elsewhere: a log is searched line by line, and some CI systems give
 * their jobs a terminal that nobody looks at. A terminal that does not know its width says 0.
 */
export function columnsOfReader({ env, terminal }: Io): number | undefined {
  return env['CI'] ? undefined : terminal?.stream.columns || undefined;
}

// What is between backticks is a command, which is copied whole.
const PART = /`[^`]*`\S*|\S+/g;

/**
 * A line that is broken between words where a terminal would break it anywhere, and goes on below what stands behind its label, such as
 * `  hint: `. A word that no line holds is left to the terminal.
 */
export function foldLine(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const label = /^ *\w+: /.exec(line)?.[0] ?? '';
  const indent = ' '.repeat(label.length);
  const rows: string[] = [];
  let row = label;
  for (const [part] of line.slice(label.length).matchAll(PART)) {
    const isFirst = row === label || row === indent;
    if (!isFirst && row.length + 1 + part.length > columns) {
      rows.push(row);
      row = indent;
    }
    row += row === label || row === indent ? part : ` ${part}`;
  }
  return [...rows, row].join('\n');
}

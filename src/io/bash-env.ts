import { type Appended, appendPrivately, readPrivately, replacePrivately } from './private-file.ts';
import { toExportLine } from './shell-variable.ts';

const BEGIN = '# deploy-marker assume-role: begin';
const END = '# deploy-marker assume-role: end';
// No block reaches over the beginning of another: one that lost its end would take the lines of others along.
const BLOCKS = new RegExp(`^${BEGIN}\\n(?:(?!${BEGIN}\\n)[^\\n]*\\n)*?${END}(?:\\n|$)`, 'gm');

/** Variables to set by name, and names to unset, in every later step. */
export interface VariableChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/** The changes as lines for a shell. */
export function toShellLines({ set, unset }: VariableChanges): string[] {
  return [
    ...unset.map(name => `unset ${name}`),
    ...Object.entries(set).map(([name, value]) => toExportLine(name, value)),
  ];
}

/** Appends the changes to the file `$BASH_ENV` as one block, which {@link clearBashEnv} finds again. */
export async function appendToBashEnv(path: string, changes: VariableChanges): Promise<Appended> {
  return appendPrivately(path, `${[BEGIN, ...toShellLines(changes), END].join('\n')}\n`);
}

/** Takes every block of ours out of the file; all else stays as it is. */
export async function clearBashEnv(path: string): Promise<void> {
  const file = await readPrivately(path);
  if (file?.text.includes(BEGIN))
    await replacePrivately(path, file.text.replace(BLOCKS, ''), { mode: file.mode });
}

import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { type Appended, appendPrivately, readPrivately } from '../file/private.ts';
import { replaceAppended } from '../file/replace-appended.ts';
import { toExportLine } from './shell-variable.ts';

const BEGIN = '# deploy-marker assume-role: begin';
const END = '# deploy-marker assume-role: end';
// No block reaches over the beginning of another: one that lost its end would take the lines of others along.
const BLOCKS = new RegExp(`^${BEGIN}\\r?\\n(?:(?!${BEGIN}\\r?\\n)[^\\n]*\\n)*?${END}\\r?(?:\\n|$)`, 'gm');
/** What is left of ours where the file is not as we wrote it. */
const REST = /# deploy-marker assume-role: (?:begin|end)/;

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

/** Whether a text of the file has a block of ours, or the beginning of one. */
export function hasBlock(text: string): boolean {
  return text.includes(BEGIN);
}

/**
 * Takes every block of ours out of the file, and verifies that none is left; all else stays as it was, what others append meanwhile too.
 *
 * @param names variables that a block may set or unset: by them the lines of one that lost its end are known
 * @throws DeployMarkerError FILE_UNWRITABLE, also if something of ours cannot be told from what others wrote
 */
export async function clearBashEnv(
  path: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await replaceAppended(path, text => (hasBlock(text) ? withoutBlocks(text, names) : text), signal);
  const left = (await readPrivately(path))?.text.split('\n').findIndex(line => REST.test(line)) ?? -1;
  if (left === -1) return;
  const message = `${path} still holds credentials from line ${left + 1} on, among lines of another writer`;
  throw new DeployMarkerError('FILE_UNWRITABLE', message, {
    hint: `take them out of ${path} by hand, or end the job`,
  });
}

/** Whole blocks first, so that the end of one is not taken for that of a torn one before it. */
function withoutBlocks(text: string, names: readonly string[]): string {
  const lines = text.replace(BLOCKS, '').split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const length =
      lines[at]?.replace(/\r$/, '') === BEGIN ? lengthOfTorn(lines.slice(at + 1), names) : undefined;
    if (length === undefined) kept.push(lines[at] ?? '');
    else at += length;
  }
  return kept.join('\n');
}

/**
 * How many lines after its first a block without an end has, as a crash may leave it: whole lines of ours, then at most one that was
 * cut short. Undefined if another writer's text is glued to that one, for then nobody can say whose it is.
 */
function lengthOfTorn(lines: readonly string[], names: readonly string[]): number | undefined {
  const whole = new RegExp(`^(?:unset (?:${names.join('|')})|export (?:${names.join('|')})='[^']*')\\r?$`);
  const found = lines.findIndex(line => !whole.test(line));
  const length = found === -1 ? lines.length : found;
  const next = lines[length] ?? '';
  const begins = names.flatMap(name => [`unset ${name}`, `export ${name}='`]);
  if (next !== '' && begins.some(begin => begin.startsWith(next))) return length + 1;
  if (!begins.some(begin => begin.endsWith("'") && next.startsWith(begin))) return length;
  return /^[^']*'[^']*$/.test(next) ? length + 1 : undefined;
}

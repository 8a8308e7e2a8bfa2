// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { errorCodes } from '../../src/errors/codes.ts';
import { errorOf } from '../cli/run-cli.ts';
import { substituteVariables } from '../fakes/env-subst.mjs';
import { type Library, toMap } from './packed-orb.ts';
import type { JobResult, StepResult } from './run-job.ts';
import type { RunStep } from './run-step.ts';

/** What a value could break, with the value. Whoever executes one leaves a file `pwned`. */
const HOSTILE: Readonly<Record<string, string>> = {
  empty: '',
  'absent pipeline value': '<nil>',
  blank: '   ',
  spaces: '  a  b  ',
  tab: '\ta\tb\t',
  newline: 'a\nb',
  'newline and command': 'a\ntouch pwned',
  'newline at the start': '\n\na',
  'carriage return': 'a\r\nb\rc',
  apostrophe: "it's",
  quotes: '"a" "b',
  'end of single quotes': "'; touch pwned; '",
  'end of double quotes': '"; touch pwned; "',
  'end of ANSI quotes': "$'\\n'; touch pwned; $'",
  'command substitution': '$(touch pwned)',
  'quoted command substitution': '"$(touch pwned)"',
  backticks: '`touch pwned`',
  semicolon: ';touch pwned',
  and: '&& touch pwned',
  background: '& touch pwned &',
  pipe: '| touch pwned',
  redirection: '>pwned <pwned 2>&1',
  'arithmetic subscript': 'a[$(touch pwned)]',
  'default of a variable': '${X:-`touch pwned`}',
  'short flag': '-x',
  'long flag': '--help',
  version: '--version',
  'flag with value': '--file=pwned',
  'two flags': '--dry-run --file=pwned',
  'end of flags': '--',
  hyphen: '-',
  'equals sign': '=',
  pair: 'key=value',
  accent: 'dépôt e\u0301',
  Japanese: '日本',
  emoji: '🚀👩‍🚀',
  'right-to-left mark': 'a\u200fb\u202ec',
  controls: 'a\u0001b\u0007\u007f',
  escape: '\u001b[2J\u001b]0;pwned\u0007',
  star: '*',
  pattern: '?[a-z]* {a,b}',
  home: '~',
  'home of another': '~root/x',
  history: '!x !!',
  format: '%s%n%d',
  'escape as text': 'a\\nb\\x41',
  backslash: 'a\\',
  backslashes: '\\\\',
  comment: '# a',
  variable: '${LANG} $LANG',
  'dollar signs': '$ $$ a$',
  arguments: '$1 $@ $# $*',
  prototype: '__proto__',
  '300 characters': 'y'.repeat(300),
  '5,000 characters': 'zé'.repeat(2500),
};

const VALUES: readonly string[] = Object.values(HOSTILE);

/** Much of it at once, on more than one line, without what `circleci env subst` looks at. */
export const WORST = `--file=pwned -x "'; touch pwned; '" \`touch pwned\`\n&& touch pwned # é日🚀\u200f\u001b[2J\\`;

/** What is lost where a text is trimmed, split or cut at its lines. */
export const EDGES = ' \t-x  "a\'\n\n `touch pwned`\r\n é日 \\ \t ';

/** What a step prints may change nothing in a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/;

/** So many {@link spread}s give every value to one of the names. */
export function roundsFor(names: readonly string[]): number {
  return Math.ceil(VALUES.length / names.length);
}

/** Another value for each name; another one in every round. */
export function spread(names: readonly string[], round: number): Record<string, string> {
  const from = round * names.length;
  return Object.fromEntries(names.map((name, index) => [name, VALUES[(from + index) % VALUES.length] ?? '']));
}

/** The same value for each name. */
export function repeat(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, value]));
}

/** The string parameters of a command of the orb that become arguments. */
export function stringParametersOf(orb: Library, command: string): string[] {
  const { parameters } = toMap(orb.commands?.[command], command);
  const names = Object.entries(toMap(parameters, 'parameters'));
  // What a step is called is CircleCI's business, and where its output goes the shell's.
  const texts = names.filter(
    ([name, entry]) => toMap(entry, name)['type'] === 'string' && !['step_name', 'json'].includes(name),
  );
  return texts.map(([name]) => name);
}

/**
 * What the tool gets of a parameter: variables filled in, if there is an `env`, `<nil>` as nothing, line breaks at the end dropped.
 */
export function given(value: string, env: Readonly<Record<string, string>> | undefined): string {
  const text = env !== undefined && value.includes('$') ? substituteVariables(value, env) : value;
  return text === '<nil>' ? '' : text.replace(/\n+$/, '');
}

/** The steps, each of which runs whatever became of the one before. */
export function whateverHappens(steps: readonly RunStep[]): RunStep[] {
  return steps.map(step => ({ ...step, when: 'always' }));
}

/** Fails if the step did not end in the tool's three lines with a code of the table that fits the exit status. */
export function expectOurError(step: StepResult, what = step.name): string {
  const { code } = errorOf({ ...step, signal: null });
  const known: Readonly<Record<string, { exit: number } | undefined>> = errorCodes();
  expect({ what, code, exit: step.code }).toEqual({ what, code, exit: known[code]?.exit });
  expect(code, what).not.toBe('INTERNAL');
  return code;
}

/** Fails if a value was executed, if BASH_ENV is no shell any more, or if a control character reached the log. */
export async function expectHarmless(scene: { readonly cwd: string }, job: JobResult): Promise<void> {
  const folders = [dirname(scene.cwd), dirname(job.bashEnv)];
  const inside = await Promise.all(folders.map(folder => readdir(folder, { recursive: true })));
  expect(inside.flat().filter(path => path.split('/').at(-1) === 'pwned')).toEqual([]);
  for (const folder of ['/', tmpdir(), process.cwd()])
    await expect(access(join(folder, 'pwned')), folder).rejects.toThrow('ENOENT');
  if (inside[1]?.includes(basename(job.bashEnv))) await promisify(execFile)('bash', ['-n', job.bashEnv]);
  for (const { name, stdout, stderr } of job.steps) expect(stdout + stderr, name).not.toMatch(CONTROLS);
}

/** The argument lists that {@link RECORDER} has kept in a file. */
export async function readCalls(file: string): Promise<string[][]> {
  const words = (await readFile(file, 'utf8')).split('\0').slice(0, -1);
  const calls: string[][] = [];
  while (words.length > 0) calls.push(words.splice(0, Number(words.shift())));
  return calls;
}

/** Lines of sh that keep in the file `$CALLS` how they were called. */
export const RECORDER: readonly string[] = [`printf '%s\\0' "$#" "$@" >>"$CALLS"`];

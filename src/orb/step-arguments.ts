import { isValue } from '../ci/env-value.ts';
import { COMMANDS } from '../commands/table.ts';
import type { Env } from '../io/io.ts';

/** Replaces the `$VARIABLES` of a text; `flag` names it in messages. */
export type Substitute = (text: string, flag: string) => Promise<string>;

/** Their value is the name of a variable: what that holds must not become an argument. */
const NAMES_OF_VARIABLES = ['--notify-slack-env'];

const toFlag = (variable: string): string =>
  `--${variable
    .replace(/^MARKER_ORB_[A-Z]+_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;

const namesOf = (env: Env, sort: string): string[] =>
  Object.keys(env)
    .filter(name => name.startsWith(`MARKER_ORB_${sort}_`))
    .sort();

async function read(text: string, flag: string, substitute: Substitute): Promise<string> {
  const replaced = NAMES_OF_VARIABLES.includes(flag) ? text : await substitute(text, flag);
  // As a shell's `$(…)`: what ends a value is no part of it.
  const value = replaced.replace(/\n+$/, '');
  return isValue(value) ? value : '';
}

/** The flags that narrow or choose, so that a value that has become empty must not be dropped in silence. */
async function refusingEmpty(command: string): Promise<ReadonlySet<string>> {
  const options = (await COMMANDS.find(({ name }) => name === command)?.loadOptions()) ?? {};
  const refusing = Object.entries(options).filter(([, { refusesEmpty }]) => refusesEmpty === true);
  return new Set(refusing.map(([flag]) => `--${flag}`));
}

async function readStrings(
  refusing: ReadonlySet<string>,
  env: Env,
  substitute: Substitute,
): Promise<string[]> {
  const words: string[] = [];
  for (const name of namesOf(env, 'STR')) {
    const [flag, text = ''] = [toFlag(name), env[name]];
    const value = await read(text, flag, substitute);
    if (value !== '' || (text !== '' && refusing.has(flag))) words.push(`${flag}=${value}`);
  }
  return words;
}

/** A line that has become empty stays, for the command to refuse it: something was meant by it. */
async function readLists(refusing: ReadonlySet<string>, env: Env, substitute: Substitute): Promise<string[]> {
  const words: string[] = [];
  for (const name of namesOf(env, 'LIST')) {
    const flag = toFlag(name);
    const { [name]: text = '' } = env;
    if (!isValue(text) && !refusing.has(flag)) continue;
    for (const line of text.split('\n').filter(each => each.trim() !== '')) {
      const values = (await read(line, flag, substitute)).split('\n').filter(Boolean);
      for (const value of values.length > 0 ? values : ['']) words.push(`${flag}=${value}`);
    }
  }
  return words;
}

/**
 * The arguments of a command that a step's variables stand for.
 *
 * MARKER_ORB_STR_X becomes `--x=VALUE`, MARKER_ORB_LIST_X `--x=LINE` for every line, MARKER_ORB_BOOL_X `--x` if it is 1 or true.
 * What is empty is left out; what was given and has become empty is not, where that would narrow less or choose something else.
 */
export async function readArguments(command: string, env: Env, substitute: Substitute): Promise<string[]> {
  const refusing = await refusingEmpty(command);
  const booleans = namesOf(env, 'BOOL').filter(name => ['1', 'true'].includes(env[name] ?? ''));
  return [
    ...(await readStrings(refusing, env, substitute)),
    ...(await readLists(refusing, env, substitute)),
    ...booleans.map(toFlag),
  ];
}

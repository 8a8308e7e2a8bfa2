import { parseArgs } from 'node:util';
import type { Command } from './commands/command.ts';
import { COMMON_FLAGS } from './commands/flags.ts';
import { COMMANDS } from './commands/table.ts';
import type { Option, OptionTable } from './config/option.ts';
import { parseBoolean, parseChoice, type RawValue } from './config/resolve.ts';
import { DeployMarkerError } from './errors/deploy-marker-error.ts';
import { VERSION } from './version.ts';

/** Flags of {@link COMMON_FLAGS} that reach the command. */
interface CommonValues {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** When results are coloured. */
  readonly color: string;
  readonly config: string | undefined;
}

/** What a command line asks for: a text (help, version), or a command with its flags. */
export type Invocation =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly common: CommonValues;
      readonly flags: Readonly<Record<string, RawValue>>;
      readonly positionals: readonly string[];
    };

/**
 * Parses a command line.
 *
 * @throws DeployMarkerError USAGE for an unknown command or flag (naming what is near), a flag without its
 *   value, or an argument that the command does not take.
 */
export async function parseCommandLine(argv: readonly string[]): Promise<Invocation> {
  const words = asFlag(argv);
  const [name, ...rest] = words;
  const command = COMMANDS.find(candidate => candidate.name === name);
  if (words.includes('--version')) return { kind: 'text', text: `${VERSION}\n` };
  if (words.includes('--help') || words.includes('-h')) {
    const { renderHelp } = await import('./help.ts');
    return { kind: 'text', text: await renderHelp(command) };
  }
  if (command === undefined) throw (await import('./unknown-words.ts')).unknownCommand(name);
  return toInvocation(command, await flagsOf(command), rest);
}

/**
 * `help`, `help COMMAND`, `COMMAND help` and `version` are what people type first. What is no command after `help` is told as none;
 * a function that is called help is asked for as `lambda:help`.
 */
function asFlag(argv: readonly string[]): readonly string[] {
  const [word, named, ...rest] = argv;
  if (word === 'version') return ['--version'];
  const isCommand = (text: string | undefined): boolean => COMMANDS.some(({ name }) => name === text);
  if (isCommand(word) && named === 'help' && rest.length === 0) return [word ?? '', '--help'];
  if (word !== 'help') return argv;
  if (named === undefined || named === 'help' || named.startsWith('-')) return ['--help'];
  return isCommand(named) ? [named, '--help', ...rest] : [named];
}

/** What stands on a command line, in its order. */
type Token = ReturnType<typeof parseArgs<{ strict: false; tokens: true }>>['tokens'][number];

/** Node's own parser, which is there already: help is the only thing that needs yargs, and it takes longer to load. */
function toTokens(known: OptionTable, words: readonly string[]): Token[] {
  const options: Record<string, { readonly type: 'boolean' | 'string' }> = {};
  // The parser takes time for each flag that it knows, and a call has a few of seventy.
  for (const word of words) {
    const [flag = ''] = word.startsWith('--') ? word.slice(2).split('=', 1) : [];
    const type = Object.hasOwn(known, flag) ? known[flag]?.type : undefined;
    if (type !== undefined) options[flag] = { type: type === 'boolean' ? type : 'string' };
  }
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** Every flag that the command takes. */
async function flagsOf(command: Command): Promise<OptionTable> {
  const own = { ...(await command.loadOptions()), ...COMMON_FLAGS };
  if (!command.takesAllSettings) return own;
  return { ...(await import('./commands/all-settings.ts')).SETTINGS, ...own };
}

async function toInvocation(
  command: Command,
  known: OptionTable,
  words: readonly string[],
): Promise<Invocation> {
  const { flags, positionals } = await readWords(command, known, words);
  const [first] = positionals;
  if (first !== undefined && command.positionals === undefined) {
    throw (await import('./unknown-words.ts')).unexpectedArgument(first, command);
  }
  const { json, quiet, debug, config } = flags;
  const color = parseChoice(COMMON_FLAGS.color, toText(flags['color']) ?? 'auto', '--color');
  return {
    kind: 'command',
    command,
    common: {
      json: json === true,
      quiet: quiet === true,
      debug: debug === true,
      color,
      config: toText(config),
    },
    flags,
    positionals,
  };
}

/** The flags and the arguments that stand on a command line. */
async function readWords(
  command: Command,
  known: OptionTable,
  words: readonly string[],
): Promise<{ flags: Record<string, RawValue>; positionals: string[] }> {
  const flags: Record<string, RawValue> = {};
  const positionals: string[] = [];
  const tokens = toTokens(known, words);
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    const [next] = tokens;
    const word = value ?? (next?.kind === 'positional' ? next.value : undefined);
    if (option === undefined) {
      const { unknownFlag } = await import('./unknown-words.ts');
      throw unknownFlag(name, command.name, { known, value: word });
    }
    if (option.type !== 'boolean') flags[name] = withValue(token, option, flags[name]);
    else {
      // `--json true` is meant as `--json=true`.
      const isNext = value === undefined && (word === 'true' || word === 'false');
      if (isNext) tokens.shift();
      flags[name] = parseBoolean(isNext ? word : (value ?? true), `--${name}`);
    }
  }
  return { flags, positionals };
}

/** Of a flag that is given twice and is no list, the last value counts. @throws DeployMarkerError USAGE */
function withValue(
  { name, value, inlineValue }: Token & { kind: 'option' },
  { type }: Option,
  before: RawValue | undefined,
): RawValue {
  // The next word is a flag: the value was forgotten.
  if (value === undefined || (!inlineValue && /^-\D/.test(value))) {
    throw new DeployMarkerError('USAGE', `--${name} needs a value`, { hint: `write --${name}=VALUE` });
  }
  return type === 'list' ? [...(Array.isArray(before) ? before : []), value] : value;
}

function toText(value: RawValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import parser from 'yargs-parser/browser';
import type { Command } from './commands/command.ts';
import { allSettings, COMMON_FLAGS } from './commands/flags.ts';
import { COMMANDS } from './commands/table.ts';
import type { Option, OptionTable } from './config/option.ts';
import { parseBoolean, parseChoice, type RawValue } from './config/resolve.ts';
import { quote } from './core/base/quote.ts';
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
    return { kind: 'text', text: renderHelp(command, await command?.listArguments?.()) };
  }
  if (command === undefined) throw await unknownCommand(name);
  return toInvocation(command, parseFlags(command, rest));
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

/**
 * yargs' own parser alone: help is the only thing that needs the rest of yargs, which takes longer to load than a
 * session name takes to compose.
 */
function parseFlags(command: Command, words: readonly string[]): Readonly<Record<string, unknown>> {
  // The parser takes time for each flag that it knows, and a call has a few of seventy.
  const given = new Set(words.map(word => /^--([^=]+)/.exec(word)?.[1]));
  const flags = Object.entries(flagsOf(command)).filter(([flag]) => given.has(flag));
  const namesOf = (type: Option['type']): string[] =>
    flags.filter(([, each]) => each.type === type).map(([flag]) => flag);
  const booleans = namesOf('boolean');
  const { argv, error } = parser.detailed(
    words.flatMap(word => plainBoolean(word, booleans)),
    {
      boolean: booleans,
      string: [...namesOf('string'), ...namesOf('list')],
      array: namesOf('list'),
      narg: Object.fromEntries([...namesOf('string'), ...namesOf('list')].map(flag => [flag, 1])),
      configuration: {
        'boolean-negation': false,
        'camel-case-expansion': false,
        'dot-notation': false,
        // Otherwise the last of a repeated flag replaces the others, of lists too; toInvocation sorts out the rest.
        'duplicate-arguments-array': true,
        'greedy-arrays': false,
        'parse-numbers': false,
        'parse-positional-numbers': false,
      },
    },
  );
  if (error) throw toUsageError(error.message);
  return argv;
}

/** Every flag that the command takes. */
function flagsOf({ options, takesAllSettings }: Command): OptionTable {
  return { ...(takesAllSettings ? allSettings() : {}), ...options, ...COMMON_FLAGS };
}

/** `--dry-run=1` must not count as false, which is what the parser makes of every value but `true`. */
function plainBoolean(word: string, booleans: readonly string[]): string[] {
  const [, flag = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
  if (!booleans.includes(flag)) return [word];
  return parseBoolean(value, `--${flag}`) ? [`--${flag}`] : [];
}

/** The parser's own complaints, of which only one can happen: a flag without its value. */
function toUsageError(message: string): DeployMarkerError {
  const flag = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  return flag === undefined
    ? new DeployMarkerError('USAGE', message, { hint: 'see deploy-marker --help' })
    : new DeployMarkerError('USAGE', `--${flag} needs a value`, { hint: `write --${flag}=VALUE` });
}

async function toInvocation(
  command: Command,
  values: Readonly<Record<string, unknown>>,
): Promise<Invocation> {
  const known = flagsOf(command);
  const flags: Record<string, RawValue> = {};
  for (const [flag, value] of Object.entries(values)) {
    if (flag === '_') continue;
    const option = Object.hasOwn(known, flag) ? known[flag] : undefined;
    if (option === undefined) throw await unknownFlag(flag, command, value);
    const raw = toRawValue(option.type === 'list' ? value : lastOf(value));
    if (raw !== undefined) flags[flag] = raw;
  }
  const positionals = [values['_'] ?? []].flat().map(String);
  const [first] = positionals;
  if (first !== undefined && command.positionals === undefined) throw unexpectedArgument(first, command);
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

/** Of a flag that is given twice and is no list, the last one counts. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

function toRawValue(value: unknown): RawValue | undefined {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : undefined;
}

function toText(value: RawValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function unknownCommand(name: string | undefined): Promise<DeployMarkerError> {
  const names = COMMANDS.map(command => command.name);
  if (name === undefined || name.startsWith('-')) {
    const why = name === undefined ? 'no command is given' : 'the command comes first';
    return new DeployMarkerError('USAGE', `${why}; there are ${names.join(', ')}`, {
      hint: 'see deploy-marker --help',
    });
  }
  // Loaded only here, for few command lines are wrong.
  const { offerNames } = await import('./core/base/nearest.ts');
  return new DeployMarkerError('USAGE', `${quote(name)} is not a command`, {
    hint: offerNames(name, names, 'the commands'),
  });
}

async function unknownFlag(flag: string, command: Command, value: unknown): Promise<DeployMarkerError> {
  const dashes = flag.length === 1 ? '-' : '--';
  return new DeployMarkerError('USAGE', `${dashes}${flag} is not a flag of ${command.name}`, {
    hint: (await guessFlag(flag, command, value)) ?? `see deploy-marker ${command.name} --help`,
  });
}

/** What was meant by a flag, if anything is near. */
async function guessFlag(flag: string, command: Command, value: unknown): Promise<string | undefined> {
  // Our flags are lower-case, and parameters of templates are not.
  if (command.options['param'] !== undefined && /^[A-Z]\w+$/.test(flag)) {
    const shown = typeof value === 'string' && /^[\w.:,/@+-]+$/.test(value) ? value : 'VALUE';
    return `write --param ${flag}=${shown}`;
  }
  // No long flag is near to a single letter.
  if (flag.length === 1) return undefined;
  const { findNear } = await import('./core/base/nearest.ts');
  const near = findNear(flag, Object.keys(flagsOf(command)));
  if (near.length > 0) return `did you mean ${near.map(name => `--${name}`).join(' or ')}?`;
  const others = COMMANDS.filter(({ options }) => Object.hasOwn(options, flag)).map(({ name }) => name);
  if (others.length === 0) return undefined;
  return `it is a flag of ${others.join(', ')}; see deploy-marker ${command.name} --help`;
}

function unexpectedArgument(word: string, command: Command): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${command.name} takes no argument, got ${quote(word)}`, {
    hint: `give it to a flag, or see deploy-marker ${command.name} --help`,
  });
}

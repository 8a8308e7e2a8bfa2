import { closest } from 'fastest-levenshtein';
import yargs from 'yargs';
import type { Command } from './commands/command.ts';
import { COMMANDS, COMMON_FLAGS } from './commands/table.ts';
import type { Option, OptionTable } from './config/option.ts';
import type { RawValue } from './config/resolve.ts';
import { quote } from './core/quote.ts';
import { DeployMarkerError } from './errors/deploy-marker-error.ts';
import { VERSION } from './version.ts';

/** Flags of {@link COMMON_FLAGS} that reach the command. */
interface CommonValues {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
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

const HELP_WIDTH = 80;
const SETTINGS_NOTE = 'Flags can also be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json.';

/**
 * Parses a command line.
 *
 * @throws DeployMarkerError USAGE for an unknown command or flag (naming the nearest known one), a flag without its
 *   value, or an argument that the command does not take.
 */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const [name, ...rest] = argv;
  const command = COMMANDS.find(candidate => candidate.name === name);
  if (argv.includes('--version')) return { kind: 'text', text: `${VERSION}\n` };
  if (command !== undefined) {
    const { values, help } = parse(createCommandParser(command), rest);
    return help === undefined ? toInvocation(command, values) : { kind: 'text', text: help };
  }
  if (!argv.includes('--help') && !argv.includes('-h')) throw unknownCommand(name);
  return { kind: 'text', text: parse(createOverview(), ['--help']).help ?? '' };
}

interface ParsedWords {
  readonly values: Readonly<Record<string, unknown>>;
  readonly help: string | undefined;
}

/** The parser's own complaints, of which only one can happen: a flag without its value. */
function toUsageError(message: string): DeployMarkerError {
  const flag = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  return flag === undefined
    ? new DeployMarkerError('USAGE', message, { hint: 'see deploy-marker --help' })
    : new DeployMarkerError('USAGE', `--${flag} needs a value`, { hint: `write --${flag}=VALUE` });
}

type Parser = ReturnType<typeof yargs>;

function parse(parser: Parser, words: readonly string[]): ParsedWords {
  let result: ParsedWords = { values: {}, help: undefined };
  parser.parse([...words], {}, (_error, values, output) => {
    result = { values, help: output === '' ? undefined : `${output}\n` };
  });
  return result;
}

function createParser(): Parser {
  return yargs()
    .scriptName('deploy-marker')
    .locale('en')
    .wrap(HELP_WIDTH)
    .version(false)
    .help('help', COMMON_FLAGS.help.describe)
    .alias('help', 'h')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError' ? toUsageError(message) : error;
    });
}

function createOverview(): Parser {
  const parser = createParser().usage('Usage: $0 <command> [flags]').epilogue(SETTINGS_NOTE);
  for (const command of COMMANDS) parser.command(toWords(command), command.summary);
  return parser;
}

/** The command is known by now, so that its flags stand alone and yargs need not look for it. */
function createCommandParser(command: Command): Parser {
  const parser = createParser().usage(`Usage: $0 ${toWords(command)} [flags]\n\n${command.summary}`);
  for (const [flag, option] of Object.entries<Option>({ ...command.options, ...COMMON_FLAGS })) {
    if (flag !== 'help') parser.option(flag, toYargsOption(option));
  }
  return parser.epilogue(describeExamples(command));
}

function toWords({ name, positionals }: Command): string {
  return positionals === undefined ? name : `${name} [${positionals}..]`;
}

/** Examples by hand, for the parser's own two columns break command lines apart. */
function describeExamples({ examples }: Command): string {
  const lines = examples.map(
    ([line, purpose]) => `  # ${purpose}\n${foldCommandLine(`deploy-marker ${line}`)}`,
  );
  return `Examples:\n${lines.join('\n')}\n\n${SETTINGS_NOTE}`;
}

/** Breaks a command line before flags, the way a shell takes it, so that no line is broken elsewhere. */
function foldCommandLine(line: string): string {
  const rows: string[] = [];
  for (const part of line.split(/ (?=--)/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + part.length < HELP_WIDTH - 8)
      rows[rows.length - 1] = `${last} ${part}`;
    else rows.push(part);
  }
  return rows.map((row, index) => `${index === 0 ? '  ' : '    '}${row}`).join(' \\\n');
}

function toYargsOption(option: Option): object {
  const group = option.group === undefined ? {} : { group: option.group };
  if (option.type === 'boolean') return { type: 'boolean', describe: option.describe, ...group };
  return {
    type: 'string',
    array: option.type === 'list',
    requiresArg: true,
    describe: describeOption(option),
    ...group,
  };
}

function describeOption({ describe, choices, default: standard }: Option): string {
  const values = choices === undefined ? '' : `: ${choices.join(', ')}`;
  return `${describe}${values}${standard === undefined ? '' : ` (default ${standard})`}`;
}

function toInvocation(command: Command, values: Readonly<Record<string, unknown>>): Invocation {
  const known: OptionTable = { ...command.options, ...COMMON_FLAGS };
  const flags: Record<string, RawValue> = {};
  for (const [flag, value] of Object.entries(values)) {
    if (flag === '_' || flag === '$0' || flag === 'h') continue;
    const option = known[flag];
    if (option === undefined) throw unknownFlag(flag, command, Object.keys(known));
    const raw = toRawValue(option.type === 'list' ? value : lastOf(value));
    if (raw !== undefined) flags[flag] = raw;
  }
  const positionals = [values['_'] ?? []].flat().map(String);
  const [first] = positionals;
  if (first !== undefined && command.positionals === undefined) throw unexpectedArgument(first, command);
  const { json, quiet, debug, config } = flags;
  return {
    kind: 'command',
    command,
    common: { json: json === true, quiet: quiet === true, debug: debug === true, config: toText(config) },
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

function unknownCommand(name: string | undefined): DeployMarkerError {
  const names = COMMANDS.map(command => command.name);
  if (name === undefined || name.startsWith('-')) {
    return new DeployMarkerError('USAGE', `the command comes first; there are ${names.join(', ')}`, {
      hint: 'see deploy-marker --help',
    });
  }
  return new DeployMarkerError('USAGE', `${quote(name)} is not a command`, {
    hint: `did you mean ${closest(name, names)}? The commands are ${names.join(', ')}`,
  });
}

function unknownFlag(flag: string, command: Command, known: readonly string[]): DeployMarkerError {
  const dashes = flag.length === 1 ? '-' : '--';
  return new DeployMarkerError('USAGE', `${dashes}${flag} is not a flag of ${command.name}`, {
    hint: `did you mean --${closest(flag, [...known])}?`,
  });
}

function unexpectedArgument(word: string, command: Command): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${command.name} takes no argument, got ${quote(word)}`, {
    hint: `give it to a flag, or see deploy-marker ${command.name} --help`,
  });
}

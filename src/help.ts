import yargs from 'yargs';
import type { ArgumentList, Command } from './commands/command.ts';
import { COMMON_FLAGS } from './commands/flags.ts';
import { TEXTS } from './commands/help/all-texts.ts';
import { COMMON_TEXTS } from './commands/help/every-command-text.ts';
import type { CommandText, FlagText } from './commands/help/text.ts';
import { COMMANDS } from './commands/table.ts';
import type { Option, OptionTable } from './config/option.ts';

const WIDTH = 80;
const PLACES = 'as DEPLOY_MARKER_<FLAG> or in deploy-marker.json';

/** The commands by what somebody comes for, the commonest first. */
const SECTIONS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['What changed, and who did it', ['trace', 'investigate', 'audit', 'query']],
  ['In the job that deploys', ['assume-role', 'emit', 'session-name', 'validate']],
  ['To set up and to check', ['template', 'doctor']],
];

/** What an argument without a dash can be. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  trace:
    '[component] is kind:name, such as lambda:resize-image, an ARN, or a name alone. Without it, all are asked for.',
  investigate: '<component> is kind:name, such as lambda:resize-image, an ARN, or a name alone.',
  validate: '[file..] are files of markers, audit events or request bodies. Without any, stdin is read.',
  template: '<name> is that of a template below.',
};

/** Help for one command; or without a command the list of all. */
export async function renderHelp(command: Command | undefined): Promise<string> {
  return `${command === undefined ? overview() : await commandPage(command)}\n`;
}

function overview(): string {
  const sections = SECTIONS.map(([title, names]) => {
    const commands = names.flatMap(name => COMMANDS.filter(command => command.name === name));
    return describeList(
      { title, rows: commands.map(({ name }) => [name, TEXTS[name].summary]) },
      'session-name',
    );
  });
  const examples: Examples = [
    ['trace resize-image', 'Who changed this function in a week? Nothing has to be set up for it.'],
    [
      'emit --env dev --component lambda:a --file deploys.jsonl',
      'Record a deploy in a file: no account is needed.',
    ],
  ];
  return [
    'Usage: deploy-marker <command> [flags]',
    'Ties changes on AWS to the deploys, the commits and the people behind them.',
    ...sections,
    describeExamples(examples),
    'See deploy-marker help <command> for its flags, and deploy-marker version.',
  ].join('\n\n');
}

async function commandPage(command: Command): Promise<string> {
  const options = await command.loadOptions();
  const { summary, examples, flags }: CommandText<OptionTable> = TEXTS[command.name];
  const list = await command.listArguments?.();
  const page = yargs().scriptName('deploy-marker').locale('en').wrap(WIDTH).version(false).help(false);
  const about = `${summary} ${ARGUMENTS[command.name] ?? ''}`.trimEnd();
  page.usage(`Usage: $0 ${toWords(command)} [flags]\n\n${foldText(about)}`);
  const known: OptionTable = { ...options, ...COMMON_FLAGS };
  for (const [flag, text] of Object.entries<FlagText>({ ...flags, ...COMMON_TEXTS })) {
    const option = known[flag];
    if (option === undefined) throw new Error(`--${flag} has a text, and is no flag`);
    const { value } = option;
    const alias = flag === 'help' ? { alias: 'h' } : {};
    // The parser knows no name for a value, and has room for one behind the flag's.
    page.option(value === undefined ? flag : `${flag} ${value}`, {
      group: text.group,
      describe: describeOption(option, text),
      ...alias,
    });
  }
  const lists = list === undefined ? [] : [describeList(list)];
  page.epilogue([...lists, describeExamples(examples), ...describeSettings(options, command)].join('\n\n'));
  let help = '';
  page.showHelp(text => {
    help = text;
  });
  return help;
}

function toWords({ name, positionals }: Pick<Command, 'name' | 'positionals'>): string {
  return positionals === undefined ? name : `${name} ${positionals}`;
}

/** What is told of a flag: the sentence, then in the same words everywhere its values, whether it is a list, its default. */
function describeOption(
  { choices, type, isNames, default: standard }: Option,
  { describe, unset = standard }: FlagText,
): string {
  const parts = [describe];
  if (choices !== undefined) parts.push(`One of ${choices.join(', ')}.`);
  if (type === 'list') parts.push(isNames ? 'Repeat it, or put commas between.' : 'Repeat it for more.');
  if (unset?.startsWith('needed')) parts.push(`N${unset.slice(1)}.`);
  else if (unset !== undefined) parts.push(`Default: ${unset}.`);
  return parts.join(' ');
}

/**
 * Lists and examples by hand, for the parser's own two columns break lines anywhere.
 *
 * @param widest the word that all lists of a page leave room for
 */
function describeList({ title, rows }: ArgumentList, widest = ''): string {
  const indent = Math.max(widest.length, ...rows.map(([word]) => word.length)) + 4;
  const lines = rows.map(([word, meaning]) => {
    const folded = fold(meaning.split(' '), WIDTH - indent).join(`\n${' '.repeat(indent)}`);
    return `  ${word.padEnd(indent - 2)}${folded}`;
  });
  return `${title}:\n${lines.join('\n')}`;
}

type Examples = CommandText<OptionTable>['examples'];

function describeExamples(examples: Examples): string {
  const lines = examples.map(
    ([line, purpose]) => `  # ${purpose}\n${foldCommandLine(`deploy-marker ${line}`)}`,
  );
  return `Examples:\n${lines.join('\n')}`;
}

/** Which of the flags can be set elsewhere, if any. */
function describeSettings(options: OptionTable, { name, takesAllSettings }: Command): string[] {
  const own = Object.entries<Option>(options);
  const not = own.filter(([, { configurable }]) => configurable === false).map(([flag]) => `--${flag}`);
  if (takesAllSettings) {
    return [
      foldText(
        `It also takes every flag of another command that can be set ${PLACES}, which ${not.join(' and ')} cannot.`,
      ),
    ];
  }
  if (own.length === not.length) return [];
  const but = not.length === 0 ? '' : ` but ${not.join(', ')}`;
  const hasLists = own.some(([, { type, configurable }]) => type === 'list' && configurable !== false);
  const lists = hasLists ? ' In a variable, a list has one value on each line.' : '';
  return [foldText(`The flags of ${name} itself${but} can also be set ${PLACES}.${lists}`)];
}

function foldText(text: string): string {
  return fold(text.split(' '), WIDTH).join('\n');
}

/** Breaks a command line before flags, the way a shell takes it, so that no line is broken elsewhere. */
function foldCommandLine(line: string): string {
  const rows = fold(line.split(/ (?=--)/), WIDTH - 8);
  return rows.map((row, index) => `${index === 0 ? '  ' : '    '}${row}`).join(' \\\n');
}

/** Rows of less than `width` characters, where the parts allow it. */
function fold(parts: readonly string[], width: number): string[] {
  const rows: string[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + part.length < width) rows[rows.length - 1] = `${last} ${part}`;
    else rows.push(part);
  }
  return rows;
}

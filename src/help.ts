import yargs from 'yargs';
import type { ArgumentList, Command } from './commands/command.ts';
import { COMMON_FLAGS } from './commands/flags.ts';
import { COMMANDS } from './commands/table.ts';
import type { Option, OptionTable } from './config/option.ts';

const WIDTH = 80;
const PLACES = 'as DEPLOY_MARKER_<FLAG> or in deploy-marker.json';
const SETTINGS_NOTE = `Flags can also be set ${PLACES}.`;

type Yargs = ReturnType<typeof yargs>;

/** Help for one command; or without a command the list of all. */
export async function renderHelp(command: Command | undefined): Promise<string> {
  const page = command === undefined ? createOverview() : await createCommandPage(command);
  let help = '';
  page.parse(['--help'], {}, (_error, _argv, output) => {
    help = output;
  });
  return `${help}\n`;
}

function createPage(): Yargs {
  return yargs()
    .scriptName('deploy-marker')
    .locale('en')
    .wrap(WIDTH)
    .version(false)
    .help('help', COMMON_FLAGS.help.describe)
    .alias('help', 'h');
}

function createOverview(): Yargs {
  const page = createPage().usage('Usage: $0 <command> [flags]').epilogue(SETTINGS_NOTE);
  for (const command of COMMANDS) page.command(toWords(command), command.summary);
  return page;
}

async function createCommandPage(command: Command): Promise<Yargs> {
  const options = await command.loadOptions();
  const list = await command.listArguments?.();
  const page = createPage().usage(`Usage: $0 ${toWords(command)} [flags]\n\n${command.summary}`);
  for (const [flag, option] of Object.entries<Option>({ ...options, ...COMMON_FLAGS })) {
    if (flag !== 'help') page.option(flag, toYargsOption(option));
  }
  const lists = list === undefined ? [] : [describeList(list)];
  return page.epilogue(
    [...lists, describeExamples(command), ...describeSettings(options, command)].join('\n\n'),
  );
}

function toWords({ name, positionals }: Command): string {
  return positionals === undefined ? name : `${name} ${positionals}`;
}

/** Lists and examples by hand, for the parser's own two columns break lines anywhere. */
function describeList({ title, rows }: ArgumentList): string {
  const indent = Math.max(...rows.map(([word]) => word.length)) + 4;
  const lines = rows.map(([word, meaning]) => {
    const folded = fold(meaning.split(' '), WIDTH - indent).join(`\n${' '.repeat(indent)}`);
    return `  ${word.padEnd(indent - 2)}${folded}`;
  });
  return `${title}:\n${lines.join('\n')}`;
}

function describeExamples({ examples }: Command): string {
  const lines = examples.map(
    ([line, purpose]) => `  # ${purpose}\n${foldCommandLine(`deploy-marker ${line}`)}`,
  );
  return `Examples:\n${lines.join('\n')}`;
}

/** Which of the flags can be set elsewhere, if any. */
function describeSettings(options: OptionTable, { takesAllSettings }: Command): string[] {
  const own = Object.entries<Option>(options);
  if (takesAllSettings) {
    const others = own.filter(([, { configurable }]) => configurable === false).map(([flag]) => `--${flag}`);
    return [
      `It also takes every flag of another command that can be set ${PLACES}, which ${others.join(' and ')} cannot.`,
    ];
  }
  return own.some(([, { configurable }]) => configurable !== false) ? [SETTINGS_NOTE] : [];
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

function toYargsOption(option: Option): object {
  const group = option.group === undefined ? {} : { group: option.group };
  const type = option.type === 'list' ? { type: 'string', array: true } : { type: option.type };
  return { ...type, describe: describeOption(option), ...group };
}

function describeOption({ describe, choices, default: standard }: Option): string {
  const values = choices === undefined ? '' : `: ${choices.join(', ')}`;
  return `${describe}${values}${standard === undefined ? '' : ` (default ${standard})`}`;
}

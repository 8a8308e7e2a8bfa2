import yargs from 'yargs';
import type { Command } from './commands/command.ts';
import { COMMANDS, COMMON_FLAGS } from './commands/table.ts';
import type { Option } from './config/option.ts';

const WIDTH = 80;
const ALL_SETTINGS_NOTE = 'It also takes every flag of another command that can be set so.';
const SETTINGS_NOTE = 'Flags can also be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json.';

type Yargs = ReturnType<typeof yargs>;

/** Help for one command, or without one the list of all. */
export function renderHelp(command: Command | undefined): string {
  const page = command === undefined ? createOverview() : createCommandPage(command);
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

function createCommandPage(command: Command): Yargs {
  const page = createPage().usage(`Usage: $0 ${toWords(command)} [flags]\n\n${command.summary}`);
  for (const [flag, option] of Object.entries<Option>({ ...command.options, ...COMMON_FLAGS })) {
    if (flag !== 'help') page.option(flag, toYargsOption(option));
  }
  return page.epilogue(describeExamples(command));
}

function toWords({ name, positionals }: Command): string {
  return positionals === undefined ? name : `${name} ${positionals}`;
}

/** Examples by hand, for the parser's own two columns break command lines apart. */
function describeExamples({ examples, takesAllSettings }: Command): string {
  const lines = examples.map(
    ([line, purpose]) => `  # ${purpose}\n${foldCommandLine(`deploy-marker ${line}`)}`,
  );
  const notes = takesAllSettings ? [SETTINGS_NOTE, ALL_SETTINGS_NOTE] : [SETTINGS_NOTE];
  return `Examples:\n${lines.join('\n')}\n\n${notes.join('\n')}`;
}

/** Breaks a command line before flags, the way a shell takes it, so that no line is broken elsewhere. */
function foldCommandLine(line: string): string {
  const rows: string[] = [];
  for (const part of line.split(/ (?=--)/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + part.length < WIDTH - 8)
      rows[rows.length - 1] = `${last} ${part}`;
    else rows.push(part);
  }
  return rows.map((row, index) => `${index === 0 ? '  ' : '    '}${row}`).join(' \\\n');
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

import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/command-line.ts';
import { COMMANDS } from '../../src/commands/table.ts';

const LIST = COMMANDS.map(({ name }) => name).join(', ');

describe('the hint for a word that is none of ours', () => {
  test.each([
    [['emitt'], `did you mean emit? The commands are ${LIST}`],
    [['assume'], `did you mean assume-role? The commands are ${LIST}`],
    [['install'], `the commands are ${LIST}`],
    [['help', 'emitt'], `did you mean emit? The commands are ${LIST}`],
    [['versions'], `the commands are ${LIST}`],
    [[''], `the commands are ${LIST}`],
    [['emit', '--chanel-arn', 'x'], 'did you mean --channel-arn?'],
    [['assume-role', '--role', 'x'], 'did you mean --role-arn?'],
    [['template', '--list'], 'see deploy-marker template --help'],
    [['template', '--timeout=5s'], 'it is a flag of emit, investigate; see deploy-marker template --help'],
    [['validate', '--trust-policy', 'x'], 'it is a flag of doctor; see deploy-marker validate --help'],
    [['template', '-x'], 'see deploy-marker template --help'],
    [['template', 'logs', '--RetentionDays', '731'], 'write --param RetentionDays=731'],
    [['template', '--RetentionDays=731', 'logs'], 'write --param RetentionDays=731'],
    [['template', 'logs', '--RetentionDays'], 'write --param RetentionDays=VALUE'],
    [['template', 'logs', '--LogGroupName', 'a b'], 'write --param LogGroupName=VALUE'],
    [['validate', '--RetentionDays', '731'], 'see deploy-marker validate --help'],
  ])('%j', async (argv, hint) => {
    await expect(parseCommandLine(argv)).rejects.toMatchObject({ code: 'USAGE', hint });
  });
});

describe('help and version are commands, too', () => {
  test.each([
    [['help'], ['--help']],
    [
      ['help', 'trace'],
      ['trace', '--help'],
    ],
    [['help', 'help'], ['--help']],
    [
      ['trace', 'help'],
      ['trace', '--help'],
    ],
    [['help', '--debug'], ['--help']],
    [['version'], ['--version']],
    [['version', '--json'], ['--version']],
  ])('%j is %j', async (words, flags) => {
    const asked = await parseCommandLine(words);
    expect(asked).toMatchObject({ kind: 'text' });
    expect(asked).toEqual(await parseCommandLine(flags));
  });
});

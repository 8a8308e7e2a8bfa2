import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/command-line.ts';
import { FLAGS } from '../../src/commands/all-settings.ts';
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
    [['trace', '--last', '2h'], 'did you mean --since 2h?'],
    [['trace', '--hours', '2'], 'did you mean --since 2h?'],
    [['audit', '--days', '7'], 'did you mean --since 7d?'],
    [['trace', '--from', 'yesterday', '--to', 'now'], 'did you mean --since yesterday?'],
    [['trace', '--commit', 'a1b2c3d'], 'did you mean --git-sha a1b2c3d?'],
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

describe('words are flags and arguments', () => {
  test.each([
    [['emit', '--env', 'prod', '--git-sha=abc'], { env: 'prod', 'git-sha': 'abc' }, []],
    [['emit', '--env=prod', '--env', 'dev'], { env: 'dev' }, []],
    [['emit', '--env='], { env: '' }, []],
    [['emit', '--env', ''], { env: '' }, []],
    [['emit', '--component', 'a:b', '--component=c:d'], { component: ['a:b', 'c:d'] }, []],
    [['emit', '--label=--x=1'], { label: ['--x=1'] }, []],
    [['emit', '--max-rate', '-5'], { 'max-rate': '-5' }, []],
    [['emit', '--dry-run'], { 'dry-run': true }, []],
    [['emit', '--dry-run=1', '--json=0'], { 'dry-run': true, json: false }, []],
    [['emit', '--dry-run', 'true', '--json', 'false'], { 'dry-run': true, json: false }, []],
    [['emit', '--json', '--json=false'], { json: false }, []],
    [['validate', 'a', '--json', 'b'], { json: true }, ['a', 'b']],
    [['validate', '--', '--json', '-x'], {}, ['--json', '-x']],
    [['validate', '--json', '--', 'true'], { json: true }, ['true']],
    [['validate', '-'], {}, ['-']],
  ])('%j', async (argv, flags, positionals) => {
    const asked = expect.objectContaining({ kind: 'command', flags, positionals });
    expect(await parseCommandLine(argv)).toEqual(asked);
  });

  test.each([
    [['emit', '--env', '--json'], '--env needs a value'],
    [['emit', '--env', '--'], '--env needs a value'],
    [['emit', '--env', '-x'], '--env needs a value'],
    [['emit', '--component', 'a:b', '--component'], '--component needs a value'],
    [['emit', '--json=yes'], '--json must be true, false, 1 or 0, got "yes"'],
    [['emit', '--json', 'yes'], 'emit takes no argument, got "yes"'],
    [['emit', '--no-json'], '--no-json is not a flag of emit'],
    [['emit', '--__proto__=x'], '--__proto__ is not a flag of emit'],
    [['emit', '-xyz'], '-x is not a flag of emit'],
    [['validate', '-5'], '-5 is not a flag of validate'],
  ])('%j does not hold', async (argv, message) => {
    await expect(parseCommandLine(argv)).rejects.toMatchObject({ code: 'USAGE', message });
  });
});

test('what a configuration may set is of all commands', async () => {
  const loaded = await Promise.all(
    COMMANDS.map(async ({ name, loadOptions }) => [name, await loadOptions()]),
  );
  expect(Object.fromEntries(loaded)).toEqual(FLAGS);
});

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emitTo, MARKER_FLAGS, toJsonLines, wholeMarker, withAwsServer } from './emit/scene.ts';
import { CLI, errorOf, makeFolder, runCli } from './run-cli.ts';

const COMMANDS = ['session-name', 'assume-role', 'emit', 'validate', 'trace', 'template'];

describe.concurrent('the program', () => {
  test('runs from a path with a space, in an unrelated directory', () =>
    withAwsServer(async server => {
      const folder = join(await makeFolder(), 'a b');
      await mkdir(folder);
      await cp(dirname(CLI), join(folder, 'dist'), { recursive: true });
      const script = join(folder, 'dist', 'cli.cjs');
      expect(await emitTo(server, [], { script, cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
      expect(server.state.stored).toHaveLength(1);
      const input = toJsonLines([wholeMarker(1)]);
      expect(await runCli(['validate'], { script, cwd: '/', input })).toMatchObject({ code: 0, stderr: '' });
    }));

  test.each([['stdout'], ['stderr']] as const)(
    'stores the marker and ends with 0 though nobody reads %s',
    closed =>
      withAwsServer(async server => {
        const env = { AWS_CREDENTIAL_EXPIRATION: '2100-01-01T00:00:00Z' };
        const result = await emitTo(server, ['--debug'], { closed: [closed], env });
        expect(result).toMatchObject({ code: 0, signal: null });
        expect(server.state.stored).toHaveLength(1);
      }),
  );

  test('keeps its exit code though nobody reads the error', async () => {
    const result = await runCli(['emit', '--nonsense'], { closed: ['stdout', 'stderr'] });
    expect(result).toMatchObject({ code: 2, signal: null });
  });

  test('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    const expected = { code: 0, stdout: `${version}\n`, stderr: '' };
    expect(await runCli(['--version'])).toMatchObject(expected);
    expect(await runCli(['emit', '--version'])).toMatchObject(expected);
  });

  test.each(COMMANDS)('helps with %s in 80 columns, with examples', async command => {
    const help = await runCli([command, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    const lines = help.stdout.split('\n');
    expect(lines.filter(line => line.length > 80)).toEqual([]);
    const examples = lines.slice(lines.indexOf('Examples:'));
    expect(examples.filter(line => line.startsWith(`  deploy-marker ${command}`)).length).toBeGreaterThan(1);
    expect((await runCli([command, '-h'])).stdout).toBe(help.stdout);
  });

  test('helps with what flags do, under headings', async () => {
    const { stdout } = await runCli(['emit', '--help']);
    expect(stdout).toMatch(
      /^What was deployed:\n {6}--env ENV +Name the environment, such as prod\. Needed/m,
    );
    expect(stdout).toMatch(/^ {6}--timeout DURATION +End all attempts after this time/m);
    expect(stdout).toMatch(/^Every command:\n {6}--json +Print one JSON object/m);
  });

  test('helps with all commands', async () => {
    const help = await runCli(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^ .*\\b${command}\\b`, 'm'));
    expect(help.stdout.split('\n').filter(line => line.length > 80)).toEqual([]);
  });

  test('keeps the SDK’s words about old Node versions to itself', () =>
    withAwsServer(async server => {
      const folder = await makeFolder();
      const { id, secret, sessionToken } = server.state.defaultKey;
      const keys = `aws_access_key_id=${id}\naws_secret_access_key=${secret}\naws_session_token=${sessionToken}`;
      await writeFile(join(folder, 'credentials'), `[deploy]\n${keys}\n`);
      const env = {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SESSION_TOKEN: undefined,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
        AWS_PROFILE: 'deploy',
      };
      expect(await emitTo(server, [], { env })).toMatchObject({ code: 0, stderr: '' });
      expect(server.state.stored).toHaveLength(1);
    }));

  test('writes nothing to the home and working directories', () =>
    withAwsServer(async server => {
      const [cwd, home] = [await makeFolder(), await makeFolder()];
      expect((await emitTo(server, [], { cwd, env: { HOME: home } })).code).toBe(0);
      expect([...(await readdir(cwd)), ...(await readdir(home))]).toEqual([]);
    }));
});

describe.concurrent('a command line that does not hold', () => {
  test.each([
    ['no command', [], 'no command is given', 'see deploy-marker --help'],
    ['an unknown command', ['emitt'], '"emitt" is not a command', 'did you mean emit?'],
    [
      'a command that none is near to',
      ['xyzzy'],
      '"xyzzy" is not a command',
      'the commands are session-name',
    ],
    ['an unknown flag', ['emit', '--chanel-arn', 'x'], '--chanel-arn is not a flag', '--channel-arn?'],
    ['another command’s flag', ['validate', '--env', 'prod'], '--env is not a flag of validate', '--'],
    ['a flag before the command', ['--quiet', 'emit'], 'the command comes first', '--help'],
    ['a flag without its value', ['emit', '--env'], '--env needs a value', '--env'],
    ['a flag where a value is due', ['emit', '--env', '--component', 'a:b'], '--env needs a value', '--env'],
    ['an argument too many', ['emit', ...MARKER_FLAGS, 'more'], 'takes no argument, got "more"', '--help'],
    ['a choice that is none', ['emit', '--status', 'done'], '--status must be one of', 'success'],
    [
      'a list’s choice that is none',
      ['emit', '--sink', 'lakes'],
      '--sink must be one of lake, logs, s3, file',
      'lake',
    ],
    ['a timeout that is none', ['emit', ...MARKER_FLAGS, '--timeout', 'soon'], '--timeout must be', '30s'],
    ['a rate over the service’s', ['emit', ...MARKER_FLAGS, '--max-rate', '101'], '--max-rate must be', '50'],
    [
      'a label without a value',
      ['emit', ...MARKER_FLAGS, '--label', 'team'],
      '--label must be',
      'team=billing',
    ],
    [
      'an external id out of range',
      [
        ...['emit', ...MARKER_FLAGS, '--external-id', 'a b'],
        ...[
          '--channel-arn',
          'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b',
        ],
      ],
      'the external id has the length 3; character 2 is none of A-Z',
      '--external-id',
    ],
    ['no environment', ['emit', '--component', 'a:b', '--git-sha', 'a1b2c3d'], 'environment', '--env'],
    ['no component', ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d'], 'component', '--component'],
    ['no commit', ['emit', '--env', 'prod', '--component', 'a:b'], 'commit', '--git-sha'],
  ])('for %s ends with 2 and says what to do', async (_, args, message, hint) => {
    const cwd = await makeFolder();
    const result = await runCli(args, { cwd });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    const error = errorOf(result);
    expect(error.code).toBe('USAGE');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('is told as JSON where --json asks for it', async () => {
    const result = await runCli(['emit', '--chanel-arn', 'x', '--json']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(result.stderr).error).toMatchObject({ code: 'USAGE', exitCode: 2 });
  });

  test('never shows a control character of what it repeats', async () => {
    const result = await runCli(['emit', ...MARKER_FLAGS, '--timeout', '\u001b[31m\u0007\n1']);
    expect(result.code).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect(result.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

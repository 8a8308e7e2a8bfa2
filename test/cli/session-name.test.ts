import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, type RunOptions, runCli } from './run-cli.ts';
import { readInFreshBash } from './shell-environment.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const PARTS = ['--env', 'prod', '--workflow', 'deploy-prod', '--job', 'sam-deploy', '--git-sha', SHA];
const NAME = 'ci-prod-deploy-prod-sam-deploy-0123456';

const JOBS: readonly (readonly [system: string, env: Record<string, string>, name: string])[] = [
  [
    'CircleCI',
    {
      CIRCLECI: 'true',
      CIRCLE_WORKFLOW_ID: 'f0e1d2c3-aaaa-bbbb-cccc-000000000000',
      CIRCLE_JOB: 'sam-deploy',
      CIRCLE_SHA1: SHA,
    },
    'ci-prod-f0e1d2c3-sam-deploy-0123456',
  ],
  [
    'CircleCI with an empty pipeline value',
    { CIRCLECI: 'true', CIRCLE_WORKFLOW_ID: '<nil>', CIRCLE_JOB: 'deploy', CIRCLE_SHA1: SHA },
    'ci-prod-deploy-0123456',
  ],
  [
    'GitHub Actions',
    {
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '9876543210',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_JOB: 'deploy',
      GITHUB_SHA: SHA,
    },
    'ci-prod-9876543210-2-deploy-0123456',
  ],
  [
    'GitLab CI',
    { GITLAB_CI: 'true', CI_PIPELINE_ID: '4711', CI_JOB_NAME: 'deploy: [eu]', CI_COMMIT_SHA: SHA },
    'ci-prod-4711-deploy-eu-0123456',
  ],
  [
    'Buildkite',
    { BUILDKITE: 'true', BUILDKITE_BUILD_NUMBER: '42', BUILDKITE_STEP_KEY: 'deploy', BUILDKITE_COMMIT: SHA },
    'ci-prod-42-deploy-0123456',
  ],
];

async function git(cwd: string, ...args: string[]): Promise<string> {
  const config = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  return (await promisify(execFile)('git', [...config, ...args], { cwd })).stdout.trim();
}

/** The name of this job with exact stdout; notes are none. */
async function nameOf(args: readonly string[], options?: RunOptions): Promise<string> {
  const result = await runCli(['session-name', ...args], options);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

describe.concurrent('composes from what CI tells', () => {
  test.each(JOBS)('%s', async (_system, env, name) => {
    const result = await runCli(['session-name', '--env', 'prod', '--quiet'], { env });
    expect(result).toMatchObject({ code: 0, stdout: `${name}\n`, stderr: '' });
  });

  test('a flag counts more than its variable, that more than the file, that more than CI', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'deploy-marker.json'), '{"env":"file","job":"file","prefix":"file"}');
    const env = { ...JOBS[0]?.[1], DEPLOY_MARKER_JOB: 'variable', DEPLOY_MARKER_ENV: 'variable' };
    expect(await nameOf(['--env', 'flag'], { cwd, env })).toBe('file-flag-f0e1d2c3-variable-0123456\n');
  });

  test('the commit is the one that is checked out; if CI names another, both are told', async () => {
    const cwd = await makeFolder();
    await git(cwd, 'init', '-q');
    await git(cwd, 'commit', '-q', '--allow-empty', '-m', 'first');
    const head = await git(cwd, 'rev-parse', 'HEAD');
    const named = (sha: string) => ({ cwd, env: { CI: 'true', CIRCLECI: 'true', CIRCLE_SHA1: sha } });
    const other = await runCli(['session-name', '--env', 'prod'], named(SHA));
    expect(other).toMatchObject({ code: 0, stdout: `ci-prod-${head.slice(0, 7)}\n` });
    expect(other.stderr).toContain(head);
    expect(other.stderr).toContain(SHA);
    const same = await runCli(['session-name', '--env', 'prod'], named(head));
    expect(same).toMatchObject({ code: 0, stdout: other.stdout, stderr: '' });
    const flag = await runCli(['session-name', '--env', 'prod', '--git-sha', SHA], named(head));
    expect(flag).toMatchObject({ code: 0, stdout: `ci-prod-${SHA.slice(0, 7)}\n`, stderr: '' });
    const dir = await makeFolder();
    const none = await runCli(['session-name', '--env', 'prod'], { ...named(SHA), cwd: dir });
    expect(none).toMatchObject({ code: 0, stdout: `ci-prod-${SHA.slice(0, 7)}\n`, stderr: '' });
  });

  test('the commit comes from git where there is no CI', async () => {
    const cwd = await makeFolder();
    await git(cwd, 'init', '-q');
    await git(cwd, 'commit', '-q', '--allow-empty', '-m', 'first');
    const head = await git(cwd, 'rev-parse', 'HEAD');
    expect(await nameOf(['--env', 'prod'], { cwd })).toBe(`ci-prod-${head.slice(0, 7)}\n`);
  });

  test('an empty flag or variable is an absent one', async () => {
    const env = { ...JOBS[0]?.[1], DEPLOY_MARKER_PREFIX: '' };
    expect(await nameOf(['--env', 'prod', '--job', ''], { env })).toBe(
      'ci-prod-f0e1d2c3-sam-deploy-0123456\n',
    );
  });
});

describe.concurrent('composes from flags', () => {
  test('all of them', async () => {
    expect(await nameOf(PARTS)).toBe(`${NAME}\n`);
    expect(await nameOf([...PARTS, '--prefix', 'deploy', '--strict'])).toBe(
      'deploy-prod-deploy-prod-sam-deploy-0123456\n',
    );
  });

  test('--json is this document, for a name that came out as written', async () => {
    const result = await runCli(['session-name', ...PARTS, '--json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toBe(`{"name":"${NAME}","length":${NAME.length},"digest":null,"changes":[]}\n`);
  });

  test('what was changed is told on stderr and in --json, with the digest of all parts', async () => {
    const args = ['--env', 'prod', '--job', 'Déployer le site', '--git-sha', SHA];
    const plain = await runCli(['session-name', ...args]);
    const json = await runCli(['session-name', ...args, '--json', '--quiet']);
    expect(plain.stderr).toBe(
      'note: job transliterated: "Déployer le site" is "Deployer le site" in the session name\n' +
        'note: job replaced: "Deployer le site" is "Deployer-le-site" in the session name\n',
    );
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const document: unknown = JSON.parse(json.stdout);
    expect(document).toEqual({
      name: plain.stdout.trim(),
      length: plain.stdout.trim().length,
      digest: expect.stringMatching(/^[a-z2-7]{8}$/),
      changes: [
        { part: 'job', from: 'Déployer le site', to: 'Deployer le site', reason: 'transliterated' },
        { part: 'job', from: 'Deployer le site', to: 'Deployer-le-site', reason: 'replaced' },
      ],
    });
    expect(plain.stdout).toMatch(/^ci-prod-Deployer-le-site-[a-z2-7]{8}-0123456\n$/);
  });

  test('300 characters are cut to 64, the commit stays', async () => {
    const args = ['--env', 'prod', '--workflow', 'w'.repeat(300), '--job', 'j'.repeat(300), '--git-sha', SHA];
    const { name, length, changes } = JSON.parse((await runCli(['session-name', ...args, '--json'])).stdout);
    expect(name).toMatch(/^ci-prod-w{19}-j{19}-[a-z2-7]{8}-0123456$/);
    expect(length).toBe(64);
    expect(changes.map((change: { part: string; reason: string }) => [change.part, change.reason])).toEqual([
      ['workflow', 'cut'],
      ['job', 'cut'],
    ]);
  });
});

describe.concurrent('refuses', () => {
  const ENV = ['--env', 'prod'];
  test.each([
    ['no env', ['--git-sha', SHA], 2, 'USAGE', 'the environment is not known'],
    ['no commit outside git', ENV, 2, 'USAGE', 'the commit is not known: neither CI nor git tells it here'],
    [
      'an env of 21 characters',
      ['--env', 'e'.repeat(21), '--git-sha', SHA],
      7,
      'SESSION_NAME_INVALID',
      `env "${'e'.repeat(21)}" has 21 characters; at most 20 are allowed`,
    ],
    [
      'an env of nothing that a name allows',
      ['--env', '$()', '--git-sha', SHA],
      7,
      'SESSION_NAME_INVALID',
      'env "$()" has no character that a session name allows',
    ],
    [
      'a commit that is none',
      [...ENV, '--git-sha', 'main'],
      7,
      'SESSION_NAME_INVALID',
      'commit "main" is not 7 to 64 hexadecimal characters',
    ],
    [
      'a change, with --strict',
      [...ENV, '--git-sha', SHA, '--job', 'a b', '--strict'],
      7,
      'SESSION_NAME_INVALID',
      'job "a b" does not fit into a session name as it is; it would be replaced to "a-b"',
    ],
    [
      'a name with a blank, at its position',
      ['--check', 'ci-prod deploy'],
      7,
      'SESSION_NAME_INVALID',
      'session name "ci-prod deploy" has " " (U+0020) at position 8; STS allows A-Z a-z 0-9 _ + = , . @ -',
    ],
    [
      'a name of one character',
      ['--check', 'x'],
      7,
      'SESSION_NAME_INVALID',
      'session name "x" has 1 characters; STS takes 2 to 64',
    ],
    [
      'a name of 65 characters',
      ['--check', 'x'.repeat(65)],
      7,
      'SESSION_NAME_INVALID',
      `session name "${'x'.repeat(65)}" has 65 characters; STS takes 2 to 64`,
    ],
    ['an argument', [...PARTS, 'prod'], 2, 'USAGE', 'session-name takes no argument, got "prod"'],
  ])('%s', async (_what, args, code, name, message) => {
    const result = await runCli(['session-name', ...args]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: name, message });
    expect(result.stderr.split('\n')).toHaveLength(4);
  });

  test('in JSON when asked to', async () => {
    const result = await runCli(['session-name', '--check', 'a b', '--json']);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({
      error: { code: 'SESSION_NAME_INVALID', exitCode: 7, retryable: false },
    });
  });
});

test('--check accepts every character that STS does', async () => {
  const name = 'aZ09_+=,.@-';
  expect(await nameOf(['--check', name])).toBe(`${name}\n`);
  expect(await nameOf(['--check', name, '--json'])).toBe(
    `{"name":"${name}","length":11,"digest":null,"changes":[]}\n`,
  );
});

const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ['a command', '$(touch pwned)'],
  ['backticks', '`touch pwned`'],
  ['both quotes', `'; touch pwned; echo "'"`],
  ['line breaks', 'a\ntouch pwned\r\nb'],
  ['a leading dash', '-rf --no-preserve'],
  ['other scripts', 'デプロイ 🚀 größe'],
  ['300 characters', `${'x'.repeat(299)}$`],
];

describe.concurrent('--export to $BASH_ENV', () => {
  async function exported(args: readonly string[], more: Record<string, string>): Promise<void> {
    const cwd = await makeFolder();
    const file = join(cwd, 'bash.env');
    await writeFile(file, 'export BEFORE="as it was"');
    const result = await runCli(['session-name', ...args, '--export', 'MY_NAME', '--quiet'], {
      cwd,
      env: { ...more, BASH_ENV: file },
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^[A-Za-z0-9_+=,.@-]{2,64}\n$/);
    const variables = await readInFreshBash(file, cwd);
    expect(variables).toMatchObject({ BEFORE: 'as it was', MY_NAME: result.stdout.trim() });
    expect(await readdir(cwd)).toEqual(['bash.env']);
    expect(await readFile(file, 'utf8')).toBe(
      `export BEFORE="as it was"\nexport MY_NAME='${result.stdout.trim()}'\n`,
    );
  }

  test.each(HOSTILE)('%s in flags', (_what, text) =>
    exported(['--env', 'prod', `--workflow=${text}`, `--job=${text}`, '--git-sha', SHA], {}),
  );

  test.each(HOSTILE)('%s in CIRCLE_JOB', (_what, text) =>
    exported(['--env', 'prod'], { CIRCLECI: 'true', CIRCLE_JOB: text, CIRCLE_SHA1: SHA }),
  );

  test('a new file is for us alone', async () => {
    const file = join(await makeFolder(), 'new.env');
    await nameOf([...PARTS, '--export', 'MY_NAME'], { env: { BASH_ENV: file } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('a symbolic link is not followed', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'target'), 'kept');
    await symlink('target', join(folder, 'link'));
    const result = await runCli(['session-name', ...PARTS, '--export', 'MY_NAME'], {
      env: { BASH_ENV: join(folder, 'link') },
    });
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(errorOf(result).code).toBe('FILE_UNWRITABLE');
    expect(errorOf(result).message).toContain('it is a symbolic link, which is not followed');
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('kept');
  });

  test('a folder is not a file', async () => {
    const folder = join(await makeFolder(), 'folder');
    await mkdir(folder);
    const result = await runCli(['session-name', ...PARTS, '--export', 'MY_NAME'], {
      env: { BASH_ENV: folder },
    });
    expect(result.code).toBe(5);
    expect(errorOf(result).code).toBe('FILE_UNWRITABLE');
  });
});

describe.concurrent('--export elsewhere', () => {
  test('$GITHUB_ENV, in its own form', async () => {
    const file = join(await makeFolder(), 'github.env');
    await nameOf([...PARTS, '--export', 'MY_NAME'], { env: { GITHUB_ENV: file } });
    expect(await readFile(file, 'utf8')).toBe(`MY_NAME=${NAME}\n`);
  });

  test('nowhere to write', async () => {
    const result = await runCli(['session-name', ...PARTS, '--export', 'MY_NAME']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toEqual({
      message: '--export has nowhere to write: neither BASH_ENV nor GITHUB_ENV is set',
      hint: 'outside CI use MY_NAME="$(deploy-marker session-name …)"',
      code: 'USAGE',
    });
  });

  test.each(['PATH', 'BASH_ENV', 'LD_PRELOAD', 'NODE_OPTIONS', 'IFS', 'GITHUB_ENV', 'CIRCLE_SHA1'])(
    '%s is reserved',
    async variable => {
      const file = join(await makeFolder(), 'bash.env');
      const result = await runCli(['session-name', ...PARTS, '--export', variable], {
        env: { BASH_ENV: file },
      });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'USAGE',
        message: `${variable} is a variable that shells, loaders or the CI system use themselves`,
      });
      await expect(stat(file)).rejects.toThrow('ENOENT');
    },
  );

  test.each(['1A', 'A-B', 'A B', 'A=$(touch pwned)', 'Ä'])('%j is no name', async variable => {
    const result = await runCli(['session-name', ...PARTS, `--export=${variable}`], {
      env: { BASH_ENV: '/nonexistent/file' },
    });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('is not a variable name; it must match [A-Za-z_][A-Za-z0-9_]*');
  });
});

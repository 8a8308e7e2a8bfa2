import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readGitFacts } from '../../../src/ci/git.ts';

let dir: string;
/** Neither the machine's configuration nor a repository above the temporary directory counts. */
let env: Record<string, string>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ci git '));
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: tmpdir(),
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@a.example',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@a.example',
  };
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: dir,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function commit(): string {
  git('init', '-q', '-b', 'feature/x');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  return git('rev-parse', 'HEAD');
}

describe('readGitFacts', () => {
  test('commit, branch and origin, also from a folder inside', async () => {
    const sha = commit();
    git('remote', 'add', 'origin', 'https://user:hunter2@github.com/acme/app.git');
    mkdirSync(join(dir, 'sub'));
    expect(await readGitFacts({ cwd: join(dir, 'sub'), env })).toStrictEqual({
      sha,
      ref: 'feature/x',
      repository: 'acme/app',
    });
  });

  test('a detached HEAD has no branch; no origin, no repository', async () => {
    const sha = commit();
    git('checkout', '-q', '--detach');
    expect(await readGitFacts({ cwd: dir, env })).toStrictEqual({ sha });
  });

  test('SHA-256 repositories', async () => {
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    git('commit', '-q', '--allow-empty', '-m', 'one');
    expect((await readGitFacts({ cwd: dir, env })).sha).toMatch(/^[0-9a-f]{64}$/);
  });

  test('nothing outside a repository, before the first commit, in no folder, and without git', async () => {
    expect(await readGitFacts({ cwd: dir, env })).toStrictEqual({});
    expect(await readGitFacts({ cwd: join(dir, 'none'), env })).toStrictEqual({});
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', 'git@github.com:acme/app.git');
    expect(await readGitFacts({ cwd: dir, env })).toStrictEqual({});
    expect(await readGitFacts({ cwd: dir, env: { ...env, PATH: join(dir, 'no-bin') } })).toStrictEqual({});
  });

  test("nothing that the repository's configuration names is run", async () => {
    const sha = commit();
    const trap = join(dir, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch "${join(dir, 'sprung')}"\n`);
    chmodSync(trap, 0o755);
    for (const key of ['core.fsmonitor', 'core.pager', 'pager.config', 'core.editor', 'core.sshCommand']) {
      git('config', key, trap);
    }
    git('config', 'alias.rev-parse', `!${trap}`);
    expect((await readGitFacts({ cwd: dir, env })).sha).toBe(sha);
    expect(existsSync(join(dir, 'sprung'))).toBe(false);
  });

  test('a git that prints something else, or hangs, tells nothing', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho not-a-commit\n');
    chmodSync(join(bin, 'git'), 0o755);
    expect(await readGitFacts({ cwd: dir, env: { ...env, PATH: bin } })).toStrictEqual({});

    symlinkSync('/bin/sleep', join(bin, 'sleep'));
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nexec sleep 60\n');
    expect(await readGitFacts({ cwd: dir, env: { ...env, PATH: bin } })).toStrictEqual({});
  });

  test('an aborted signal ends it', async () => {
    commit();
    await expect(readGitFacts({ cwd: dir, env, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

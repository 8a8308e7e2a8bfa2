import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GithubOidc, startGithubOidc } from '../../fakes/github-oidc.ts';
import { readTokenClaims } from '../../fakes/oidc-token.ts';

describe("GitHub's token endpoint", () => {
  let github: GithubOidc;
  beforeEach(async () => {
    github = await startGithubOidc();
  });
  afterEach(() => github.close());

  async function ask(
    query: string,
    bearer = github.env()['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  ): Promise<Response> {
    const url = `${github.env()['ACTIONS_ID_TOKEN_REQUEST_URL']}${query}`;
    return fetch(url, { headers: { authorization: `bearer ${bearer}` } });
  }

  test('gives a token for the audience that is asked for', async () => {
    const answer = await ask('&audience=sts.amazonaws.com');
    const { value } = JSON.parse(await answer.text());
    expect(readTokenClaims(value)).toMatchObject({ aud: 'sts.amazonaws.com' });
    expect(github.requests).toEqual([
      { method: 'GET', path: '/token', audience: 'sts.amazonaws.com', status: 200 },
    ]);
  });

  test('refuses a wrong bearer token, a second question mark and another path', async () => {
    const statuses = [
      (await ask('', 'wrong')).status,
      (await ask('?audience=x')).status,
      (await fetch(`${github.url}/other`)).status,
    ];
    expect(statuses).toEqual([401, 400, 400]);
  });

  test('fails as often as it is told', async () => {
    github.fail(503, 2);
    const statuses = [(await ask('')).status, (await ask('')).status, (await ask('')).status];
    expect(statuses).toEqual([503, 503, 200]);
  });
});

describe('bin/circleci', () => {
  const stub = fileURLToPath(new URL('../../fakes/bin/circleci', import.meta.url));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fake circleci '));
  });
  afterEach(() => rm(folder, { recursive: true }));

  function run(
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const full = { PATH: process.env['PATH'] ?? '', FAKE_CIRCLECI_LOG: join(folder, 'log'), ...env };
    return new Promise(resolve => {
      const child = execFile(stub, args, { env: full }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  test('prints the token and logs its arguments', async () => {
    const env = { FAKE_CIRCLECI_TOKEN: 'a.b.c' };
    expect(await run(['run', 'oidc', 'get'], env)).toEqual({ code: 0, stdout: 'a.b.c\n', stderr: '' });
    expect(await run(['run', 'oidc', 'get', '--claims', '{"aud":"x y"}'], env)).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe(
      'circleci\trun\toidc\tget\ncircleci\trun\toidc\tget\t--claims\t{"aud":"x y"}\n',
    );
  });

  test('fails when told to, and on anything it does not know', async () => {
    const failure = await run(['run', 'oidc', 'get'], { FAKE_CIRCLECI_FAIL: 'no token' });
    expect(failure).toEqual({ code: 1, stdout: '', stderr: 'Error: no token\n' });
    for (const args of [
      ['env', 'subst'],
      ['run', 'oidc', 'get', '--aud', 'x'],
      ['run', 'oidc', 'get', '--claims'],
      [],
    ])
      expect(await run(args)).toMatchObject({ code: 2, stdout: '' });
  });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FindTokenOptions, findOidcToken, type OidcToken } from '../../../src/ci/token/oidc-token.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import type { Env } from '../../../src/io/io.ts';
import { mintToken } from '../../fakes/oidc-token.ts';

const NOW = Date.parse('2026-03-04T05:06:07Z');
const SUB = 'org/o/project/p/user/u';

/** A token that expires this many seconds after NOW. */
function tokenFor(seconds: number, sub = SUB): string {
  return mintToken({ sub, iat: NOW / 1000 - 3000, exp: NOW / 1000 + seconds });
}

let dir: string;
let bin: string;
let warnings: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ci token '));
  bin = join(dir, 'bin');
  mkdirSync(bin);
  warnings = [];
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function find(env: Env, options: Partial<FindTokenOptions> = {}): Promise<OidcToken> {
  return findOidcToken({
    env: { PATH: bin, ...env },
    now: () => NOW,
    cwd: dir,
    warn: note => warnings.push(note),
    ...options,
  });
}

async function fail(env: Env, options: Partial<FindTokenOptions> = {}): Promise<DeployMarkerError> {
  const found: unknown = await find(env, options).catch((error: unknown) => error);
  if (found instanceof DeployMarkerError) return found;
  throw new Error(`expected a DeployMarkerError, got ${JSON.stringify(found)}`);
}

/** Everything that a user could see of this run. */
function shown(error?: DeployMarkerError): string {
  return [...warnings, error?.message, error?.hint, error?.stack, String(error?.cause)].join('\n');
}

/** A program on PATH that logs its arguments and prints the text of a file. */
function stub(
  program: string,
  answer: { stdout?: string; stderr?: string; exit?: number; hang?: boolean },
): void {
  writeFileSync(join(dir, `${program}.stdout`), answer.stdout ?? '');
  writeFileSync(join(dir, `${program}.stderr`), answer.stderr ?? '');
  const script = [
    '#!/bin/sh',
    `printf '[%s]' "$@" >> "${dir}/argv.log"; echo >> "${dir}/argv.log"`,
    answer.hang ? 'exec /bin/sleep 60' : '',
    `/bin/cat "${dir}/${program}.stdout"`,
    `/bin/cat "${dir}/${program}.stderr" >&2`,
    `exit ${answer.exit ?? 0}`,
  ];
  writeFileSync(join(bin, program), script.join('\n'));
  chmodSync(join(bin, program), 0o755);
}

function argvLog(): string {
  return readFileSync(join(dir, 'argv.log'), 'utf8');
}

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('the order of places', () => {
  const names = ['file', 'env', 'own', 'v2', 'v1', 'pod'] as const;
  const tokens = Object.fromEntries(names.map(name => [name, tokenFor(3600, name)]));

  function everything(): { env: Record<string, string | undefined>; options: Partial<FindTokenOptions> } {
    return {
      env: {
        CIRCLECI: 'true',
        MY_TOKEN: tokens['env'],
        DEPLOY_MARKER_ID_TOKEN: tokens['own'],
        CIRCLE_OIDC_TOKEN_V2: tokens['v2'],
        CIRCLE_OIDC_TOKEN: tokens['v1'],
        AWS_WEB_IDENTITY_TOKEN_FILE: write('pod', `${tokens['pod']}\n`),
      },
      options: { tokenFile: write('file', `${tokens['file']}\r\n`), tokenEnv: 'MY_TOKEN' },
    };
  }

  test('each is found when those before it are gone', async () => {
    const { env, options } = everything();
    expect(await find(env, options)).toEqual({
      token: tokens['file'],
      source: `the file ${join(dir, 'file')}`,
      origin: 'given',
    });
    expect(await find(env, { tokenEnv: 'MY_TOKEN' })).toEqual({
      token: tokens['env'],
      source: 'MY_TOKEN',
      origin: 'given',
    });
    expect(await find(env)).toEqual({
      token: tokens['own'],
      source: 'DEPLOY_MARKER_ID_TOKEN',
      origin: 'id-token',
    });
    env['DEPLOY_MARKER_ID_TOKEN'] = '';
    expect(await find(env)).toEqual({ token: tokens['v2'], source: 'CIRCLE_OIDC_TOKEN_V2', origin: 'job' });
    env['CIRCLE_OIDC_TOKEN_V2'] = '<nil>';
    expect(await find(env)).toEqual({ token: tokens['v1'], source: 'CIRCLE_OIDC_TOKEN', origin: 'job' });
    expect(warnings).toEqual([]);
    delete env['CIRCLE_OIDC_TOKEN'];
    expect(await find(env)).toEqual({
      token: tokens['pod'],
      source: `the file ${join(dir, 'pod')}`,
      origin: 'pod',
    });
    expect(warnings).toEqual([expect.stringContaining('AWS_WEB_IDENTITY_TOKEN_FILE is used')]);
  });

  test('one alone counts for who asks again, and no other takes its place', async () => {
    const { env } = everything();
    expect((await find(env, { only: 'job' })).token).toBe(tokens['v2']);
    expect((await find(env, { only: 'id-token' })).token).toBe(tokens['own']);
    expect((await find(env, { only: 'pod' })).token).toBe(tokens['pod']);
    symlinkSync(join(dir, 'pod'), join(dir, 'link'));
    const elsewhere = { tokenFile: join(dir, 'link'), only: 'pod' } as const;
    expect((await find({}, elsewhere)).token).toBe(tokens['pod']);
    expect(warnings).toEqual([]);
    const gone = { ...env, CIRCLECI: '', DEPLOY_MARKER_ID_TOKEN: '', AWS_WEB_IDENTITY_TOKEN_FILE: '' };
    for (const only of ['job', 'id-token', 'pod'] as const)
      await expect(find(gone, { only })).rejects.toMatchObject({ code: 'OIDC_TOKEN_MISSING' });
  });

  test("outside CircleCI its variables are not the job's, and the pod's file needs no warning", async () => {
    const { env } = everything();
    const elsewhere = { ...env, CIRCLECI: '', DEPLOY_MARKER_ID_TOKEN: '' };
    expect((await find(elsewhere)).token).toBe(tokens['pod']);
    expect(warnings).toEqual([]);
  });
});

describe('nothing found', () => {
  test.each<[string, Env, RegExp]>([
    ['outside CI', {}, /--token-file/],
    ['circleci', { CIRCLECI: 'true' }, /forked pull request.*4\.4/],
    ['github', { GITHUB_ACTIONS: 'true' }, /permissions: id-token: write/],
    ['gitlab', { GITLAB_CI: 'true' }, /id_tokens: DEPLOY_MARKER_ID_TOKEN/],
    ['buildkite', { BUILDKITE: 'true' }, /buildkite-agent oidc request-token/],
    ['unknown CI', { CI: 'true' }, /--token-file/],
  ])('%s: the hint is one for it', async (_name, env, hint) => {
    const error = await fail(env);
    expect(error.code).toBe('OIDC_TOKEN_MISSING');
    expect(error.hint).toMatch(hint);
    for (const place of [
      '--token-file',
      '--token-env',
      'DEPLOY_MARKER_ID_TOKEN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
    ]) {
      expect(error.message).toContain(place);
    }
  });

  test('circleci: every place and why', async () => {
    stub('circleci-agent', { exit: 3, stderr: 'no task for you\nmore' });
    const error = await fail({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN: '  ' });
    expect(error.message).toBe(
      'no OIDC token was found: --token-file and --token-env were not given; DEPLOY_MARKER_ID_TOKEN is not set; ' +
        'CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set; `circleci run oidc get`: not installed; ' +
        '`circleci-agent run oidc get`: exit 3 (no task for you); AWS_WEB_IDENTITY_TOKEN_FILE is not set',
    );
  });

  test('github: which variable is missing', async () => {
    const error = await fail({ GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example' });
    expect(error.message).toContain('; ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set;');
  });
});

describe('--token-env', () => {
  test.each(['', 'A B', '1A', '$TOKEN', 'A-B', tokenFor(60)])('%j is no name', async name => {
    const error = await fail({}, { tokenEnv: name });
    expect(error.code).toBe('USAGE');
    expect(shown(error)).not.toContain('eyJ');
  });

  test.each([undefined, '', ' \n'])('a variable that is %j is not passed over', async value => {
    const env = { CIRCLECI: 'true', MINE: value, DEPLOY_MARKER_ID_TOKEN: tokenFor(60) };
    expect(await fail(env, { tokenEnv: 'MINE' })).toMatchObject({
      code: 'OIDC_TOKEN_MISSING',
      message: 'no OIDC token was found: MINE, named by --token-env, is not set',
      hint: 'set MINE, or leave out --token-env',
    });
  });

  test.each([
    ['not.a.jwt!', 'not a JWT'],
    ['secret-value', 'not a JWT'],
    [`a.b.${'c'.repeat(20_000)}`, '20000'],
  ])('refuses a value that is no token, unseen', async (value, why) => {
    const error = await fail({ MINE: value }, { tokenEnv: 'MINE' });
    expect(error).toMatchObject({ code: 'OIDC_TOKEN_UNREADABLE', message: expect.stringContaining(why) });
    expect(shown(error)).not.toContain(value);
  });
});

describe('token files', () => {
  test('a relative path, and exactly the longest token', async () => {
    const token = `a.b.${'c'.repeat(19_996)}`;
    write('t', ` ${token}\n\n`);
    expect(await find({}, { tokenFile: 't' })).toEqual({
      token,
      source: `the file ${join(dir, 't')}`,
      origin: 'given',
    });
  });

  test.each<[string, () => string, string]>([
    ['a missing file', () => join(dir, 'none'), 'there is no such file'],
    ['a directory', () => bin, 'it is a directory'],
    ['an empty file', () => write('t', ' \n'), 'it is empty'],
    ['a file that is too long', () => write('t', 'x'.repeat(1_000_000)), 'longer than 20000'],
    ['a file with something else', () => write('t', '{"value":"secret-value"}'), 'not a JWT'],
    [
      'a FIFO',
      () => {
        execFileSync('mkfifo', [join(dir, 'fifo')]);
        return join(dir, 'fifo');
      },
      'it is not a regular file',
    ],
    [
      'a symbolic link',
      () => {
        symlinkSync(write('t', tokenFor(60)), join(dir, 'link'));
        return join(dir, 'link');
      },
      'it is a symbolic link',
    ],
    ['a device', () => '/dev/null', 'it is not a regular file'],
  ])('%s', async (_name, make, why) => {
    const error = await fail({ DEPLOY_MARKER_ID_TOKEN: tokenFor(60) }, { tokenFile: make() });
    expect(error).toMatchObject({ code: 'OIDC_TOKEN_UNREADABLE', message: expect.stringContaining(why) });
    expect(shown(error)).not.toContain('secret-value');
  });

  test("the pod's file is a link to a link, as the kubelet makes it", async () => {
    const token = tokenFor(3600);
    mkdirSync(join(dir, '..data-1'));
    write('..data-1/token', token);
    symlinkSync('..data-1', join(dir, '..data'));
    symlinkSync('..data/token', join(dir, 'token'));
    expect((await find({ AWS_WEB_IDENTITY_TOKEN_FILE: join(dir, 'token') })).token).toBe(token);
  });

  test("the pod's file is an error when it is set and bad", async () => {
    const error = await fail({ AWS_WEB_IDENTITY_TOKEN_FILE: bin });
    expect(error).toMatchObject({
      code: 'OIDC_TOKEN_UNREADABLE',
      hint: expect.stringContaining('AWS_WEB_IDENTITY'),
    });
  });
});

describe('CircleCI', () => {
  test.each([61, 3600])('a token good for %i s is used as it is', async seconds => {
    stub('circleci', { stdout: tokenFor(9999) });
    const token = tokenFor(seconds);
    expect((await find({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: token })).token).toBe(token);
    expect(argvLog).toThrow();
  });

  test.each([60, 1, 0, -100])('a token with %i s left is replaced, and is in no argument', async seconds => {
    const fresh = tokenFor(3600);
    stub('circleci', { stdout: `${fresh}\n` });
    const old = tokenFor(seconds);
    const found = await find({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: old });
    expect(found).toEqual({ token: fresh, source: '`circleci run oidc get`', origin: 'job' });
    expect(argvLog()).toBe('[run][oidc][get]\n');
    expect(warnings).toEqual([]);
  });

  test('a token without exp is left as it is', async () => {
    const token = mintToken({ exp: undefined } as never);
    expect((await find({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN: token })).token).toBe(token);
  });

  test('a missing one is minted, by circleci-agent where there is no circleci or it fails', async () => {
    const fresh = tokenFor(3600);
    stub('circleci-agent', { stdout: fresh });
    expect((await find({ CIRCLECI: 'true' })).source).toBe('`circleci-agent run oidc get`');
    stub('circleci', { stdout: 'something else', exit: 0 });
    expect((await find({ CIRCLECI: 'true' })).source).toBe('`circleci-agent run oidc get`');
    stub('circleci', { stdout: fresh, exit: 0 });
    expect((await find({ CIRCLECI: 'true' })).source).toBe('`circleci run oidc get`');
  });

  test('is asked again where its refusal can pass', async () => {
    const fresh = tokenFor(3600);
    const once = `[ -f "${dir}/asked" ] || { : >"${dir}/asked"; echo 'HTTP 429: too many requests' >&2; exit 1; }`;
    stub('circleci', { stdout: fresh });
    const script = readFileSync(join(bin, 'circleci'), 'utf8').replace('#!/bin/sh', `#!/bin/sh\n${once}`);
    writeFileSync(join(bin, 'circleci'), script);
    expect((await find({ CIRCLECI: 'true' })).token).toBe(fresh);
    expect(argvLog()).toBe('[run][oidc][get]\n');
  });

  test('another sub is a warning with both', async () => {
    stub('circleci', { stdout: tokenFor(3600, 'org/o/project/p/user/other') });
    const old = tokenFor(10);
    const { token } = await find({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: old });
    expect(warnings).toEqual([
      `the new token's sub "org/o/project/p/user/other" differs from "${SUB}" in CIRCLE_OIDC_TOKEN_V2`,
    ]);
    expect(shown()).not.toContain(token);
  });

  test('an expired one that cannot be replaced is an error, one about to expire a warning', async () => {
    const leak = tokenFor(-1);
    stub('circleci', { exit: 1, stderr: `cannot use ${leak}` });
    const error = await fail({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: leak });
    expect(error.code).toBe('OIDC_TOKEN_EXPIRED');
    expect(error.message).toContain('CIRCLE_OIDC_TOKEN_V2 expired at 2026-03-04T05:06:06.000Z');
    expect(error.message).toContain('exit 1 (cannot use ***)');
    expect(shown(error)).not.toContain(leak.slice(0, 40));

    const soon = tokenFor(30);
    expect((await find({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: soon })).token).toBe(soon);
    expect(warnings).toEqual([
      expect.stringContaining('expires at 2026-03-04T05:06:37.000Z, and no new one'),
    ]);
  });

  test('a token that is no JWT is an error, not passed over', async () => {
    const error = await fail({ CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: 'secret-value' });
    expect(error).toMatchObject({ code: 'OIDC_TOKEN_UNREADABLE' });
    expect(shown(error)).not.toContain('secret-value');
  });

  test('can be asked again, and a cancelled run stops the program', async () => {
    const env = { CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: tokenFor(10) };
    stub('circleci', { stdout: tokenFor(100) });
    await find(env);
    stub('circleci', { stdout: tokenFor(200) });
    expect((await find(env)).token).toBe(tokenFor(200));

    stub('circleci', { hang: true });
    const started = Date.now();
    const error = await fail(env, { signal: AbortSignal.timeout(300) });
    expect(error.code).toBe('CANCELLED');
    expect(Date.now() - started).toBeLessThan(10_000);
    const deadline = new DeployMarkerError('TIMEOUT', 'the deadline of 30s passed');
    expect(await fail(env, { signal: AbortSignal.abort(deadline) })).toBe(deadline);
  });
});

describe('--audience', () => {
  test('always mints, with the audience as one JSON argument', async () => {
    const fresh = tokenFor(3600);
    stub('circleci', { stdout: fresh });
    const env = {
      CIRCLECI: 'true',
      CIRCLE_OIDC_TOKEN_V2: tokenFor(3600),
      DEPLOY_MARKER_ID_TOKEN: tokenFor(60),
    };
    const options = { audience: `a"b $(id) '`, tokenFile: join(dir, 'none'), tokenEnv: 'X' };
    expect((await find(env, options)).token).toBe(fresh);
    expect(argvLog()).toBe(`[run][oidc][get][--claims][{"aud":"a\\"b $(id) '"}]\n`);
    expect(warnings).toEqual([
      expect.stringContaining('--token-file'),
      expect.stringContaining('--token-env'),
    ]);
  });

  test.each<[string, Env]>([
    ['outside CI', { DEPLOY_MARKER_ID_TOKEN: tokenFor(60) }],
    ['gitlab', { GITLAB_CI: 'true' }],
    ['circleci without its program', { CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: tokenFor(3600) }],
    ['github without the permission', { GITHUB_ACTIONS: 'true' }],
  ])('%s: nothing can mint', async (_name, env) => {
    const error = await fail(env, { audience: 'sts.example' });
    expect(error).toMatchObject({
      code: 'OIDC_TOKEN_MISSING',
      message: expect.stringContaining('"sts.example"'),
    });
  });

  test.each<[string, Env]>([
    ['outside CI', {}],
    ['CircleCI', { CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: tokenFor(3600) }],
    ['GitHub', { GITHUB_ACTIONS: 'true' }],
  ])('%s: offline none is made', async (_name, env) => {
    stub('circleci', { stdout: tokenFor(3600) });
    expect(await fail(env, { audience: 'sts.example', offline: true })).toMatchObject({
      code: 'OIDC_TOKEN_MISSING',
      message: 'no token for the audience "sts.example" was made: one is made only with --online',
      hint: 'run it with --online in the job',
    });
    expect(argvLog).toThrow();
  });

  test('empty is wrong usage', async () => {
    expect(await fail({}, { audience: '' })).toMatchObject({ code: 'USAGE' });
    expect(await fail({}, { audience: '', offline: true })).toMatchObject({ code: 'USAGE' });
  });
});

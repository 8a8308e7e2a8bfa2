import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type AssumeJob, startAssumeJob } from '../cli/assume-role/assume-job.ts';
import { errorOf } from '../cli/run-cli.ts';
import { startGithubOidc } from '../fakes/github-oidc.ts';

const STUB = fileURLToPath(new URL('../fakes/bin/circleci', import.meta.url));
const ENV = ['--output', 'env'];
const NO_TOKEN = { DEPLOY_MARKER_ID_TOKEN: undefined };
const CIRCLECI = { ...NO_TOKEN, CIRCLECI: 'true' };
const STDOUT = { printsCredentials: true } as const;
const SUBJECT = 'org/3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11/project';

/** Claims of a token that expires in so many seconds. */
function expiringIn(seconds: number): { iat: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now - 3600, exp: now + seconds };
}

/** Puts CircleCI's program on PATH under these names; it writes its arguments to `log`. */
async function installStub(job: AssumeJob, token: string, names: readonly string[] = ['circleci']) {
  const bin = join(job.root, 'bin');
  await mkdir(bin, { recursive: true });
  for (const name of names) {
    await copyFile(STUB, join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
  const log = join(job.root, 'circleci.log');
  return {
    log,
    env: { PATH: `${bin}:${process.env['PATH']}`, FAKE_CIRCLECI_TOKEN: token, FAKE_CIRCLECI_LOG: log },
  };
}

/** Runs with all of this, expects success, and says which token STS got and what stderr said of it. */
async function sentToken(job: AssumeJob, args: readonly string[], env: Record<string, string | undefined>) {
  const result = await job.run([...job.role, ...ENV, ...args], { ...STDOUT, env });
  expect(result).toMatchObject({ code: 0 });
  const form = new URLSearchParams(job.server.requests.at(-1)?.bodyText);
  return { token: form.get('WebIdentityToken'), stderr: result.stderr };
}

describe.concurrent('the token comes from the first of', () => {
  test('--token-file, --token-env, DEPLOY_MARKER_ID_TOKEN, CircleCI V2, V1, its program, and the pod’s file', async () => {
    const job = await startAssumeJob();
    const [file, named, own, v2, v1, minted, pod] = Array.from({ length: 7 }, () => job.mint());
    await writeFile(join(job.cwd, 'token'), `${file}\n`);
    await writeFile(join(job.root, 'pod-token'), pod ?? '');
    // The kubelet mounts its token as a link.
    await symlink('pod-token', join(job.root, 'pod-link'));
    const stub = await installStub(job, minted ?? '');
    const all: Record<string, string | undefined> = {
      MY_TOKEN: named,
      DEPLOY_MARKER_ID_TOKEN: own,
      CIRCLECI: 'true',
      CIRCLE_OIDC_TOKEN_V2: v2,
      CIRCLE_OIDC_TOKEN: v1,
      ...stub.env,
      AWS_WEB_IDENTITY_TOKEN_FILE: join(job.root, 'pod-link'),
    };
    const path = join(job.cwd, 'token');
    const used = (source: string): string => `using the OIDC token from ${source}\n`;
    const tokenFile = ['--token-file', 'token'];
    const tokenEnv = ['--token-env', 'MY_TOKEN'];
    const steps: [string[], string[], string | undefined, string][] = [
      [[], [...tokenFile, ...tokenEnv], file, used(`the file ${path}`)],
      [[], tokenEnv, named, used('MY_TOKEN')],
      [['MY_TOKEN'], [], own, used('DEPLOY_MARKER_ID_TOKEN')],
      [['DEPLOY_MARKER_ID_TOKEN'], [], v2, used('CIRCLE_OIDC_TOKEN_V2')],
      [['CIRCLE_OIDC_TOKEN_V2'], [], v1, used('CIRCLE_OIDC_TOKEN')],
      [['CIRCLE_OIDC_TOKEN'], [], minted, used('`circleci run oidc get`')],
    ];
    for (const [without, args, token, said] of steps) {
      for (const name of without) all[name] = undefined;
      const sent = await sentToken(job, args, all);
      expect([sent.token, sent.stderr.split('assumed')[0]]).toEqual([token, said]);
    }
    const last = await sentToken(job, [], { ...all, FAKE_CIRCLECI_FAIL: 'not in a job' });
    expect(last.token).toBe(pod);
    expect(last.stderr).toContain(
      'warning: AWS_WEB_IDENTITY_TOKEN_FILE is used, as the job has no token of its own: ',
    );
  });

  test('GitHub’s token request, for AWS’s audience or the one asked for', async () => {
    const job = await startAssumeJob();
    const github = await startGithubOidc({
      mint: aud => job.mint({ ...(aud === undefined ? {} : { aud }) }),
    });
    const env = { ...NO_TOKEN, GITHUB_ACTIONS: 'true', ...github.env() };
    const sent = await sentToken(job, [], env);
    expect(sent.stderr).toContain("using the OIDC token from GitHub's token request URL\n");
    await sentToken(job, ['--audience', '3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11'], {
      ...env,
      DEPLOY_MARKER_ID_TOKEN: job.token,
    });
    expect(github.requests.map(request => request.audience)).toEqual([
      'sts.amazonaws.com',
      '3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11',
    ]);

    github.fail(401);
    const refused = await job.run([...job.role, ...ENV, '--debug'], { env });
    await github.close();
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(refused)).toMatchObject({
      code: 'OIDC_TOKEN_MISSING',
      hint: 'give the job `permissions: id-token: write`',
    });
    const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret = '' } = github.env();
    expect(refused.stderr).not.toContain(secret);
    expect(sent.stderr).not.toContain(secret);
  });
});

describe.concurrent('a flag outranks the variables of other sources', () => {
  test('--token-env those of --audience and --token-file', async () => {
    const job = await startAssumeJob();
    const named = job.mint();
    const sent = await sentToken(job, ['--token-env', 'MY_TOKEN'], {
      MY_TOKEN: named,
      DEPLOY_MARKER_AUDIENCE: 'elsewhere.example',
      DEPLOY_MARKER_TOKEN_FILE: 'no-such-file',
    });
    expect(sent.token).toBe(named);
    expect(sent.stderr).not.toContain('warning');
  });

  test('and it is what a profile repeats', async () => {
    const job = await startAssumeJob();
    const env = { MY_TOKEN: job.token, DEPLOY_MARKER_AUDIENCE: 'elsewhere.example' };
    const flags = ['--token-env', 'MY_TOKEN', '--output', 'profile', '--profile', 'ours'];
    expect(await job.run([...job.role, ...flags], { env })).toMatchObject({ code: 0 });
    const config = await readFile(join(job.home, '.aws', 'config'), 'utf8');
    expect(config).toContain('--token-env=MY_TOKEN');
    expect(config).not.toContain('--audience');
  });
});

describe.concurrent('CircleCI', () => {
  test('--audience mints, although the job has a token; the audience is an argument, the token is not', async () => {
    const job = await startAssumeJob();
    const minted = job.mint({ aud: 'sts.amazonaws.com' });
    const stub = await installStub(job, minted);
    const sent = await sentToken(job, ['--audience', 'sts.amazonaws.com'], {
      ...CIRCLECI,
      CIRCLE_OIDC_TOKEN_V2: job.mint(),
      ...stub.env,
    });
    expect(sent.token).toBe(minted);
    expect(await readFile(stub.log, 'utf8')).toBe(
      'circleci\trun\toidc\tget\t--claims\t{"aud":"sts.amazonaws.com"}\n',
    );
  });

  test.each([
    [-10, 'circleci'],
    [30, 'circleci'],
    [-10, 'circleci-agent'],
  ])('a token that expires in %i s is minted anew by %s', async (seconds, program) => {
    const job = await startAssumeJob();
    const minted = job.mint();
    const stub = await installStub(job, minted, [program]);
    const old = job.mint(expiringIn(seconds));
    const sent = await sentToken(job, [], { ...CIRCLECI, CIRCLE_OIDC_TOKEN_V2: old, ...stub.env });
    expect(sent.token).toBe(minted);
    expect(sent.stderr).toMatch(new RegExp(`^using the OIDC token from \`${program} run oidc get\`\n`));
  });

  test('another sub in the new token is a warning that names both', async () => {
    const job = await startAssumeJob();
    // Where they differ is beyond what other messages quote of a value.
    const subject = `${SUBJECT}/${'x'.repeat(90)}`;
    const stub = await installStub(job, job.mint({ sub: `${subject}/new` }));
    const old = job.mint({ sub: `${subject}/old`, ...expiringIn(-10) });
    const sent = await sentToken(job, [], { ...CIRCLECI, CIRCLE_OIDC_TOKEN_V2: old, ...stub.env });
    expect(sent.stderr).toContain(
      `warning: the new token's sub "${subject}/new" differs from "${subject}/old" in CIRCLE_OIDC_TOKEN_V2\n`,
    );
  });

  test('an expired token that cannot be replaced', async () => {
    const job = await startAssumeJob();
    const stub = await installStub(job, '', ['circleci', 'circleci-agent']);
    const env = { ...CIRCLECI, ...stub.env, FAKE_CIRCLECI_FAIL: `boom ${job.token}` };
    const old = job.mint(expiringIn(-10));
    const result = await job.run([...job.role, ...ENV, '--debug'], {
      env: { ...env, CIRCLE_OIDC_TOKEN_V2: old },
    });
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(result).code).toBe('OIDC_TOKEN_EXPIRED');
    expect(errorOf(result).message).toContain(
      'no new one could be made: `circleci run oidc get`: exit 1 (Error: boom ***); `circleci-agent run oidc get`: exit 1',
    );
    expect(job.server.requests).toEqual([]);
  });

  test('what the program prints is not shown when it is no token', async () => {
    const job = await startAssumeJob();
    const stub = await installStub(job, `Bearer ${job.token}`);
    const result = await job.run([...job.role, ...ENV, '--debug'], { env: { ...CIRCLECI, ...stub.env } });
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(result).code).toBe('OIDC_TOKEN_MISSING');
    expect(errorOf(result).message).toContain('characters are not a JWT');
  });
});

describe.concurrent('a bad token', () => {
  test('none anywhere: every place is named', async () => {
    const job = await startAssumeJob();
    const result = await job.run([...job.role, ...ENV], { env: NO_TOKEN });
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(result)).toEqual({
      code: 'OIDC_TOKEN_MISSING',
      message:
        'no OIDC token was found: --token-file and --token-env were not given; DEPLOY_MARKER_ID_TOKEN is not set; ' +
        'this is no job of CircleCI or GitHub Actions, which could be asked for one; AWS_WEB_IDENTITY_TOKEN_FILE is not set',
      hint: 'name a file that holds the token with --token-file',
    });
  });

  test('one on the command line is not repeated', async () => {
    const job = await startAssumeJob();
    const result = await job.run([...job.role, ...ENV, '--token-env', job.token, '--debug']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result).code).toBe('USAGE');
  });

  test.each([
    ['missing', 'there is no such file', async () => {}],
    ['a folder', 'it is a directory', async (path: string) => void (await mkdir(path))],
    [
      'a FIFO',
      'it is not a regular file',
      async (path: string) => void (await promisify(execFile)('mkfifo', [path])),
    ],
    ['empty', 'it is empty', (path: string) => writeFile(path, ' \n')],
    [
      'too long',
      'it is longer than 20000 characters',
      (path: string) => writeFile(path, `eyJ.${'a'.repeat(20_000)}.b`),
    ],
    [
      'a link',
      'it is a symbolic link, and links are not followed',
      (path: string) => symlink('/etc/hostname', path),
    ],
    [
      'quoted',
      'characters are not a JWT',
      (path: string, job: AssumeJob) => writeFile(path, `"${job.token}"`),
    ],
    ['no UTF-8', 'characters are not a JWT', (path: string) => writeFile(path, Buffer.from([0xff, 0xfe, 0]))],
  ])('file: %s', async (_what, why, make) => {
    const job = await startAssumeJob();
    await make(join(job.cwd, 'token'), job);
    const result = await job.run([...job.role, ...ENV, '--token-file', 'token', '--debug']);
    expect(result).toMatchObject({ code: 3, stdout: '', written: [] });
    expect(errorOf(result).code).toBe('OIDC_TOKEN_UNREADABLE');
    expect(errorOf(result).message).toContain(why);
    expect(job.server.requests).toEqual([]);
  });
});

test.runIf(process.platform === 'linux')(
  'no argument of any process holds a secret while the token is minted and STS is asked',
  async () => {
    const commands = new Set<string>();
    const job = await startAssumeJob({ onRequest: () => void sample() });
    const token = job.mint();
    const stub = await installStub(job, token);
    const marker = `--session-name=argv-${process.pid}`;
    let child = 0;

    /** Command lines of our process and its descendants. */
    async function sample(): Promise<void> {
      const { readdirSync, readFileSync } = await import('node:fs');
      const read = (path: string): string => {
        try {
          return readFileSync(path, 'latin1');
        } catch {
          return '';
        }
      };
      const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
      const parents = new Map(pids.map(pid => [pid, /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]]));
      const isOurs = (pid: string | undefined): boolean =>
        pid !== undefined &&
        pid !== '1' &&
        pid !== '0' &&
        (read(`/proc/${pid}/cmdline`).includes(marker) || isOurs(parents.get(pid)));
      for (const pid of pids.filter(isOurs)) {
        commands.add(read(`/proc/${pid}/cmdline`));
        if (read(`/proc/${pid}/cmdline`).includes('oidc')) child += 1;
      }
    }

    const timer = setInterval(() => void sample(), 50);
    const old = job.mint(expiringIn(-10));
    const result = await job.run([...job.role.slice(0, 2), marker, ...ENV, '--debug'], {
      ...STDOUT,
      env: { ...CIRCLECI, CIRCLE_OIDC_TOKEN_V2: old, ...stub.env, FAKE_CIRCLECI_SLEEP: '1' },
    });
    clearInterval(timer);
    expect(result).toMatchObject({ code: 0, written: ['circleci.log'] });
    // The stub was seen, so the sampling works.
    expect(child).toBeGreaterThan(0);
    const all = [...commands].join('\n');
    expect(all).toContain(marker);
    for (const secret of [
      token,
      old,
      ...job.keys().flatMap(key => [key.id, key.secret, key.sessionToken ?? '']),
    ])
      for (const part of secret.split('.').slice(-1)) expect(all).not.toContain(part);
    expect(await readFile(stub.log, 'utf8')).toBe('circleci\trun\toidc\tget\n');
  },
);

import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { escapeXml } from '../../fakes/aws-refusal.ts';
import type { AccessKey } from '../../fakes/aws-state.ts';
import { listenOnLoopback } from '../../fakes/loopback-port.ts';
import { createStsResponse } from '../../fakes/sts/sts-form.ts';
import { errorOf } from '../run-cli.ts';
import { readAfterScript, readInFreshBash } from '../shell-environment.ts';
import { type AssumeJob, SESSION, startAssumeJob } from './assume-job.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const STDOUT = { printsCredentials: true } as const;

function lastKey(job: AssumeJob): AccessKey {
  const key = job.keys().at(-1);
  if (key === undefined) throw new Error('the server gave no key away');
  return key;
}

/** Every variable that is promised, with its exact value. */
function promised(key: AccessKey): Record<string, unknown> {
  return {
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_SESSION_TOKEN: key.sessionToken,
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CREDENTIAL_EXPIRATION: new Date(key.expiresAt ?? 0).toISOString().replace('.000', ''),
    ROLE_SESSION_NAME: SESSION,
    DEPLOY_MARKER_ROLE_ARN: ROLE,
    DEPLOY_MARKER_STARTED_AT: expect.stringMatching(TIME),
    DEPLOY_MARKER_ASSUMED: expect.stringContaining(`{"key":"${key.id}",`),
  };
}

/** The variables of an environment that this command is about. */
function pickVariables(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^(AWS|ROLE|DEPLOY_MARKER)_/.test(name)));
}

/** Puts an AWS config of this text into the job's HOME; gives its path. */
async function writeConfig(job: AssumeJob, text: string | Buffer): Promise<string> {
  const folder = join(job.home, '.aws');
  await mkdir(folder);
  await writeFile(join(folder, 'config'), text);
  return join(folder, 'config');
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe.concurrent('bash-env', () => {
  test('is the default where BASH_ENV is set; a fresh bash has the exact values, --clear takes them back', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'bash.env');
    const before = Buffer.from('export MINE="\xff kept"\n# end\n', 'latin1');
    await writeFile(file, before);
    await chmod(file, 0o640);
    const env = { BASH_ENV: file, AWS_PROFILE: 'old' };
    const result = await job.run(job.role, { env });
    const key = lastKey(job);
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${SESSION}`;
    expect(result).toMatchObject({
      code: 0,
      stdout: `assumed ${arn} until ${promised(key)['AWS_CREDENTIAL_EXPIRATION']}; credentials in $BASH_ENV\n`,
      stderr:
        'using the OIDC token from DEPLOY_MARKER_ID_TOKEN\n' +
        'note: AWS_PROFILE is unset for later steps, where it would hide the new credentials\n' +
        `warning: ${file} can be read by other users of this machine\n`,
      written: ['bash.env'],
    });
    expect(pickVariables(await readInFreshBash(file, job.cwd, { AWS_PROFILE: 'old' }))).toEqual(
      promised(key),
    );
    expect(await modeOf(file)).toBe(0o640);

    const cleared = await job.run(['--clear'], { env });
    expect(cleared).toMatchObject({ code: 0, stdout: 'cleared $BASH_ENV\n', stderr: '' });
    expect(Buffer.compare(await readFile(file), before)).toBe(0);
    expect(await modeOf(file)).toBe(0o640);
  });

  test('a second role replaces the first, and --clear takes both back', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'bash.env');
    await job.run(job.role, { env: { BASH_ENV: file } });
    expect(await modeOf(file)).toBe(0o600);
    const first = lastKey(job);
    await writeFile(file, `${await readFile(file, 'utf8')}export BETWEEN=1`);
    const second = await job.run(job.role, { env: { BASH_ENV: file } });
    expect(second.stderr).not.toContain('warning');
    expect(lastKey(job).id).not.toBe(first.id);
    expect(pickVariables(await readInFreshBash(file, job.cwd))).toEqual(promised(lastKey(job)));
    await job.run(['--clear', '--output', 'bash-env'], { env: { BASH_ENV: file } });
    expect(await readFile(file, 'utf8')).toBe('export BETWEEN=1\n');
  });

  test('an empty file that others may read is one to warn of', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'bash.env');
    await writeFile(file, '', { mode: 0o644 });
    const result = await job.run(job.role, { env: { BASH_ENV: file } });
    expect(result.stderr).toContain(`warning: ${file} can be read by other users of this machine\n`);
  });

  test('a file that others may change is one to warn of', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'bash.env');
    await writeFile(file, '');
    await chmod(file, 0o622);
    const result = await job.run(job.role, { env: { BASH_ENV: file } });
    expect(result.stderr).toContain(`warning: ${file} can be changed by other users of this machine\n`);
  });

  test.each([['--profile', 'ours'], ['--force']])(
    '%s without --output profile is wrong usage',
    async (...flag) => {
      const job = await startAssumeJob();
      const result = await job.run([...job.role, ...flag], { env: { BASH_ENV: join(job.root, 'bash.env') } });
      expect(result).toMatchObject({ code: 2, written: [] });
      expect(errorOf(result)).toMatchObject({ code: 'USAGE', hint: 'add --output profile' });
      expect(job.server.requests).toEqual([]);
    },
  );

  test('no region is left when none is known', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'bash.env');
    await job.run(job.role, { env: { BASH_ENV: file, AWS_REGION: undefined } });
    const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...rest } = promised(lastKey(job));
    expect(pickVariables(await readInFreshBash(file, job.cwd))).toEqual(rest);
    await job.run([...job.role, '--region', 'ap-northeast-1'], { env: { BASH_ENV: file } });
    expect(await readInFreshBash(file, job.cwd)).toMatchObject({
      AWS_REGION: 'ap-northeast-1',
      AWS_DEFAULT_REGION: 'ap-northeast-1',
    });
  });

  test('values with quotes and commands in them come out as they are', async () => {
    const job = await startAssumeJob();
    const hostile = `'"$(touch pwned)\`touch pwned\`\\ ; touch pwned # é`;
    const server = createServer((_request, reply) => {
      const result =
        `<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${SESSION}</Arn></AssumedRoleUser>` +
        `<Credentials><AccessKeyId>ASIA'X</AccessKeyId><SecretAccessKey>s${escapeXml(hostile)}</SecretAccessKey>` +
        `<SessionToken>t${escapeXml(hostile)}</SessionToken><Expiration>2033-01-01T00:00:00Z</Expiration></Credentials>`;
      reply.end(createStsResponse('AssumeRoleWithWebIdentity', result, 'r').body);
    });
    const env = {
      AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${await listenOnLoopback(server)}`,
      BASH_ENV: join(job.root, 'bash.env'),
    };
    const filed = await job.run(job.role, { env });
    const printed = await job.run([...job.role, '--output', 'env'], { env });
    server.close();
    await once(server, 'close');
    const values = {
      AWS_ACCESS_KEY_ID: "ASIA'X",
      AWS_SECRET_ACCESS_KEY: `s${hostile}`,
      AWS_SESSION_TOKEN: `t${hostile}`,
    };
    expect([filed.code, printed.code]).toEqual([0, 0]);
    expect(await readInFreshBash(env.BASH_ENV, job.cwd)).toMatchObject(values);
    expect(await readAfterScript(printed.stdout, job.cwd)).toMatchObject(values);
    expect(await readdir(job.cwd)).toEqual([]);
  });
});

describe.concurrent('a file that cannot take credentials is refused before STS is asked', () => {
  test.each([
    ['a link in BASH_ENV', 'bash-env', 'link', 'it is a symbolic link, which is not followed'],
    ['a link to nothing in BASH_ENV', 'bash-env', 'dangling', 'it is a symbolic link, which is not followed'],
    ['a link in GITHUB_ENV', 'github-env', 'link', 'it is a symbolic link, which is not followed'],
    ['a folder in BASH_ENV', 'bash-env', 'cwd', 'EISDIR'],
    ['a missing folder in BASH_ENV', 'bash-env', 'none/bash.env', 'ENOENT'],
  ])('%s', async (_what, output, name, why) => {
    const job = await startAssumeJob();
    await writeFile(join(job.root, 'target'), 'kept');
    await symlink('target', join(job.root, 'link'));
    await symlink('nothing', join(job.root, 'dangling'));
    const path = join(job.root, name);
    const result = await job.run([...job.role, '--output', output], {
      env: { BASH_ENV: path, GITHUB_ENV: path },
    });
    expect(result).toMatchObject({ code: 5, stdout: '', written: [] });
    expect(errorOf(result).code).toBe('FILE_UNWRITABLE');
    expect(errorOf(result).message).toContain(`cannot write ${path}: `);
    expect(errorOf(result).message).toContain(why);
    expect(job.server.requests).toEqual([]);
    expect(await readFile(join(job.root, 'target'), 'utf8')).toBe('kept');
  });

  test('and nothing is made when STS then refuses', async () => {
    const job = await startAssumeJob();
    job.server.faults.add('AssumeRoleWithWebIdentity', { kind: 'denied' });
    const result = await job.run(job.role, { env: { BASH_ENV: join(job.root, 'bash.env') } });
    expect(result).toMatchObject({ code: 3, stdout: '', written: [] });
    expect(await readdir(job.root)).toEqual(['cwd', 'home', 'tmp']);
  });
});

/** What GitHub's runner makes of a file of `NAME=value` and `NAME<<DELIMITER` lines. */
function readGithubEnv(text: string): Record<string, string> {
  const lines = text.split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
}

describe.concurrent('github-env', () => {
  test('comes first in a GitHub job, with masks, whatever BASH_ENV says; in that file keys are masked, too', async () => {
    const job = await startAssumeJob();
    const files = { GITHUB_ENV: join(job.root, 'github.env'), BASH_ENV: join(job.root, 'bash.env') };
    const env = { ...files, GITHUB_ACTIONS: 'true' };
    const result = await job.run(job.role, { ...STDOUT, env });
    expect(result).toMatchObject({ code: 0, written: ['github.env'] });
    expect(result.stdout).toContain(`::add-mask::${lastKey(job).secret}\n`);
    const bash = await job.run([...job.role, '--output', 'bash-env'], { ...STDOUT, env });
    expect(bash).toMatchObject({ code: 0, written: ['bash.env'] });
    expect(bash.stdout).toContain(`::add-mask::${lastKey(job).secret}\n`);
  });

  test('is the default where GITHUB_ENV is set; masks come first', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'github.env');
    await writeFile(file, 'MINE=kept');
    await chmod(file, 0o600);
    const result = await job.run(job.role, { ...STDOUT, env: { GITHUB_ENV: file } });
    const key = lastKey(job);
    const masks = [key.id, key.secret, key.sessionToken].map(secret => `::add-mask::${secret}\n`).join('');
    expect(result).toMatchObject({ code: 0, written: ['github.env'] });
    expect(result.stdout.startsWith(`${masks}assumed arn:aws:sts::`)).toBe(true);
    expect(result.stdout).toMatch(/credentials in \$GITHUB_ENV\n$/);
    expect(result.stderr).toBe('using the OIDC token from DEPLOY_MARKER_ID_TOKEN\n');
    expect(readGithubEnv(await readFile(file, 'utf8'))).toEqual({ MINE: 'kept', ...promised(key) });

    const cleared = await job.run(['--clear'], { env: { GITHUB_ENV: file } });
    expect(cleared).toMatchObject({ code: 0, stdout: 'cleared $GITHUB_ENV\n', stderr: '' });
    const { AWS_REGION, AWS_DEFAULT_REGION, ...rest } = promised(key);
    const empty = Object.fromEntries(Object.keys(rest).map(name => [name, '']));
    // An empty Region would break the AWS CLI, so it stays.
    expect(readGithubEnv(await readFile(file, 'utf8'))).toEqual({
      MINE: 'kept',
      AWS_REGION,
      AWS_DEFAULT_REGION,
      ...empty,
    });
  });

  test('--json keeps stdout one document and puts the masks on stderr', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'github.env');
    const env = { GITHUB_ENV: file };
    const result = await job.run([...job.role, '--json', '--quiet'], { env, masksOnStderr: true });
    const key = lastKey(job);
    const masks = [key.id, key.secret, key.sessionToken].map(secret => `::add-mask::${secret}\n`).join('');
    expect(result.stderr).toBe(masks);
    expect(JSON.parse(result.stdout)).toEqual({
      account: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${SESSION}`,
      sessionName: SESSION,
      expiration: promised(key)['AWS_CREDENTIAL_EXPIRATION'],
      output: 'github-env',
    });
    expect(await modeOf(file)).toBe(0o600);
  });

  test('AWS_PROFILE cannot be unset there, which is a warning; the AWS CLI fails with an empty one', async () => {
    const job = await startAssumeJob();
    const file = join(job.root, 'github.env');
    await writeFile(file, '', { mode: 0o644 });
    const result = await job.run(job.role, { ...STDOUT, env: { GITHUB_ENV: file, AWS_PROFILE: 'old' } });
    expect(result.stderr).toBe(
      'using the OIDC token from DEPLOY_MARKER_ID_TOKEN\n' +
        'warning: AWS_PROFILE is set, which GITHUB_ENV cannot unset; it may hide the new credentials\n' +
        `warning: ${file} can be read by other users of this machine\n`,
    );
    expect(Object.keys(readGithubEnv(await readFile(file, 'utf8')))).not.toContain('AWS_PROFILE');
  });
});

describe.concurrent('stdout', () => {
  test('env is for eval, and so is what --clear prints', async () => {
    const job = await startAssumeJob();
    const old = { AWS_PROFILE: 'old' };
    const result = await job.run([...job.role, '--output', 'env'], { ...STDOUT, env: old });
    expect(result).toMatchObject({ code: 0, written: [] });
    expect(result.stderr).toContain('note: AWS_PROFILE is unset for later steps');
    expect(pickVariables(await readAfterScript(result.stdout, job.cwd, old))).toEqual(promised(lastKey(job)));
    const cleared = await job.run(['--clear', '--output', 'env', '--quiet']);
    expect(cleared).toMatchObject({ code: 0, stderr: '', written: [] });
    expect(cleared.stdout).toMatch(/^(unset \w+\n)+$/);
    expect(pickVariables(await readAfterScript(`${result.stdout}\n${cleared.stdout}`, job.cwd))).toEqual({});
  });

  test('json is one object of the same variables', async () => {
    const job = await startAssumeJob();
    const result = await job.run([...job.role, '--output', 'json', '--quiet'], STDOUT);
    expect(result).toMatchObject({ code: 0, stderr: '', written: [] });
    expect(JSON.parse(result.stdout)).toEqual(promised(lastKey(job)));
  });

  test('credential-process is the document that AWS defines', async () => {
    const job = await startAssumeJob();
    const result = await job.run([...job.role, '--output', 'credential-process', '--quiet'], STDOUT);
    const { id, secret, sessionToken, expiresAt } = lastKey(job);
    expect(result).toMatchObject({ code: 0, stderr: '', written: [] });
    expect(JSON.parse(result.stdout)).toEqual({
      Version: 1,
      AccessKeyId: id,
      SecretAccessKey: secret,
      SessionToken: sessionToken,
      Expiration: new Date(expiresAt ?? 0).toISOString(),
    });
  });

  test.each(['json', 'credential-process'])('%s leaves nothing that could be cleared', async output => {
    const job = await startAssumeJob();
    const result = await job.run(['--clear', '--output', output]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(
      `error: --output ${output} leaves nothing behind that --clear could take back\n`,
    );
  });
});

const OTHERS = Buffer.from(
  '# team \xff\r\n[default]\r\nregion = us-east-1\r\n\n[profile  "quoted"]\nrole_arn=x ; why\n\n\n# about later\n[profile later]\nregion=x\n',
  'latin1',
);

describe.concurrent('profile', () => {
  const FLAGS = ['--output', 'profile', '--profile', 'ours'];

  test('is a section of its own; other sections keep every byte; --clear takes it away', async () => {
    const job = await startAssumeJob();
    const path = await writeConfig(job, OTHERS);
    await chmod(path, 0o640);
    const result = await job.run([...job.role, ...FLAGS], { env: { AWS_PROFILE: 'old' } });
    expect(result).toMatchObject({
      code: 0,
      stderr: 'using the OIDC token from DEPLOY_MARKER_ID_TOKEN\n',
      written: ['home/.aws/config'],
    });
    expect(result.stdout).toMatch(/; credentials in profile ours\n$/);
    const text = await readFile(path, 'latin1');
    expect(text.startsWith(`${OTHERS.toString('latin1')}\n[profile ours]\n`)).toBe(true);
    const command = `${process.execPath} [^ ]*/dist/cli\\.cjs assume-role --quiet --output=credential-process`;
    const flags = `--role-arn=${ROLE} --session-name=${SESSION} --duration=3600 --region=eu-west-1 --token-env=DEPLOY_MARKER_ID_TOKEN --repeat-with=given`;
    expect(text.slice(OTHERS.length)).toMatch(
      new RegExp(
        `^\\n\\[profile ours\\]\\n# written by [^\\n]*\\ncredential_process = ${command} ${flags}\\nregion = eu-west-1\\n$`,
      ),
    );
    expect(await modeOf(path)).toBe(0o640);

    const again = await job.run([...job.role, ...FLAGS, '--duration', '900']);
    expect(again.code).toBe(0);
    expect(await readFile(path, 'latin1')).toBe(text.replace('--duration=3600', '--duration=900'));

    const cleared = await job.run(['--clear', ...FLAGS]);
    expect(cleared).toMatchObject({ code: 0, stdout: 'cleared profile ours\n', stderr: '' });
    expect(Buffer.compare(await readFile(path), OTHERS)).toBe(0);
    expect(await readdir(join(job.home, '.aws'))).toEqual(['config']);
  });

  test('in the middle of others it is replaced where it is', async () => {
    const job = await startAssumeJob();
    const path = await writeConfig(job, '');
    await job.run([...job.role, ...FLAGS]);
    const ours = await readFile(path, 'utf8');
    const others = ['[profile a]\nregion=a\n\n', '\n# about b\n[profile b]\nregion=b\n'];
    await writeFile(path, others.join(ours));
    await job.run([...job.role, ...FLAGS]);
    expect(await readFile(path, 'utf8')).toBe(others.join(ours));
    await job.run(['--clear', ...FLAGS]);
    expect(await readFile(path, 'utf8')).toBe('[profile a]\nregion=a\n\n# about b\n[profile b]\nregion=b\n');
  });

  test('a new file and its folder are for us alone', async () => {
    const job = await startAssumeJob();
    await job.run([...job.role, ...FLAGS]);
    expect(await modeOf(join(job.home, '.aws'))).toBe(0o700);
    expect(await modeOf(join(job.home, '.aws/config'))).toBe(0o600);
  });

  test.each(['quoted', 'later', 'default'])(
    'the section %s of somebody else is refused before STS is asked, but for --force',
    async profile => {
      const job = await startAssumeJob();
      const path = await writeConfig(job, OTHERS);
      const args = [...job.role, '--output', 'profile', '--profile', profile];
      const result = await job.run(args);
      expect(result).toMatchObject({ code: 5, stdout: '', written: [] });
      expect(errorOf(result)).toEqual({
        code: 'FILE_UNWRITABLE',
        message: `profile ${profile} in ${path} was not written by deploy-marker`,
        hint: 'choose another --profile, or pass --force to replace it',
      });
      expect(job.server.requests).toEqual([]);
      const cleared = await job.run(['--clear', '--output', 'profile', '--profile', profile]);
      expect(cleared).toMatchObject({ code: 5, written: [] });
      expect(await job.run([...args, '--force'])).toMatchObject({ code: 0, written: ['home/.aws/config'] });
      expect((await readFile(path, 'latin1')).split('credential_process = ')).toHaveLength(2);
    },
  );

  test('AWS_CONFIG_FILE counts; a link there is refused before STS is asked', async () => {
    const job = await startAssumeJob();
    const path = join(job.root, 'elsewhere');
    const result = await job.run([...job.role, ...FLAGS], { env: { AWS_CONFIG_FILE: path } });
    expect(result).toMatchObject({ code: 0, written: ['elsewhere'] });
    await symlink('elsewhere', join(job.root, 'link'));
    const requests = job.server.requests.length;
    const linked = await job.run([...job.role, ...FLAGS], {
      env: { AWS_CONFIG_FILE: join(job.root, 'link') },
    });
    expect(linked).toMatchObject({ code: 5, written: [] });
    expect(job.server.requests).toHaveLength(requests);
  });

  const HIDDEN = { code: 7, stdout: '', written: [] };

  test.each([
    ['[other]\naws_access_key_id = x\n[ ours ]\naws_access_key_id = AKIA\n', 'aws_access_key_id'],
    ['[ours]\ncredential_process = /bin/x\n', 'credential_process'],
    ['[ours]\nregion = eu-west-2\n', 'region'],
  ])('a credentials file with %j hides the profile, and STS is not asked', async (text, setting) => {
    const job = await startAssumeJob();
    const path = join(job.root, 'credentials');
    await writeFile(path, text);
    const env = { AWS_SHARED_CREDENTIALS_FILE: path };
    const result = await job.run([...job.role, ...FLAGS], { env });
    expect(result).toMatchObject(HIDDEN);
    expect(errorOf(result)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`profile ours would be hidden by ${setting} in ${path}`),
      hint: expect.stringContaining('--force'),
    });
    expect(job.server.requests).toEqual([]);
    const forced = await job.run([...job.role, ...FLAGS, '--force'], { env });
    expect(forced).toMatchObject({ code: 0, written: ['credentials', 'home/.aws/config'] });
    expect(forced.stderr).toContain(`${setting} in ${path} would hide profile ours`);
    expect(await job.run([...job.role, ...FLAGS], { env })).toMatchObject({ code: 0 });
    await job.run(['--clear', ...FLAGS], { env });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test.each(['[ours]\noutput = json\n[other]\naws_access_key_id = x\n', '[other]\naws_access_key_id = x\n'])(
    'a credentials file with %j does not',
    async text => {
      const job = await startAssumeJob();
      const path = join(job.root, 'credentials');
      await writeFile(path, text);
      const env = { AWS_SHARED_CREDENTIALS_FILE: path };
      expect(await job.run([...job.role, ...FLAGS], { env })).toMatchObject({ code: 0 });
    },
  );

  test('variables hide it, too, and --force has later steps unset them', async () => {
    const job = await startAssumeJob();
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) };
    const pod = { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token', AWS_ROLE_ARN: ROLE };
    for (const env of [keys, pod]) {
      const result = await job.run([...job.role, ...FLAGS], { env });
      expect(result).toMatchObject(HIDDEN);
      expect(result.stderr).toContain(Object.keys(env)[0]);
    }
    expect(job.server.requests).toEqual([]);
    const BASH_ENV = join(job.root, 'bash.env');
    const forced = await job.run([...job.role, ...FLAGS, '--force'], { env: { ...keys, ...pod, BASH_ENV } });
    expect(forced).toMatchObject({ code: 0, written: ['bash.env', 'home/.aws/config'] });
    const later = await readInFreshBash(BASH_ENV, job.cwd, { ...keys, ...pod });
    expect(pickVariables(later)).toEqual({ AWS_ROLE_ARN: ROLE });
    // Without a file for later steps nobody could unset them.
    const alone = await job.run([...job.role, ...FLAGS, '--force'], { env: keys });
    expect(alone).toMatchObject(HIDDEN);
    expect(errorOf(alone).hint).toContain('unset AWS_ACCESS_KEY_ID');
  });

  test('the file is one that every folder finds', async () => {
    const job = await startAssumeJob();
    const relative = await job.run([...job.role, ...FLAGS], { env: { AWS_CONFIG_FILE: 'config' } });
    expect(relative).toMatchObject(HIDDEN);
    expect(errorOf(relative).hint).toContain('~/');
    // What would hide the profile there cannot be seen from here.
    for (const AWS_SHARED_CREDENTIALS_FILE of ['credentials', '~somebody/credentials']) {
      const hidden = await job.run([...job.role, ...FLAGS], { env: { AWS_SHARED_CREDENTIALS_FILE } });
      expect(hidden.code).toBe(7);
      expect(hidden.stderr).toContain('which is another file in every folder');
    }
    const home = await job.run([...job.role, ...FLAGS], { env: { AWS_CONFIG_FILE: '~/.aws/other' } });
    expect(home).toMatchObject({ code: 0, written: ['home/.aws/other'] });
  });

  test('a path that a profile cannot hold is refused before STS is asked', async () => {
    const job = await startAssumeJob();
    const result = await job.run([...job.role, ...FLAGS, '--policy', 'a$(touch pwned).json']);
    expect(result.code).toBe(2);
    await writeFile(join(job.cwd, 'a$b.json'), '{"Statement":[]}');
    const other = await job.run([...job.role, ...FLAGS, '--policy', 'a$b.json']);
    expect(other).toMatchObject({ code: 2, stdout: '', written: [] });
    expect(errorOf(other).message).toContain('cannot be written into an AWS profile');
    expect(job.server.requests).toEqual([]);
  });

  test('four at once lose none', async () => {
    const job = await startAssumeJob();
    const path = await writeConfig(job, OTHERS);
    const names = ['a', 'b', 'c', 'd'];
    const results = await Promise.all(
      names.map(name => job.run([...job.role, '--output', 'profile', '--profile', name])),
    );
    expect(results.map(result => result.code)).toEqual([0, 0, 0, 0]);
    const text = await readFile(path, 'latin1');
    for (const name of names) expect(text.split(`\n[profile ${name}]\n`)).toHaveLength(2);
    expect(text.startsWith(OTHERS.toString('latin1'))).toBe(true);
    expect(await readdir(join(job.home, '.aws'))).toEqual(['config']);
  });

  test('the lock of a process that was killed is no obstacle', async () => {
    const job = await startAssumeJob();
    const path = await writeConfig(job, OTHERS);
    const lock = `${path}.deploy-marker.lock`;
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    expect(await job.run([...job.role, ...FLAGS])).toMatchObject({ code: 0 });
    expect(await readdir(join(job.home, '.aws'))).toEqual(['config']);
  });
});

test('--clear where nothing was left is fine', async () => {
  const job = await startAssumeJob();
  const file = join(job.root, 'bash.env');
  expect(await job.run(['--clear'], { env: { BASH_ENV: file } })).toMatchObject({ code: 0, written: [] });
  const profile = ['--clear', '--output', 'profile', '--profile', 'ours'];
  expect(await job.run(profile)).toMatchObject({ code: 0, written: [] });
  const path = await writeConfig(job, Buffer.concat([OTHERS, Buffer.from('\n\n')]));
  expect(await job.run([...profile, '--json'])).toMatchObject({
    code: 0,
    stdout: '{"cleared":"profile"}\n',
    written: [],
  });
  expect((await readFile(path)).length).toBe(OTHERS.length + 2);
});

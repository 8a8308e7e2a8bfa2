import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CLI, errorOf, makeFolder, runCli } from '../run-cli.ts';
import { emitTo, toJsonLines, wholeMarker, withAwsServer } from './scene.ts';

// Ways in which a tool like this comes to say nothing, or something else than what happened.

const DEPLOY = ['emit', '--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d'];

/** Runs a line of bash in which `$EMIT` is the built command line's `emit`. */
function runBash(
  line: string,
  cwd: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const env = { PATH: process.env['PATH'], HOME: cwd, NODE: process.execPath, CLI };
    const child = execFile('bash', ['-c', line], { cwd, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('markers from a pipe', () => {
  test.each([
    ['a process substitution', '"$NODE" "$CLI" emit --from <(cat in.jsonl) --file out.jsonl'],
    ['/dev/stdin', 'cat in.jsonl | "$NODE" "$CLI" emit --from /dev/stdin --file out.jsonl'],
  ])('of %s are all stored', async (_name, line) => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'in.jsonl'), toJsonLines([wholeMarker(1), wholeMarker(2)]));
    const { code, stdout } = await runBash(line, cwd);
    expect({ code, stored: stdout.match(/^stored in /gm)?.length }).toEqual({ code: 0, stored: 2 });
  });
});

describe('a boolean flag with a value', () => {
  test.each([
    ['--dry-run=1', 0],
    ['--dry-run=true', 0],
    ['--dry-run=yes', 2],
    ['--dry-run=', 2],
  ])('%s ends with %i', async (flag, code) => {
    const cwd = await makeFolder();
    const result = await runCli([...DEPLOY, '--file', 'm.jsonl', flag], { cwd });
    expect(result.code).toBe(code);
    expect(existsSync(join(cwd, 'm.jsonl'))).toBe(false);
  });
});

describe('several failures', () => {
  test('are all told, and the first of the published order counts', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'in.jsonl'), `${toJsonLines([wholeMarker(1)])}{"env":"prod"}\n`);
    const result = await runCli(['emit', '--from', 'in.jsonl', '--keep-going', '--file', 'no/such/folder'], {
      cwd,
    });
    expect(result.code).toBe(7);
    expect(result.stderr).toMatch(
      /warning: cannot write no\/such\/folder.*\n {2}hint: .*\n {2}code: FILE_UNWRITABLE/,
    );
    expect(errorOf(result).code).toBe('MARKER_INVALID');
  });

  test('leave no marker out of the result', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
      const cwd = await makeFolder();
      await writeFile(
        join(cwd, 'in.jsonl'),
        toJsonLines(Array.from({ length: 3000 }, (_, i) => wholeMarker(i))),
      );
      const flags = ['--from', 'in.jsonl', '--json', '--channel-arn', server.state.defaultChannelArn];
      const result = await runCli(['emit', ...flags, '--max-rate', 'off'], { cwd, env: server.env() });
      const [{ delivered, failed }] = JSON.parse(result.stdout).results;
      expect(delivered.length + failed.length).toBe(3000);
    }));
});

describe('output that cannot be written', () => {
  test.runIf(existsSync('/dev/full'))('does not undo or hide what was done', async () => {
    const cwd = await makeFolder();
    const line = `"$NODE" "$CLI" ${DEPLOY.join(' ')} --file m.jsonl >/dev/full`;
    const { code, stderr } = await runBash(line, cwd);
    expect(code).toBe(5);
    expect(stderr).toContain('all was done, but the result could not be written to stdout');
    expect(existsSync(join(cwd, 'm.jsonl'))).toBe(true);
  });

  test.runIf(existsSync('/dev/full'))('on stderr keeps no marker from being stored', async () => {
    const cwd = await makeFolder();
    const { code, stdout } = await runBash(`"$NODE" "$CLI" ${DEPLOY.join(' ')} 2>/dev/full`, cwd);
    expect(code).toBe(0);
    expect(stdout).toContain('stored in ./deploy-markers.jsonl');
  });
});

describe('the deadline', () => {
  test('also ends a credential_process that takes too long', () =>
    withAwsServer(async server => {
      const folder = await makeFolder();
      const config = join(folder, 'config');
      await writeFile(config, '[profile slow]\ncredential_process = sleep 20\n');
      const keys = {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SESSION_TOKEN: undefined,
      };
      const env = { ...keys, AWS_PROFILE: 'slow', AWS_CONFIG_FILE: config };
      const started = performance.now();
      const result = await emitTo(server, ['--timeout', '1s'], { env });
      expect(result.code).toBe(8);
      expect(performance.now() - started).toBeLessThan(15_000);
    }));

  test('that the lake uses up leaves the file its marker', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
      const cwd = await makeFolder();
      const flags = ['--sink', 'lake', '--sink', 'file', '--file', 'm.jsonl', '--timeout', '1s'];
      expect(await emitTo(server, flags, { cwd })).toMatchObject({ code: 8 });
      expect(existsSync(join(cwd, 'm.jsonl'))).toBe(true);
    }));
});

test('credentials with half a minute left are used where they cannot be renewed', () =>
  withAwsServer(async server => {
    const env = {
      AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + 30_000).toISOString(),
      DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
      ROLE_SESSION_NAME: 'ci-prod-a1b2c3d',
    };
    const result = await emitTo(server, [], { env });
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: the credentials expire'),
    });
  }));

test('a login in a URL is not repeated', async () => {
  const result = await runCli([
    ...DEPLOY,
    '--file',
    'm.jsonl',
    '--url',
    'https://bob:s3cretpassw0rd@ci.example/x',
  ]);
  expect(result.code).toBe(7);
  expect(result.stdout + result.stderr).not.toContain('s3cretpassw0rd');
});

test('SIGTERM ends a validate that waits for stdin', async () => {
  const child = execFile(process.execPath, [CLI, 'validate']);
  await sleep(1500);
  child.kill('SIGTERM');
  const code = await new Promise(resolve => child.once('exit', resolve));
  expect(code).toBe(6);
});

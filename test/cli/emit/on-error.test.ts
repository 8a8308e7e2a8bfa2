import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/faults.ts';
import { makeFolder, type RunResult, runCli } from '../run-cli.ts';
import { emitTo, MARKER_FLAGS, withAwsServer } from './scene.ts';

const FORGIVEN: readonly [exit: number, code: string, fault: Fault][] = [
  [3, 'ACCESS_DENIED', { kind: 'denied' }],
  [4, 'AWS_UNAVAILABLE', { kind: 'error500' }],
  [5, 'CHANNEL_NOT_FOUND', { kind: 'error', status: 400, code: 'ChannelNotFound' }],
  [8, 'TIMEOUT', { kind: 'hang' }],
  [9, 'EVENTS_REJECTED', { kind: 'partial', code: 'InvalidData' }],
];

/** Runs emit against a server that always fails in this way. */
async function emitInto(fault: Fault, policy: string, flags: readonly string[] = []): Promise<RunResult> {
  const results: RunResult[] = [];
  await withAwsServer(async server => {
    server.faults.add('PutAuditEvents', fault, Number.POSITIVE_INFINITY);
    const timeout = fault.kind === 'hang' ? ['--timeout', '500ms'] : [];
    results.push(await emitTo(server, ['--on-error', policy, ...timeout, ...flags]));
  });
  const [result] = results;
  if (result === undefined) throw new Error('emit did not run');
  return result;
}

describe.concurrent('--on-error', () => {
  test.each(FORGIVEN)('warn turns %i (%s) into 0 and a warning', async (exit, code, fault) => {
    const result = await emitInto(fault, 'warn');
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(result.stderr).toMatch(
      new RegExp(`(^|\\n)warning: .+\\n {2}hint: .+\\n {2}code: ${code} \\(exit ${exit}\\)\\n$`),
    );
    expect(result.stderr).not.toContain('error:');
  });

  test.each(FORGIVEN)('ignore turns %i (%s) into 0 and silence', async (_exit, _code, fault) => {
    const result = await emitInto(fault, 'ignore');
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('warn with --json is a JSON object on stderr', async () => {
    const result = await emitInto({ kind: 'denied' }, 'warn', ['--json']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stderr)).toMatchObject({ warning: { code: 'ACCESS_DENIED', exitCode: 3 } });
  });

  test.each([
    ['an empty component', ['--component', ''], 2],
    ['a time without an offset', ['--deployed-at', '2025-12-14T08:12:34'], 7],
    ['a channel of another service', ['--channel-arn', 'arn:aws:sns:eu-west-1:111122223333:t'], 7],
    ['an unknown flag', ['--chanel-arn', 'x'], 2],
  ])('ignore does not forgive %s', async (_, flags, exit) => {
    const base = flags[0] === '--component' ? ['--env', 'prod', '--git-sha', 'a1b2c3d'] : MARKER_FLAGS;
    const cwd = await makeFolder();
    const result = await runCli(['emit', ...base, '--on-error', 'ignore', ...flags], { cwd });
    expect(result.code).toBe(exit);
    expect(await readdir(cwd)).toEqual([]);
  });
});

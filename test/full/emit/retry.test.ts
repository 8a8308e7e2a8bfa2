import { describe, expect, test } from 'vitest';
import { MARKER_FLAGS, withAwsServer } from '../../cli/emit/scene.ts';
import { errorOf, type RunOptions, type RunResult, runCli } from '../../cli/run-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import type { Fault } from '../../fakes/faults.ts';

const SINKS = {
  lake: {
    operation: 'PutAuditEvents',
    flags: ({ state }: AwsServer) => ['--channel-arn', state.defaultChannelArn],
  },
  logs: { operation: 'PutLogEvents', flags: () => ['--log-group', '/deploys', '--log-stream', 's'] },
} as const;

type SinkName = keyof typeof SINKS;

/** Runs `emit` against a service that always fails in this way. */
async function emitFailing(
  sink: SinkName,
  fault: Fault,
  {
    flags = [],
    times = Number.POSITIVE_INFINITY,
    ...options
  }: RunOptions & { flags?: string[]; times?: number } = {},
): Promise<RunResult & { attempts: number; gaps: number[]; duration: number }> {
  const results: (RunResult & { attempts: number; gaps: number[]; duration: number })[] = [];
  await withAwsServer(async server => {
    server.state.logGroups.set('/deploys', { streams: new Map([['s', []]]) });
    server.faults.add(SINKS[sink].operation, fault, times);
    const began = performance.now();
    const args = ['emit', ...MARKER_FLAGS, ...SINKS[sink].flags(server), ...flags];
    const result = await runCli(args, { ...options, env: { ...server.env(), ...options.env } });
    const duration = performance.now() - began;
    const sent = server.requests.map(({ time }) => time);
    const gaps = sent.slice(1).map((time, index) => time - (sent[index] ?? 0));
    results.push({ ...result, attempts: sent.length, gaps, duration });
  });
  const [result] = results;
  if (result === undefined) throw new Error('emit did not run');
  return result;
}

describe.concurrent.each(['lake', 'logs'] as const)('an error of %s', sink => {
  const permanent: [Fault, string][] = [
    [{ kind: 'denied' }, 'ACCESS_DENIED'],
    [{ kind: 'error', status: 400, code: 'SomethingNew' }, 'AWS_REJECTED'],
    [{ kind: 'error', status: 400, code: 'UnrecognizedClientException' }, 'ACCESS_DENIED'],
  ];
  test.each(permanent)('that stays, %j, is not tried again', async (fault, code) => {
    const result = await emitFailing(sink, fault, { flags: ['--max-attempts', '5'] });
    expect(errorOf(result).code).toBe(code);
    expect(result.attempts).toBe(1);
  });

  const passing: [Fault, string][] = [
    [{ kind: 'error500' }, 'AWS_UNAVAILABLE'],
    [{ kind: 'reset' }, 'NETWORK'],
  ];
  test.each(passing)('that may pass, %j, is tried 3 times, or as often as is said', async (fault, code) => {
    const counts = await Promise.all([
      emitFailing(sink, fault),
      emitFailing(sink, fault, { flags: ['--max-attempts', '1'] }),
      emitFailing(sink, fault, { env: { AWS_MAX_ATTEMPTS: '2' } }),
      emitFailing(sink, fault, { env: { DEPLOY_MARKER_MAX_ATTEMPTS: '2', AWS_MAX_ATTEMPTS: '4' } }),
      emitFailing(sink, fault, { flags: ['--max-attempts', '4'], env: { AWS_MAX_ATTEMPTS: '1' } }),
    ]);
    expect(counts.map(result => [errorOf(result).code, result.attempts])).toEqual(
      [3, 1, 2, 2, 4].map(attempts => [code, attempts]),
    );
    expect(errorOf(counts[4]).message).toContain('4 attempts');
  });

  test('of throttling is tried as often as is said', async () => {
    const result = await emitFailing(sink, { kind: 'throttle' }, { flags: ['--max-attempts', '4'] });
    expect(result).toMatchObject({ code: 4, attempts: 4 });
    expect(errorOf(result).code).toBe('AWS_THROTTLED');
  });

  test('in the adaptive mode is tried too, and passes', async () => {
    const env = { AWS_RETRY_MODE: 'adaptive' };
    const result = await emitFailing(sink, { kind: 'throttle' }, { env, times: 1 });
    expect(result).toMatchObject({ code: 0, stderr: '', attempts: 2 });
  });

  test('with Retry-After is tried again after that time, not before', async () => {
    const result = await emitFailing(sink, { kind: 'error503', retryAfterSeconds: 1 }, { times: 1 });
    expect(result).toMatchObject({ code: 0, stderr: '', attempts: 2 });
    expect(result.gaps[0]).toBeGreaterThanOrEqual(990);
    expect(result.gaps[0]).toBeLessThan(4_000);
  });

  test('with a long Retry-After does not outlast the deadline', async () => {
    const fault = { kind: 'error503', retryAfterSeconds: 60 } as const;
    const result = await emitFailing(sink, fault, { flags: ['--timeout', '900ms'] });
    expect(result).toMatchObject({ code: 8, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('0.9 s') });
    expect(result.duration).toBeLessThan(10_000);
  });

  test('is tried only as long as the deadline over all attempts lasts', async () => {
    const flags = ['--max-attempts', '99', '--timeout', '3s'];
    const result = await emitFailing(sink, { kind: 'error500' }, { flags });
    expect(result.code).toBe(8);
    expect(errorOf(result).code).toBe('TIMEOUT');
    expect(result.attempts).toBeGreaterThan(2);
    expect(result.attempts).toBeLessThan(30);
  });
});

describe('waits between attempts', () => {
  test('differ from one run to the next, so that runs that failed together do not come back together', async () => {
    const run = () => emitFailing('lake', { kind: 'throttle' }, { times: 1 });
    const results = [...(await Promise.all([run(), run(), run(), run()])), await run(), await run()];
    const waits = results.map(({ gaps: [wait = 0] }) => wait);
    // Throttling waits up to 500 ms; with one and the same wait only noise would be between them.
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(60);
  });
});

describe.concurrent('--max-attempts', () => {
  test.each(['0', 'x', '-1', '1.5', '100', '1e1'])('%s is wrong usage', async attempts => {
    const result = await emitFailing('lake', { kind: 'denied' }, { flags: [`--max-attempts=${attempts}`] });
    expect(result).toMatchObject({ code: 2, stdout: '', attempts: 0 });
    expect(errorOf(result)).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`"${attempts}"`),
      hint: 'pass --max-attempts 3',
    });
  });
});

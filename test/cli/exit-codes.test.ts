import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors/codes.ts';
import { EXIT_PRIORITY } from '../../src/errors/exit-codes.ts';
import { EXIT_MEANINGS } from '../../src/errors/meanings.ts';
import {
  CI_ENVS,
  emitTo,
  MARKER_FLAGS,
  SHA,
  storedMarkers,
  toJsonLines,
  wholeMarker,
  withAwsServer,
} from './emit/scene.ts';
import { CLI, errorOf, makeFolder, type RunResult, runCli } from './run-cli.ts';
import { runOnFiles, storyFolder, tellStory } from './trail/trail-scene.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';

/** Runs emit against a server whose PutAuditEvents always fails in this way. */
async function emitFailing(
  fault: Parameters<Parameters<Parameters<typeof withAwsServer>[0]>[0]['faults']['add']>[1],
  flags: readonly string[] = [],
): Promise<RunResult> {
  const results: RunResult[] = [];
  await withAwsServer(async server => {
    server.faults.add('PutAuditEvents', fault, Number.POSITIVE_INFINITY);
    results.push(await emitTo(server, flags));
  });
  const [result] = results;
  if (result === undefined) throw new Error('emit did not run');
  return result;
}

/** A copy of the program one of whose parts is broken, as after a disk error. */
async function runBroken(): Promise<RunResult> {
  const dist = join(await makeFolder(), 'dist');
  await cp(dirname(CLI), dist, { recursive: true });
  const part = (await readdir(join(dist, 'chunks'))).find(name => /^emit[-.]/.test(name));
  if (part === undefined) throw new Error('there is no part of emit');
  await writeFile(join(dist, 'chunks', part), 'throw new Error("broken on purpose");\n');
  return runCli(['emit', ...MARKER_FLAGS], { script: join(dist, 'cli.cjs') });
}

async function cancelled(): Promise<RunResult> {
  const results: RunResult[] = [];
  let tell: () => void = () => {};
  const when = new Promise<void>(resolve => {
    tell = resolve;
  });
  await withAwsServer(
    async server => {
      server.faults.add('PutAuditEvents', { kind: 'hang' });
      results.push(await emitTo(server, [], { signalAfter: { signal: 'SIGTERM', when } }));
    },
    { onRequest: () => tell() },
  );
  const [result] = results;
  if (result === undefined) throw new Error('emit did not run');
  return result;
}

interface Case {
  readonly what: string;
  readonly code?: ErrorCode;
  readonly prints?: true;
  readonly run: () => Promise<RunResult>;
}

/** One honest way to each exit code of the published table. */
const CASES: Readonly<Record<number, Case>> = {
  0: { what: 'a stored marker', run: () => emitFailing({ kind: 'slow', pieces: 1, pauseMs: 0 }) },
  1: { what: 'a broken installation', code: 'INTERNAL', run: runBroken },
  2: { what: 'an unknown flag', code: 'USAGE', run: () => runCli(['emit', '--chanel-arn', 'x']) },
  3: { what: 'access denied', code: 'ACCESS_DENIED', run: () => emitFailing({ kind: 'denied' }) },
  4: { what: 'a service in trouble', code: 'AWS_UNAVAILABLE', run: () => emitFailing({ kind: 'error500' }) },
  5: {
    what: 'a channel that is not there',
    code: 'CHANNEL_NOT_FOUND',
    run: () => emitFailing({ kind: 'error', status: 400, code: 'ChannelNotFound' }),
  },
  6: { what: 'SIGTERM', code: 'CANCELLED', run: cancelled },
  7: {
    what: 'an environment of 21 characters',
    code: 'MARKER_INVALID',
    run: () => runCli(['emit', ...MARKER_FLAGS, '--env', 'e'.repeat(21), '--file', 'm.jsonl']),
  },
  8: {
    what: 'a deadline',
    code: 'TIMEOUT',
    run: () => emitFailing({ kind: 'hang' }, ['--timeout', '400ms']),
  },
  9: {
    what: 'a refused event',
    code: 'EVENTS_REJECTED',
    run: () => emitFailing({ kind: 'partial', code: 'InvalidData' }),
  },
  10: {
    what: "a person's change that no deploy explains",
    code: 'AUDIT_FAILED',
    // The report is what was asked for, so stdout has it although the verdict is a failure.
    prints: true,
    run: async () => runOnFiles('audit', await storyFolder(tellStory())),
  },
};

describe.concurrent('exit codes', () => {
  test('each of the published table has a case below', () => {
    expect(Object.keys(CASES)).toEqual(Object.keys(EXIT_MEANINGS));
    const used = [...new Set(Object.values(errorCodes()).map(({ exit }) => exit))];
    expect(used.filter(exit => CASES[exit] === undefined)).toEqual([]);
    expect(used.filter(exit => !EXIT_PRIORITY.includes(exit))).toEqual([]);
  });

  const rows = Object.entries(CASES).map(([exit, row]) => ({ exit, ...row }));
  test.each(rows)('$exit: $what', async ({ exit, code, prints, run }) => {
    const result = await run();
    expect(result).toMatchObject({ code: Number(exit), signal: null });
    if (code === undefined) expect(result.stderr).toBe('');
    else expect(errorOf(result).code).toBe(code);
    if (exit !== '0') expect(result.stdout !== '').toBe(prints === true);
  });
});

describe.concurrent('a place that is not there or cannot be written', () => {
  test('of logs ends with 5', () =>
    withAwsServer(async server => {
      const flags = ['emit', ...MARKER_FLAGS, '--log-group', '/none'];
      const result = await runCli(flags, { env: server.env() });
      expect(result).toMatchObject({ code: 5, stdout: '' });
      expect(errorOf(result).code).toBe('LOG_GROUP_NOT_FOUND');
    }));

  test.each(['fail', 'warn', 'ignore'])('of a spool ends with 5, also with --on-error %s', policy =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      await writeFile(join(cwd, 'spool'), 'a file');
      const result = await emitTo(server, ['--spool', 'spool', '--on-error', policy], { cwd });
      expect(result.code).toBe(5);
      expect(errorOf(result).code).toBe('SPOOL_UNWRITABLE');
      // The marker is offered all the same.
      expect(storedMarkers(server)).toHaveLength(1);
    }),
  );
});

describe.concurrent('bad input', () => {
  const marker = (fields: Record<string, unknown>): string => toJsonLines([wholeMarker(1, fields)]);
  const cases: [string, number, ErrorCode, string, readonly string[], string?][] = [
    [
      'a time without an offset',
      7,
      'MARKER_INVALID',
      '--deployed-at',
      ['--deployed-at', '2025-12-14T08:12:34'],
    ],
    ['a label key with a space', 7, 'MARKER_INVALID', 'a b', ['--label', 'a b=c']],
    [
      'a marker of 257 kB',
      7,
      'EVENT_TOO_LARGE',
      '257',
      ['--from', '-', '--channel-arn', CHANNEL],
      marker({ reason: 'r'.repeat(257_000) }),
    ],
    [
      'a channel ARN of another service',
      7,
      'ARN_INVALID',
      'sns',
      ['--channel-arn', 'arn:aws:sns:eu-west-1:111122223333:t'],
    ],
    [
      'a role ARN of a user',
      7,
      'ARN_INVALID',
      'user/kim',
      ['--role-arn', 'arn:aws:iam::111122223333:user/kim'],
    ],
    ['an account of 11 digits', 7, 'MARKER_INVALID', '--account', ['--account', '12345678901']],
    ['a Region that is none', 7, 'MARKER_INVALID', '--region', ['--region', 'Ireland']],
    ['a commit that is none', 7, 'MARKER_INVALID', '--git-sha', ['--git-sha', 'main']],
    ['a component without a kind', 7, 'MARKER_INVALID', '--component', ['--component', 'thumbnail']],
    [
      'a session name of 65 characters',
      7,
      'MARKER_INVALID',
      '--session-name',
      ['--session-name', 's'.repeat(65)],
    ],
    ['a start after the end', 7, 'MARKER_INVALID', '--started-at', ['--started-at', '2999-01-01T00:00:00Z']],
    ['a URL with a password', 7, 'MARKER_INVALID', '--url', ['--url', 'https://u:p@example.com/']],
    [
      'two markers with one UID',
      7,
      'MARKER_CONFLICT',
      'line 1',
      ['--from', '-'],
      marker({}) + marker({ reason: 'other' }),
    ],
    ['a record that is no marker', 7, 'MARKER_INVALID', 'stdin:1', ['--from', '-'], '[1]\n'],
  ];
  test.each(cases)('%s ends with %i %s', async (_, exit, code, message, flags, input) => {
    const cwd = await makeFolder();
    const base = input === undefined ? MARKER_FLAGS : [];
    const sink = flags.includes('--channel-arn') ? [] : ['--file', 'm.jsonl'];
    const result = await runCli(['emit', ...base, ...sink, ...flags], {
      cwd,
      ...(input === undefined ? {} : { input }),
    });
    expect(result).toMatchObject({ code: exit, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('an empty component ends with 2', async () => {
    const result = await runCli(['emit', '--env', 'prod', '--git-sha', SHA, '--component', '']);
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({
      code: 'USAGE',
      message: '--component is given, but its value is empty',
    });
  });

  test('no sink in CI ends with 2', async () => {
    const result = await runCli(['emit', ...MARKER_FLAGS], { env: CI_ENVS.circleci });
    expect(result.code).toBe(2);
    expect(errorOf(result).code).toBe('NO_SINK');
  });

  test('several problems at once are all named, and the first exit code by rank counts', async () => {
    const flags = ['--env', 'e'.repeat(21), '--deployed-at', 'today', '--account', '1'];
    const result = await runCli(['emit', ...MARKER_FLAGS, '--file', 'm.jsonl', ...flags]);
    expect(result.code).toBe(7);
    expect(
      result.stderr
        .split('\n')
        .slice(0, 3)
        .map(line => line.split(' ')[0])
        .toSorted(),
    ).toEqual(['--account', '--deployed-at', '--env']);
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'm.jsonl'));
    const records = toJsonLines([wholeMarker(1), wholeMarker(2, { env: '' })]);
    const ranked = await runCli(['emit', '--from', '-', '--keep-going', '--file', 'm.jsonl'], {
      cwd,
      input: records,
    });
    expect(ranked.code).toBe(7);
  });
});

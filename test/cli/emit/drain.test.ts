import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';
import { errorOf, makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';
import {
  CI_ENVS,
  emitRecords,
  emitTo,
  storedMarkers,
  toJsonLines,
  wholeMarker,
  withAwsServer,
} from './scene.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const UID = '[0-9a-f-]{36}';
const OTHER_CHANNEL =
  'arn:aws:cloudtrail:eu-west-1:111122223333:channel/11111111-2222-4333-8444-555555555555';

function drain(server: AwsServer, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runCli(['emit', '--drain', 's', ...args], { ...options, env: { ...server.env(), ...options.env } });
}

/** What a spool keeps, marker by marker. */
function keptIn(folder: string): Record<string, unknown>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .flatMap(name => JSON.parse(readFileSync(join(folder, name), 'utf8')).markers);
}

/** A folder whose spool `s` has these records, which the server was not ready to take. */
async function spoolOf(
  server: AwsServer,
  records: readonly object[],
  flags: readonly string[] = [],
): Promise<string> {
  const cwd = await makeFolder();
  await writeFile(join(cwd, 'm.jsonl'), toJsonLines(records));
  server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
  server.faults.add('PutLogEvents', { kind: 'denied' }, ALWAYS);
  const result = await emitRecords(server, ['--from', 'm.jsonl', '--spool', 's', ...flags], { cwd });
  expect(result.code).toBe(3);
  server.faults.clear();
  return cwd;
}

describe.concurrent('emit --drain', () => {
  test('delivers with the UIDs and times that the markers had, and says so of each', () =>
    withAwsServer(async server => {
      const records = [wholeMarker(1), wholeMarker(2, { recorded_at: '2025-12-15T00:00:00Z' })];
      const cwd = await spoolOf(server, records);
      expect(keptIn(join(cwd, 's'))).toEqual(records);
      const result = await drain(server, [], { cwd });
      const { defaultChannelArn } = server.state;
      expect(result).toMatchObject({ code: 0, stderr: `delivering what s keeps for ${defaultChannelArn}\n` });
      expect(result.stdout).toMatch(
        new RegExp(
          `^stored in lake: lambda:function-1 uid=marker-1 event=${UID}\\nstored in lake: lambda:function-2 uid=marker-2 event=${UID}\\n$`,
        ),
      );
      expect(storedMarkers(server)).toEqual(records);
      expect(readdirSync(join(cwd, 's'))).toEqual([]);
    }));

  test('gives the UIDs with --json', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      const { code, stdout } = await drain(server, ['--json'], { cwd });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        version: 1,
        results: [{ sink: 'lake', delivered: [{ uid: 'marker-1' }], failed: [], spooled: [] }],
      });
    }));

  test.each([
    ['is not there', async () => {}],
    ['is empty', async (folder: string) => void (await mkdir(folder))],
  ])('of a folder that %s says so and ends with 0', (_, make) =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      await make(join(cwd, 's'));
      const result = await drain(server, [], { cwd });
      expect(result).toMatchObject({ code: 0, stdout: '', stderr: 'nothing is kept in s\n' });
      expect(server.requests).toEqual([]);
    }),
  );

  test('that fails leaves everything as it is', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1), wholeMarker(2)]);
      const before = readdirSync(join(cwd, 's'));
      server.faults.add('PutAuditEvents', { kind: 'error500' }, ALWAYS);
      const result = await drain(server, ['--max-attempts', '1'], { cwd });
      expect(result).toMatchObject({ code: 4, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'AWS_UNAVAILABLE',
        message: expect.stringContaining('; 2 markers are kept in s'),
        hint: expect.stringContaining('emit --drain s'),
      });
      expect(readdirSync(join(cwd, 's'))).toEqual(before);
    }));

  test('sets aside what is refused for good with the reason, delivers the others, and ends with 9', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1), wholeMarker(2), wholeMarker(3)]);
      const fault = { kind: 'partial', code: 'InvalidData', message: 'no good', ids: ['marker-2'] } as const;
      server.faults.add('PutAuditEvents', fault, ALWAYS);
      const result = await drain(server, [], { cwd });
      expect(result.code).toBe(9);
      expect(errorOf(result).code).toBe('EVENTS_REJECTED');
      expect(storedMarkers(server).map(({ uid }) => uid)).toEqual(['marker-1', 'marker-3']);
      expect(keptIn(join(cwd, 's'))).toEqual([]);
      const [name = ''] = readdirSync(join(cwd, 's/rejected'));
      expect(JSON.parse(await readFile(join(cwd, 's/rejected', name), 'utf8'))).toMatchObject({
        markers: [{ uid: 'marker-2' }],
        refusals: [{ uid: 'marker-2', errorCode: 'InvalidData', errorMessage: 'no good' }],
      });
      expect(await drain(server, [], { cwd })).toMatchObject({ code: 0, stderr: 'nothing is kept in s\n' });
    }));

  test('delivers markers that have become too old for CloudWatch Logs to rejected/', () =>
    withAwsServer(
      async server => {
        const deployed_at = new Date(Date.now() - 60_000).toISOString();
        const cwd = await spoolOf(
          server,
          [wholeMarker(1, { deployed_at })],
          ['--sink', 'logs', '--log-group', '/g'],
        );
        const later = Date.now() + 15 * 24 * 3_600_000;
        server.state.now = () => later;
        const result = await runDrainAt(later, server, cwd);
        expect(result.code).toBe(9);
        expect(keptIn(join(cwd, 's/rejected'))).toHaveLength(1);
        expect(keptIn(join(cwd, 's'))).toEqual([]);
      },
      { logGroups: ['/g'] },
    ));

  test('brings each marker to where it was to go: two channels, and a log group', () =>
    withAwsServer(
      async server => {
        server.state.channels.set(OTHER_CHANNEL, { arn: OTHER_CHANNEL });
        const deployed_at = new Date(Date.now() - 60_000).toISOString();
        const cwd = await spoolOf(server, [wholeMarker(1)]);
        server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
        server.faults.add('PutLogEvents', { kind: 'denied' }, ALWAYS);
        await writeFile(join(cwd, 'n.jsonl'), toJsonLines([wholeMarker(2, { deployed_at })]));
        const both = [
          '--sink',
          'lake',
          '--sink',
          'logs',
          '--log-group',
          '/g',
          '--channel-arn',
          OTHER_CHANNEL,
        ];
        const flags = ['emit', '--from', 'n.jsonl', '--spool', 's', ...both];
        expect(await runCli(flags, { cwd, env: server.env() })).toMatchObject({ code: 3 });
        server.faults.clear();
        const result = await drain(server, [], { cwd });
        expect(result.code).toBe(0);
        for (const place of [server.state.defaultChannelArn, OTHER_CHANNEL, 'the log group eu-west-1:/g'])
          expect(result.stderr).toContain(`delivering what s keeps for ${place}`);
        expect(server.state.stored.map(({ id, channelArn }) => [id, channelArn])).toEqual([
          ['marker-1', server.state.defaultChannelArn],
          ['marker-2', OTHER_CHANNEL],
        ]);
        const messages = listLogMessages(server.state.logGroups);
        expect(messages.map(({ group, message }) => [group, JSON.parse(message).UID])).toEqual([
          ['/g', 'marker-2'],
        ]);
        expect(readdirSync(join(cwd, 's'))).toEqual([]);
      },
      { logGroups: ['/g'] },
    ));

  test('of one destination that is gone delivers to the other all the same', () =>
    withAwsServer(
      async server => {
        const deployed_at = new Date(Date.now() - 60_000).toISOString();
        const flags = ['--sink', 'lake', '--sink', 'logs', '--log-group', '/g'];
        const cwd = await spoolOf(server, [wholeMarker(1, { deployed_at })], flags);
        server.state.logGroups.clear();
        const result = await drain(server, [], { cwd });
        expect(result.code).toBe(5);
        expect(errorOf(result)).toMatchObject({
          code: 'LOG_GROUP_NOT_FOUND',
          message: expect.stringContaining('; 1 marker is kept in s'),
        });
        expect(storedMarkers(server)).toHaveLength(1);
        expect(keptIn(join(cwd, 's'))).toHaveLength(1);
      },
      { logGroups: ['/g'] },
    ));

  test.each([
    ['cut short', '{"version":1,'],
    [
      'to a channel that is none',
      JSON.stringify({ version: 1, sink: 'lake', target: 'x', markers: [wholeMarker(9)] }),
    ],
    [
      'to a log group that is none',
      JSON.stringify({ version: 1, sink: 'logs', target: 'eu-west-1:a b', markers: [wholeMarker(9)] }),
    ],
  ])('sets aside a file %s, names it, and delivers the others', (_, text) =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      const name = '20251214T081234567Z-5a25eab5-7d4c-4b9b-ad4f-93157986caec.json';
      await writeFile(join(cwd, 's', name), text);
      const result = await drain(server, [], { cwd });
      expect(result.code).toBe(7);
      expect(errorOf(result)).toMatchObject({
        code: 'MARKER_INVALID',
        message: expect.stringContaining(name),
      });
      expect(storedMarkers(server)).toHaveLength(1);
      expect(await readFile(join(cwd, 's/rejected', name), 'utf8')).toBe(text);
      expect(await drain(server, [], { cwd })).toMatchObject({ code: 0, stderr: 'nothing is kept in s\n' });
    }),
  );

  test('with a flag that does not hold ends in three lines, however many destinations there are', () =>
    withAwsServer(
      async server => {
        const cwd = await spoolOf(server, [wholeMarker(1)]);
        const [name = ''] = readdirSync(join(cwd, 's'));
        const { markers } = JSON.parse(await readFile(join(cwd, 's', name), 'utf8'));
        const logs = { version: 1, sink: 'logs', target: 'eu-west-1:/g', markers };
        // The first to be opened is the one that takes longer to load.
        await writeFile(
          join(cwd, 's/20251214T081234567Z-5a25eab5-7d4c-4b9b-ad4f-93157986caec.json'),
          JSON.stringify(logs),
        );
        const result = await drain(server, ['--sink-role-arn', 'x'], { cwd });
        expect(result).toMatchObject({ code: 7, stdout: '' });
        expect(result.stderr).toMatch(/^error: .+\n {2}hint: .+\n {2}code: ARN_INVALID \(exit 7\)\n$/);
        expect(keptIn(join(cwd, 's'))).toHaveLength(2);
      },
      { logGroups: ['/g'] },
    ));

  test.each([
    ['--component', 'lambda:a'],
    ['--from', 'm.jsonl'],
    ['--spool', 't'],
    ['--sink', 'lake'],
    ['--file', 'm.jsonl'],
    ['--dry-run', '--quiet'],
  ])('with %s is a wrong usage', async (flag, value) => {
    const result = await runCli(['emit', '--drain', 's', flag, value]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: 'USAGE', message: expect.stringContaining(flag) });
  });

  test('takes no notice of what the environment says about new markers', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      const env = { DEPLOY_MARKER_SPOOL: 's', DEPLOY_MARKER_FILE: 'f', DEPLOY_MARKER_COMPONENT: 'lambda:x' };
      expect(await drain(server, ['--quiet'], { cwd, env })).toMatchObject({ code: 0, stderr: '' });
      expect(server.state.stored.map(({ channelArn }) => channelArn)).toEqual([
        server.state.defaultChannelArn,
      ]);
    }));

  test.each([
    ['the channel of the environment', [], { DEPLOY_MARKER_CHANNEL_ARN: OTHER_CHANNEL }],
    ['the channel of a flag', ['--channel-arn', OTHER_CHANNEL], {}],
    ['a log group', ['--log-group', '/g'], {}],
  ])('refuses what was meant for another place than %s, and keeps it', (_, flags, env) =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      const result = await drain(server, flags, { cwd, env });
      const { defaultChannelArn } = server.state;
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'USAGE',
        message: `s keeps markers for ${defaultChannelArn}, which is not what is configured`,
        hint: `if they are to go there, name it: emit --drain s --channel-arn ${defaultChannelArn}`,
      });
      expect(server.requests).toHaveLength(1);
      expect(keptIn(join(cwd, 's'))).toHaveLength(1);
      expect(await drain(server, ['--channel-arn', defaultChannelArn], { cwd, env })).toMatchObject({
        code: 0,
      });
      expect(storedMarkers(server)).toHaveLength(1);
    }),
  );

  test('delivers the good markers of a batch, and sets aside what is none', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1), wholeMarker(2)]);
      const [name = ''] = readdirSync(join(cwd, 's'));
      const batch = JSON.parse(await readFile(join(cwd, 's', name), 'utf8'));
      batch.markers.splice(1, 0, { uid: 'x' }, null);
      await writeFile(join(cwd, 's', name), JSON.stringify(batch));
      const result = await drain(server, [], { cwd });
      expect(result.code).toBe(7);
      expect(errorOf(result)).toMatchObject({
        code: 'MARKER_INVALID',
        message: expect.stringContaining('has 2 markers that do not hold'),
      });
      expect(storedMarkers(server).map(({ uid }) => uid)).toEqual(['marker-1', 'marker-2']);
      expect(keptIn(join(cwd, 's/rejected'))).toEqual([{ uid: 'x' }, null]);
      expect(await drain(server, ['--quiet'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    }));

  test('of a folder above spools names them, and delivers nothing', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      await mkdir(join(cwd, 'artifacts/job-b'), { recursive: true });
      await rename(join(cwd, 's'), join(cwd, 'artifacts/job-a'));
      const result = await runCli(['emit', '--drain', 'artifacts'], { cwd, env: server.env() });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'INPUT_UNREADABLE',
        message:
          'markers are kept below artifacts, in artifacts/job-a, which a drain of artifacts does not deliver',
        hint: 'drain each by itself: emit --drain artifacts/job-a',
      });
    }));

  test('forgives under --on-error warn what emit forgives', () =>
    withAwsServer(async server => {
      const cwd = await spoolOf(server, [wholeMarker(1)]);
      server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
      const result = await drain(server, ['--on-error', 'warn'], { cwd });
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(
        /^delivering .+\nwarning: .+1 marker is kept in s\n {2}hint: .+\n {2}code: ACCESS_DENIED/,
      );
    }));

  test('of a path that is a file ends with 2', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 's'), '');
    const result = await runCli(['emit', '--drain', 's', '--on-error', 'ignore'], { cwd });
    expect(result.code).toBe(2);
    expect(errorOf(result).code).toBe('INPUT_UNREADABLE');
  });
});

/** Runs a drain whose clock is `time`: the server signs by its own clock, and requests must be of the same time. */
async function runDrainAt(time: number, server: AwsServer, cwd: string): Promise<RunResult> {
  const preload = join(cwd, 'clock.cjs');
  const shift = time - Date.now();
  await writeFile(
    preload,
    `const real = Date; const shift = ${shift};
     globalThis.Date = class extends real {
       constructor(...args) { super(...(args.length === 0 ? [real.now() + shift] : args)); }
       static now() { return real.now() + shift; }
     };`,
  );
  return drain(server, [], { cwd, env: { NODE_OPTIONS: `--require=${preload}` } });
}

describe.concurrent('one marker is one marker', () => {
  const { circleci } = CI_ENVS;

  test('however often its step runs, is interrupted, and is drained', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const flags = ['--spool', 's', '--max-attempts', '1'];
      server.faults.add('PutAuditEvents', { kind: 'resetAfterStore' });
      expect(await emitTo(server, flags, { cwd, env: circleci })).toMatchObject({ code: 4 });
      expect(await emitTo(server, flags, { cwd, env: circleci })).toMatchObject({ code: 0 });
      expect(await drain(server, [], { cwd })).toMatchObject({ code: 0 });
      expect(storedMarkers(server)).toHaveLength(3);
      expect(new Set(storedMarkers(server).map(({ uid }) => uid)).size).toBe(1);
      expect(keptIn(join(cwd, 's'))).toEqual([]);
    }));

  test('however many drains run at once', () =>
    withAwsServer(async server => {
      const records = Array.from({ length: 900 }, (_, index) => wholeMarker(index));
      const cwd = await spoolOf(server, records);
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 3, pauseMs: 60 }, 30);
      const results = await Promise.all([1, 2, 3].map(() => drain(server, [], { cwd })));
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
      const stored = storedMarkers(server);
      expect(new Map(stored.map(({ uid, component }) => [uid, component])).size).toBe(900);
      expect(new Set(stored.map(marker => JSON.stringify(marker))).size).toBe(900);
      expect(readdirSync(join(cwd, 's'))).toEqual([]);
    }));
});

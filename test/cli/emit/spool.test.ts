import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';
import { CLI, errorOf, makeFolder, runCli } from '../run-cli.ts';
import {
  emitRecords,
  emitTo,
  MARKER_FLAGS,
  storedMarkers,
  toJsonLines,
  wholeMarker,
  withAwsServer,
} from './scene.ts';

/** Whether this user may have a file system of a size of its own. */
const CAN_MOUNT = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const ALWAYS = Number.POSITIVE_INFINITY;
const THREE = ['--component', 'lambda:b', '--component', 'lambda:c'];

/** UIDs in the files of a spool that count. */
function uidsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .flatMap(name => JSON.parse(textOf(join(folder, name)) ?? '{"markers":[]}').markers)
    .map(({ uid }: { uid: string }) => uid);
}

/** A batch that is confirmed may be gone between being listed and being read. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (existsSync(file)) throw error;
    return undefined;
  }
}

/** A file of so many markers, fit for both sinks. */
async function folderOf(count: number): Promise<string> {
  const folder = await makeFolder();
  const deployed_at = new Date(Date.now() - 60_000).toISOString();
  const records = Array.from({ length: count }, (_, index) => wholeMarker(index, { deployed_at }));
  await writeFile(join(folder, 'm.jsonl'), toJsonLines(records));
  return folder;
}

describe.concurrent('emit --spool', () => {
  test('has each batch on the disk when its request arrives, and nothing when all is confirmed', async () => {
    const cwd = await folderOf(450);
    const missing: string[] = [];
    const server = await startAwsServer({
      onRequest({ bodyText }) {
        const kept = new Set(uidsIn(join(cwd, 's')));
        const sent: { id: string }[] = JSON.parse(bodyText).auditEvents;
        missing.push(...sent.map(({ id }) => id).filter(uid => !kept.has(uid)));
      },
    });
    try {
      const flags = ['--from', 'm.jsonl', '--spool', 's', '--max-rate', 'off', '--quiet'];
      expect(await emitRecords(server, flags, { cwd })).toMatchObject({ code: 0, stderr: '' });
      expect(server.requests).toHaveLength(5);
      expect(missing).toEqual([]);
      expect(storedMarkers(server)).toHaveLength(450);
      expect(readdirSync(join(cwd, 's'))).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test('says in its three lines what is kept where, and how it is delivered', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      server.faults.add('PutAuditEvents', { kind: 'error500' }, ALWAYS);
      const result = await emitTo(server, ['--spool', 's', '--max-attempts', '1'], { cwd });
      expect(result).toMatchObject({ code: 4, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'AWS_UNAVAILABLE',
        message: expect.stringMatching(/^PutAuditEvents failed: .+; 1 marker is kept in s$/),
        hint: 'try again later; then run deploy-marker emit --drain s',
      });
      const [name = ''] = readdirSync(join(cwd, 's'));
      expect(JSON.parse(await readFile(join(cwd, 's', name), 'utf8'))).toMatchObject({
        version: 1,
        sink: 'lake',
        target: server.state.defaultChannelArn,
        markers: [{ component: 'lambda:resize-image' }],
      });
    }));

  test('lists the UIDs with --json', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
      const result = await emitTo(server, [...THREE, '--spool', 's', '--json'], { cwd });
      expect(result.code).toBe(3);
      const [{ delivered, failed, spooled }] = JSON.parse(result.stdout).results;
      expect(delivered).toEqual([]);
      expect(failed).toHaveLength(3);
      expect(spooled).toEqual(failed.map(({ uid }: { uid: string }) => uid));
      expect([...spooled].sort()).toEqual(uidsIn(join(cwd, 's')).sort());
      expect(JSON.parse(result.stderr).error.message).toContain('; 3 markers are kept in s');
    }));

  test('gives --on-error warn the same three lines as a warning', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
      const result = await emitTo(server, ['--spool', 's', '--on-error', 'warn'], { cwd });
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(
        /^warning: .+; 1 marker is kept in s\n {2}hint: .+--drain s\n {2}code: ACCESS_DENIED \(exit 3\)\n$/,
      );
      expect(uidsIn(join(cwd, 's'))).toHaveLength(1);
    }));

  test('keeps what may go through later, and sets aside what is refused for good', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      server.faults.add('PutAuditEvents', { kind: 'partial', code: 'InternalFailure', indices: [0] });
      server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
      expect(await emitTo(server, [...THREE, '--spool', 's'], { cwd })).toMatchObject({ code: 3 });
      const [kept] = uidsIn(join(cwd, 's'));
      expect(uidsIn(join(cwd, 's'))).toHaveLength(1);
      expect(storedMarkers(server).map(({ uid }) => uid)).not.toContain(kept);
      server.faults.clear();
      server.faults.add('PutAuditEvents', { kind: 'partial', code: 'InvalidData' }, ALWAYS);
      expect(await emitTo(server, ['--spool', 't'], { cwd })).toMatchObject({ code: 9 });
      expect(uidsIn(join(cwd, 't'))).toEqual([]);
      expect(uidsIn(join(cwd, 't/rejected'))).toHaveLength(1);
    }));

  test('of several sinks keeps those that failed, never the file', () =>
    withAwsServer(
      async server => {
        const cwd = await makeFolder();
        server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
        const flags = [
          '--sink',
          'lake',
          '--sink',
          'logs',
          '--sink',
          'file',
          '--log-group',
          '/g',
          '--file',
          'm.jsonl',
        ];
        const result = await emitTo(server, [...flags, '--spool', 's', '--json'], { cwd });
        expect(result.code).toBe(3);
        // The file comes first, for it fails the least.
        const [file, lake, logs] = JSON.parse(result.stdout).results;
        expect(lake).toMatchObject({ sink: 'lake', delivered: [], spooled: uidsIn(join(cwd, 's')) });
        expect(logs).toMatchObject({ sink: 'logs', delivered: [{}], spooled: [] });
        expect(file).toMatchObject({ sink: 'file', delivered: [{}], spooled: [] });
        expect(lake.spooled).toHaveLength(1);
        expect(listLogMessages(server.state.logGroups)).toHaveLength(1);
        expect(existsSync(join(cwd, 'm.jsonl'))).toBe(true);
      },
      { logGroups: ['/g'] },
    ));

  test('with only the file as a sink makes no folder', async () => {
    const cwd = await makeFolder();
    const result = await runCli(['emit', ...MARKER_FLAGS, '--file', 'm.jsonl', '--spool', 's'], { cwd });
    expect(result.code).toBe(0);
    expect(readdirSync(cwd)).toEqual(['m.jsonl']);
  });

  test('sends nothing, and keeps nothing, with --dry-run', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      expect((await emitTo(server, ['--spool', 's', '--dry-run'], { cwd })).code).toBe(0);
      expect(readdirSync(cwd)).toEqual([]);
      expect(server.requests).toEqual([]);
    }));
});

describe.concurrent('what ends emit --spool before its time', () => {
  async function startHanging(): Promise<{ server: AwsServer; asked: Promise<void> }> {
    let tell = (): void => {};
    const asked = new Promise<void>(resolve => {
      tell = resolve;
    });
    const server = await startAwsServer({ onRequest: () => tell() });
    // Two batches get through; the others hang.
    server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 1, pauseMs: 0 }, 2);
    server.faults.add('PutAuditEvents', { kind: 'hang' }, ALWAYS);
    return { server, asked };
  }

  function expectAllAccounted(server: AwsServer, folder: string, total: number): void {
    const stored = storedMarkers(server).map(({ uid = '' }) => uid);
    const kept = uidsIn(folder);
    expect(new Set([...stored, ...kept]).size).toBe(total);
    expect(kept.length).toBeGreaterThanOrEqual(total - stored.length);
  }

  test('SIGTERM: exit 6, and everything that is not confirmed is kept', async () => {
    const { server, asked } = await startHanging();
    try {
      const cwd = await folderOf(3000);
      const flags = ['--from', 'm.jsonl', '--spool', 's', '--max-rate', 'off', '--json', '--quiet'];
      const result = await emitRecords(server, flags, {
        cwd,
        signalAfter: { signal: 'SIGTERM', when: asked },
      });
      expect(result).toMatchObject({ code: 6, signal: null });
      const [{ delivered, failed, spooled }] = JSON.parse(result.stdout).results;
      expect(delivered.length + spooled.length).toBe(3000);
      expect(failed.map(({ uid }: { uid: string }) => uid)).toEqual(spooled);
      expect([...spooled].sort()).toEqual(uidsIn(join(cwd, 's')).sort());
      expect(JSON.parse(result.stderr).error).toMatchObject({
        code: 'CANCELLED',
        message: `cancelled by SIGTERM; ${spooled.length} markers are kept in s`,
      });
      expectAllAccounted(server, join(cwd, 's'), 3000);
    } finally {
      await server.close();
    }
  });

  test('the deadline: exit 8, and everything that is not confirmed is kept', async () => {
    const { server } = await startHanging();
    try {
      const cwd = await folderOf(3000);
      const flags = ['--from', 'm.jsonl', '--spool', 's', '--max-rate', 'off', '--timeout', '6s'];
      const result = await emitRecords(server, flags, { cwd });
      expect(result.code).toBe(8);
      expect(errorOf(result)).toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringContaining('2800 markers are kept in s'),
      });
      expect(result.stderr).toMatch(/lake: 200 stored, 2800 kept in the spool, in \d/);
      expectAllAccounted(server, join(cwd, 's'), 3000);
    } finally {
      await server.close();
    }
  });
});

describe.concurrent('a spool that cannot be written', () => {
  const unwritable = { code: 'SPOOL_UNWRITABLE' };

  test.each(['fail', 'warn', 'ignore'])(
    'is an error under --on-error %s, and the marker is offered all the same',
    policy =>
      withAwsServer(async server => {
        const cwd = await makeFolder();
        await writeFile(join(cwd, 's'), 'mine');
        const result = await emitTo(server, ['--spool', 's', '--on-error', policy], { cwd });
        expect(result).toMatchObject({ code: 5, stdout: expect.stringMatching(/^stored in lake: .+\n$/) });
        expect(errorOf(result)).toMatchObject(unwritable);
        expect(storedMarkers(server)).toHaveLength(1);
        expect(await readFile(join(cwd, 's'), 'utf8')).toBe('mine');
      }),
  );

  test('also fails a call whose other sink was refused, which --on-error would forgive', async () => {
    const cwd = await makeFolder();
    const spool = join(cwd, 's');
    const server = await startAwsServer({
      logGroups: ['/g'],
      onRequest() {
        rmSync(spool, { recursive: true, force: true });
        writeFileSync(spool, '');
      },
    });
    try {
      server.faults.add('PutAuditEvents', { kind: 'denied' }, ALWAYS);
      const flags = ['--sink', 'lake', '--sink', 'logs', '--log-group', '/g', '--spool', 's'];
      const result = await emitTo(server, [...flags, '--on-error', 'warn'], { cwd });
      expect(result.code).toBe(5);
      expect(result.stderr).toContain('code: ACCESS_DENIED');
      expect(errorOf(result)).toMatchObject(unwritable);
    } finally {
      await server.close();
    }
  });

  test.runIf(CAN_MOUNT)('because the disk is full (skipped where no file system can be mounted)', () =>
    withAwsServer(async server => {
      const cwd = await folderOf(450);
      await mkdir(join(cwd, 's'));
      const line =
        'mount -t tmpfs -o size=96k none s && "$NODE" "$CLI" emit "$@"; code=$?; ls -A s; exit $code';
      const flags = [
        '--from',
        'm.jsonl',
        '--spool',
        's',
        '--on-error',
        'warn',
        '--max-rate',
        'off',
        '--quiet',
      ];
      // The first batches fit, the third does not: what fits is delivered, or kept.
      server.faults.add('PutAuditEvents', { kind: 'hang' }, ALWAYS);
      const all = [...flags, '--timeout', '2s', '--channel-arn', server.state.defaultChannelArn];
      const { code, stdout, stderr } = await promisify(execFile)(
        'unshare',
        ['-rm', 'sh', '-c', line, 'sh', ...all],
        { cwd, env: { PATH: process.env['PATH'], HOME: cwd, NODE: process.execPath, CLI, ...server.env() } },
      ).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        error => error,
      );
      expect(code).toBe(5);
      expect(errorOf({ code, signal: null, stdout, stderr })).toMatchObject({
        ...unwritable,
        message: expect.stringContaining('ENOSPC'),
      });
      // Nothing half written is left, and nothing takes room for good.
      const left = stdout.trim().split('\n');
      expect(left.length).toBeGreaterThan(0);
      expect(left.filter((name: string) => !/^[\dTZ]+-[0-9a-f-]{36}\.json$/.test(name))).toEqual([]);
    }),
  );

  test.runIf(existsSync('/sys/kernel'))('because the file system takes no folders', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, ['--spool', '/sys/deploy-marker', '--on-error', 'warn']);
      expect(result.code).toBe(5);
      expect(errorOf(result)).toMatchObject(unwritable);
    }),
  );
});

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import {
  CI_ENVS,
  emitRecords,
  SHA,
  storedMarkers,
  toJsonLines,
  wholeMarker,
  withAwsServer,
} from './scene.ts';

/** The only words about a run in which all went well. */
const SUMMARY = expect.stringMatching(/^lake: \d+ stored, in \d+\.\d s\n$/);

/** A folder with this text as `markers.json`. */
async function folderWith(text: string | Uint8Array): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'markers.json'), text);
  return folder;
}

const FROM = ['--from', 'markers.json'];

describe.concurrent('emit --from', () => {
  test.each([
    ['JSON Lines', toJsonLines([wholeMarker(1), wholeMarker(2)])],
    ['JSON Lines without a last line break', toJsonLines([wholeMarker(1), wholeMarker(2)]).trimEnd()],
    ['an array', JSON.stringify([wholeMarker(1), wholeMarker(2)])],
    ['an array over several lines', JSON.stringify([wholeMarker(1), wholeMarker(2)], null, 2)],
    [
      'a byte order mark and blank lines',
      `\uFEFF\n${toJsonLines([wholeMarker(1)])}\r\n${toJsonLines([wholeMarker(2)])}`,
    ],
  ])('reads %s', (_, text) =>
    withAwsServer(async server => {
      const result = await emitRecords(server, FROM, { cwd: await folderWith(text) });
      expect(result).toMatchObject({ code: 0, stderr: SUMMARY });
      expect(storedMarkers(server).map(({ uid }) => uid)).toEqual(['marker-1', 'marker-2']);
    }),
  );

  test('reads one object over several lines', () =>
    withAwsServer(async server => {
      const cwd = await folderWith(JSON.stringify(wholeMarker(1), null, 2));
      expect((await emitRecords(server, FROM, { cwd })).code).toBe(0);
      expect(storedMarkers(server)).toEqual([wholeMarker(1)]);
    }));

  test('reads stdin, and leaves no copy behind', () =>
    withAwsServer(async server => {
      const input = toJsonLines([wholeMarker(1), wholeMarker(2)]);
      const temporary = await makeFolder();
      const result = await emitRecords(server, ['--from', '-'], { input, env: { TMPDIR: temporary } });
      expect(result).toMatchObject({ code: 0, stderr: SUMMARY });
      expect(storedMarkers(server)).toEqual([wholeMarker(1), wholeMarker(2)]);
      expect(await readdir(temporary)).toEqual([]);
    }));

  test('leaves no copy of a bad stdin behind either', async () => {
    const temporary = await makeFolder();
    const flags = ['emit', '--from', '-', '--file', 'm.jsonl'];
    const result = await runCli(flags, { input: '{"env":1}\n', env: { TMPDIR: temporary } });
    expect(result.code).toBe(7);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('fills what records lack from flags and CI, and records come first', () =>
    withAwsServer(async server => {
      const cwd = await folderWith(
        toJsonLines([{ component: 'lambda:a' }, { component: 'lambda:b', env: 'dev', reason: 'its own' }]),
      );
      const flags = [...FROM, '--env', 'prod', '--reason', 'ours', '--status', 'failed'];
      expect((await emitRecords(server, flags, { cwd, env: CI_ENVS.github })).code).toBe(0);
      const common = { git_sha: SHA, actor: 'github', status: 'failed', repository: 'acme/app' };
      expect(storedMarkers(server)).toMatchObject([
        { ...common, component: 'lambda:a', env: 'prod', reason: 'ours' },
        { ...common, component: 'lambda:b', env: 'dev', reason: 'its own' },
      ]);
    }));

  test('leaves whole markers as they are', () =>
    withAwsServer(async server => {
      const cwd = await folderWith(
        toJsonLines([wholeMarker(1, { status: 'running', deployed_at: undefined })]),
      );
      const flags = [...FROM, '--env', 'dev', '--reason', 'ours', '--label', 'a=b'];
      expect((await emitRecords(server, flags, { cwd, env: CI_ENVS.circleci })).code).toBe(0);
      const { deployed_at: _, ...expected } = { ...wholeMarker(1, { status: 'running' }), deployed_at: '' };
      expect(storedMarkers(server)).toEqual([expected]);
    }));

  test('names every bad line, sends nothing, and ends with 7', () =>
    withAwsServer(async server => {
      const lines = [
        JSON.stringify(wholeMarker(1)),
        JSON.stringify(wholeMarker(2, { deployed_at: '2025-12-14T08:12:34', git_sha: 'x' })),
        '{"env": ',
        JSON.stringify(wholeMarker(4, { labels: { 'a b': '1' } })),
        '[1]',
      ];
      const cwd = await folderWith(`${lines.join('\n')}\n`);
      const result = await emitRecords(server, FROM, { cwd });
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'MARKER_INVALID',
        message: expect.stringContaining('5 problems in markers.json'),
      });
      const places = result.stderr.split('\n').filter(line => line.startsWith('markers.json:'));
      expect(places.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'markers.json:2: /git_sha',
        'markers.json:2: /deployed_at',
        'markers.json:3: is',
        'markers.json:4: /labels/a',
        'markers.json:5: must',
      ]);
      expect(server.requests).toEqual([]);
    }));

  test('names the lines inside a document over several lines', () =>
    withAwsServer(async server => {
      const cwd = await folderWith(JSON.stringify([wholeMarker(1), wholeMarker(2, { env: '' })], null, 1));
      const result = await emitRecords(server, FROM, { cwd });
      expect(result.code).toBe(7);
      const line = JSON.stringify([wholeMarker(1), wholeMarker(2, { env: '' })], null, 1)
        .split('\n')
        .findIndex(text => text.includes('"env": ""'));
      expect(errorOf(result).message).toMatch(new RegExp(`^markers\\.json:${line + 1}: /env `));
    }));

  test('with --keep-going sends the good ones and still ends with 7', () =>
    withAwsServer(async server => {
      const records = [
        wholeMarker(1),
        wholeMarker(2, { env: '' }),
        wholeMarker(3),
        wholeMarker(4, { status: 'x' }),
      ];
      const result = await emitRecords(server, [...FROM, '--keep-going'], {
        cwd: await folderWith(toJsonLines(records)),
      });
      expect(result.code).toBe(7);
      expect(storedMarkers(server).map(({ uid }) => uid)).toEqual(['marker-1', 'marker-3']);
      expect(result.stdout.trim().split('\n')).toHaveLength(2);
      expect(errorOf(result).code).toBe('MARKER_INVALID');
      expect(result.stderr).toContain('markers.json:2: /env');
      expect(result.stderr).toContain('markers.json:4: /status');
      expect(result.stderr).not.toContain('nothing was sent');
    }));

  test('sends copies of a marker once', () =>
    withAwsServer(async server => {
      const copy = wholeMarker(1, { recorded_at: '2025-12-14T09:00:00Z' });
      const cwd = await folderWith(toJsonLines([wholeMarker(1), wholeMarker(2), copy, wholeMarker(1)]));
      const result = await emitRecords(server, FROM, { cwd });
      expect(result.code).toBe(0);
      expect(storedMarkers(server)).toEqual([wholeMarker(1), wholeMarker(2)]);
    }));

  test('names both lines of markers with one UID and other content', () =>
    withAwsServer(async server => {
      const records = [wholeMarker(1), wholeMarker(2), wholeMarker(1, { reason: 'other' })];
      const result = await emitRecords(server, FROM, { cwd: await folderWith(toJsonLines(records)) });
      expect(result.code).toBe(7);
      expect(errorOf(result)).toMatchObject({
        code: 'MARKER_CONFLICT',
        message: expect.stringMatching(/^markers\.json:3: .*marker-1.*line 1/),
      });
      expect(server.requests).toEqual([]);
    }));

  test('refuses a marker of 257 kB with its line', () =>
    withAwsServer(async server => {
      const big = wholeMarker(2, { reason: 'r'.repeat(257_000) });
      const result = await emitRecords(server, FROM, {
        cwd: await folderWith(toJsonLines([wholeMarker(1), big])),
      });
      expect(result.code).toBe(7);
      expect(errorOf(result)).toMatchObject({
        code: 'EVENT_TOO_LARGE',
        message: expect.stringMatching(/^markers\.json:2: .*256000/),
      });
      expect(server.requests).toEqual([]);
    }));

  test.each([
    ['a folder', 'folder'],
    ['missing', 'none.json'],
  ])('refuses a file that is %s with 2', async (_, name) => {
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'folder'));
    const result = await runCli(['emit', '--from', name, '--file', 'm.jsonl'], { cwd });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining(name),
    });
  });

  test.each([
    ['an empty file', ''],
    ['an empty array', '[]'],
    ['nothing but blank lines', '\n \n'],
  ])('refuses %s with 7', async (_, text) => {
    const result = await runCli(['emit', ...FROM, '--file', 'm.jsonl'], { cwd: await folderWith(text) });
    expect(result.code).toBe(7);
    expect(errorOf(result)).toMatchObject({
      code: 'MARKER_INVALID',
      message: expect.stringContaining('has no record'),
    });
  });

  test('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(toJsonLines([wholeMarker(1)])),
      Buffer.from([0x22, 0xff, 0x22]),
    ]);
    const result = await runCli(['emit', ...FROM, '--file', 'm.jsonl'], { cwd: await folderWith(bytes) });
    expect(result.code).toBe(7);
    expect(errorOf(result).message).toBe('markers.json:2: is not UTF-8');
  });

  test('and --component exclude each other, and --keep-going needs it', async () => {
    const both = await runCli(['emit', ...FROM, '--component', 'lambda:a', '--file', 'm.jsonl']);
    expect(both.code).toBe(2);
    expect(errorOf(both).message).toContain('--component');
    const alone = await runCli(['emit', '--keep-going', '--component', 'lambda:a', '--file', 'm.jsonl']);
    expect(alone.code).toBe(2);
    expect(errorOf(alone).message).toContain('--keep-going');
  });
});

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import { CI_ENVS, emitTo, MARKER_FLAGS, storedMarkers, withAwsServer } from './scene.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';

async function readMarkers(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
}

describe.concurrent('the sink', () => {
  test.each(Object.entries(CI_ENVS))('in %s must be configured', async (_, env) => {
    const cwd = await makeFolder();
    const result = await runCli(['emit', ...MARKER_FLAGS], { cwd, env });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'NO_SINK',
      hint: expect.stringContaining('--channel-arn'),
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('in another CI must be configured too', async () => {
    for (const env of [
      { CI: 'true' },
      { TEAMCITY_VERSION: '2025.11' },
      { JENKINS_URL: 'https://ci.example/' },
    ]) {
      const cwd = await makeFolder();
      const result = await runCli(['emit', ...MARKER_FLAGS], { cwd, env });
      expect(result.code).toBe(2);
      expect(errorOf(result).code).toBe('NO_SINK');
      expect(await readdir(cwd)).toEqual([]);
    }
  });

  test('outside CI is ./deploy-markers.jsonl by default, and stderr says so', async () => {
    const cwd = await makeFolder();
    const result = await runCli(['emit', ...MARKER_FLAGS], { cwd });
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('note: no sink is configured; the marker goes to ./deploy-markers.jsonl\n');
    const [marker] = await readMarkers(join(cwd, 'deploy-markers.jsonl'));
    expect(marker).toMatchObject({ component: 'lambda:resize-image', status: 'success' });
    expect(result.stdout).toBe(
      `stored in ./deploy-markers.jsonl: lambda:resize-image uid=${marker?.['uid']}\n`,
    );
    const again = await runCli(['emit', ...MARKER_FLAGS, '--json'], { cwd });
    expect(JSON.parse(again.stdout).results).toMatchObject([
      { sink: 'file', delivered: [{ component: 'lambda:resize-image', eventId: null }], failed: [] },
    ]);
    expect(await readMarkers(join(cwd, 'deploy-markers.jsonl'))).toHaveLength(2);
  });

  test('of a flag switches off that of the environment', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const env = { ...server.env(), DEPLOY_MARKER_CHANNEL_ARN: server.state.defaultChannelArn };
      const result = await runCli(['emit', ...MARKER_FLAGS, '--file', 'm.jsonl'], { cwd, env });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(await readMarkers(join(cwd, 'm.jsonl'))).toHaveLength(1);
      expect(server.requests).toEqual([]);
    }));

  test('of the environment switches off that of the file', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      await writeFile(join(cwd, 'deploy-marker.json'), '{"file":"m.jsonl"}');
      const env = { ...server.env(), DEPLOY_MARKER_CHANNEL_ARN: server.state.defaultChannelArn };
      expect((await runCli(['emit', ...MARKER_FLAGS], { cwd, env })).code).toBe(0);
      expect(await readdir(cwd)).toEqual(['deploy-marker.json']);
      expect(server.state.stored).toHaveLength(1);
    }));

  test.each([
    ['flags', ['--channel-arn', CHANNEL, '--file', 'm.jsonl'], {}],
    ['the environment', [], { DEPLOY_MARKER_CHANNEL_ARN: CHANNEL, DEPLOY_MARKER_FILE: 'm.jsonl' }],
  ])('must be named where %s configure two', async (_, flags, env) => {
    const cwd = await makeFolder();
    const result = await runCli(['emit', ...MARKER_FLAGS, ...flags], { cwd, env });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: 'NO_SINK', hint: expect.stringContaining('--sink') });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('may be several, which all get the same marker', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const flags = ['--file', 'm.jsonl', '--sink', 'lake', '--sink', 'file', '--label', 'team=billing'];
      const result = await emitTo(server, [...flags, '--json'], { cwd });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(result.stdout).results).toMatchObject([{ sink: 'file' }, { sink: 'lake' }]);
      const [inFile] = await readMarkers(join(cwd, 'm.jsonl'));
      const { labels, ...fields } = inFile ?? {};
      expect(labels).toEqual({ team: 'billing' });
      expect(storedMarkers(server)).toEqual([{ ...fields, 'label.team': 'billing' }]);
    }));

  test('that fails keeps the marker from no other, and its error counts', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'denied' });
      const cwd = await makeFolder();
      const flags = ['--file', 'm.jsonl', '--sink', 'lake', '--sink', 'file'];
      const result = await emitTo(server, flags, { cwd });
      expect(result.code).toBe(3);
      expect(await readMarkers(join(cwd, 'm.jsonl'))).toHaveLength(1);
      expect(result.stdout).toMatch(/^stored in m\.jsonl: /);
    }));

  test('that is a file is created in the directory we are in, and appended to by many at once', async () => {
    const cwd = await makeFolder();
    const run = (number: number) =>
      runCli(['emit', ...MARKER_FLAGS, '--file', 'm.jsonl', '--reason', `run ${number}`], { cwd });
    const results = await Promise.all([0, 1, 2, 3, 4, 5].map(run));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const reasons = (await readMarkers(join(cwd, 'm.jsonl'))).map(marker => marker['reason']);
    expect(reasons.toSorted()).toEqual(['run 0', 'run 1', 'run 2', 'run 3', 'run 4', 'run 5']);
  });

  test.each([
    ['lies in no folder', 'none/m.jsonl'],
    ['is a folder', 'folder'],
    ['is a device', '/dev/full'],
  ])('that is a file that %s ends with 5', async (_, file) => {
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'folder'));
    const result = await runCli(['emit', ...MARKER_FLAGS, '--file', file], { cwd });
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(file),
    });
  });

  test.each([
    ['another service', 'arn:aws:sns:eu-west-1:111122223333:topic'],
    [
      'another kind',
      'arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b',
    ],
    ['no kind', 'channel'],
  ])('whose ARN is of %s ends with 7', async (_, arn) => {
    const result = await runCli(['emit', ...MARKER_FLAGS, '--channel-arn', arn]);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'ARN_INVALID',
      message: expect.stringContaining(`"${arn.slice(0, 40)}`),
    });
  });

  test('lake without a channel is wrong usage', async () => {
    const result = await runCli(['emit', ...MARKER_FLAGS, '--sink', 'lake']);
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--channel-arn') });
  });
});

import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';
import {
  FROM_FILES,
  reportOf,
  runOnFiles,
  type Story,
  standingsOf,
  storyFolder,
  tellStory,
  truthOf,
} from './trail-scene.ts';

const STORY = tellStory();

/** How each change of the story stands. */
const TRUTH = truthOf(STORY);

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter(name => name.endsWith('.gz')).map(name => join(folder, name));
}

/** All that trail logs hold, as one log. */
async function joinLogs(cwd: string): Promise<string> {
  const files = await filesUnder(join(cwd, 'logs'));
  const logs = await Promise.all(
    files.map(async file => JSON.parse(String(gunzipSync(await readFile(file))))),
  );
  return JSON.stringify({ Records: logs.flatMap(log => log.Records) });
}

async function traceIn(cwd: string, args: readonly string[]) {
  const run = await runCli(['trace', '--json', ...args], { cwd });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return reportOf(run);
}

describe.concurrent('files and folders', () => {
  test('markers in a file, changes in the folder of a trail', async () => {
    const report = await traceIn(await storyFolder(STORY), FROM_FILES);
    expect(standingsOf(report)).toEqual(TRUTH);
    expect(report).toMatchObject({
      command: 'trace',
      complete: true,
      question: {},
      sources: [
        { source: 'markers.jsonl', side: 'markers', records: 1, complete: true },
        { source: 'logs', side: 'changes', records: 3, complete: true },
      ],
      totals: { deploys: 1, changes: 3, standings: { explained: 2, unexplained: 1 } },
      deploys: [{ deploy_id: STORY.deploy.id, state: 'changed', changes: 2 }],
    });
    expect(report.changes.map(({ time }) => time)).toEqual(
      report.changes
        .map(({ time }) => time)
        .toSorted()
        .reverse(),
    );
  });

  test('a folder of markers, single logs, gzipped and not, and all of it twice', async () => {
    const cwd = await storyFolder(STORY);
    await mkdir(join(cwd, 'markers/2026'), { recursive: true });
    await cp(join(cwd, 'markers.jsonl'), join(cwd, 'markers/2026/a.jsonl'));
    await writeFile(join(cwd, 'markers/README'), 'no markers');
    await writeFile(join(cwd, 'all.json'), await joinLogs(cwd));
    const [first = '', ...others] = await filesUnder(join(cwd, 'logs'));
    const single = [first, ...others].flatMap(file => ['--changes', file]);
    const sources = [
      '--markers',
      'markers',
      '--markers',
      'markers.jsonl',
      '--changes',
      'all.json',
      '--changes',
      'logs',
    ];
    const report = await traceIn(cwd, [...sources, ...single]);
    expect(standingsOf(report)).toEqual(TRUTH);
    expect(report.totals).toMatchObject({ deploys: 1, changes: 3 });
    expect(report.deploys[0]?.uids).toHaveLength(1);
    expect(report.sources).toHaveLength(4 + single.length / 2);
  });

  test('a gzipped log is known by its first bytes, and a path may hold a space', async () => {
    const cwd = await storyFolder(STORY);
    const files = await filesUnder(join(cwd, 'logs'));
    await mkdir(join(cwd, 'my logs'));
    for (const [rank, file] of files.entries()) await rename(file, join(cwd, 'my logs', `${rank}.json`));
    expect(standingsOf(await traceIn(cwd, ['--markers', 'markers.jsonl', '--changes', 'my logs']))).toEqual(
      TRUTH,
    );
  });

  test('nothing in the time that is asked for', async () => {
    const args = [...FROM_FILES, '--since', '30m'];
    expect((await traceIn(await storyFolder(STORY), args)).totals).toMatchObject({ deploys: 0, changes: 0 });
  });

  test('a table of at most 80 columns', async () => {
    const { code, stdout, stderr } = await runOnFiles('trace', await storyFolder(STORY));
    expect([code, stderr]).toEqual([0, '']);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/success {3}a1b2c3d {2}prod {2}lambda:orders\n/);
    expect(stdout).toMatch(/UNEXPLAINED {2}\S+ \S+ {2}UpdateFunctionConfiguration\n +lambda:billing/);
  });
});

describe.concurrent('what configures it', () => {
  /** Environment and file instead of flags. */
  async function configured(
    story: Story,
    { env = {}, file }: { env?: Record<string, string>; file?: object },
    args: readonly string[] = [],
  ) {
    const cwd = await storyFolder(story);
    if (file !== undefined) await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify(file));
    return runCli(['trace', '--json', ...args], { cwd, env });
  }

  test('variables, of which lists have a line for each', async () => {
    const env = { DEPLOY_MARKER_MARKERS: 'markers.jsonl\nmarkers.jsonl\n', DEPLOY_MARKER_CHANGES: 'logs' };
    const report = reportOf(await configured(STORY, { env }));
    expect(standingsOf(report)).toEqual(TRUTH);
    expect(report.sources.map(({ source }) => source)).toEqual(['markers.jsonl', 'logs']);
  });

  test('a file, and flags above both', async () => {
    const file = { markers: ['none.jsonl'], changes: ['logs'] };
    const report = reportOf(await configured(STORY, { file }, ['--markers', 'markers.jsonl']));
    expect(standingsOf(report)).toEqual(TRUTH);
  });

  test.each([
    [{ DEPLOY_MARKER_SERVICES: 'cloudformation' }, { changes: 0 }],
    [{ DEPLOY_MARKER_HUMAN_ROLE: 'deploy-*' }, { standings: { explained: 0, coincident: 2 } }],
    [{ DEPLOY_MARKER_AFTER: '0', DEPLOY_MARKER_BEFORE: '0' }, { standings: { explained: 2 } }],
  ])('%j', async (env, totals) => {
    const sources = { DEPLOY_MARKER_MARKERS: 'markers.jsonl', DEPLOY_MARKER_CHANGES: 'logs' };
    expect(reportOf(await configured(STORY, { env: { ...env, ...sources } })).totals).toMatchObject(totals);
  });

  test('what belongs to one question has no variable', async () => {
    const sources = { DEPLOY_MARKER_MARKERS: 'markers.jsonl', DEPLOY_MARKER_CHANGES: 'logs' };
    const names = ['ACCOUNT', 'SINCE', 'UNTIL', 'COMPONENT', 'GIT_SHA', 'UID', 'HTML'];
    const others = Object.fromEntries(names.map(name => [`DEPLOY_MARKER_${name}`, 'no such thing']));
    expect(standingsOf(reportOf(await configured(STORY, { env: { ...sources, ...others } })))).toEqual(TRUTH);
  });
});

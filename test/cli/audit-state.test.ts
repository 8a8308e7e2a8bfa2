import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FindingMemory } from '../../src/core/finding-memory.ts';
import type { Marker } from '../../src/core/marker.ts';
import { publishVersion } from '../trail-world/lambda-calls.ts';
import { toTime } from '../trail-world/place.ts';
import { explained } from '../trail-world/truth.ts';
import { runCli } from './run-cli.ts';
import {
  deployFunction,
  fixByHand,
  HOME,
  happen,
  reportOf,
  runOnFiles,
  storyFolder,
  tellStory,
  writeStory,
} from './trail-scene.ts';

const LAST = ['--json', '--state', 'state.json', '--since', 'last'] as const;
const MINUTE = 60_000;

async function memoryIn(cwd: string): Promise<FindingMemory> {
  return JSON.parse(await readFile(join(cwd, 'state.json'), 'utf8'));
}

/** Goes on from the last run. */
async function goOn(cwd: string, args: readonly string[] = []) {
  const run = await runOnFiles('audit', cwd, [...LAST, ...args]);
  const { findings = [], ...report } = reportOf(run);
  const failing = findings.filter(({ fails }) => fails).map(({ id }) => id);
  return { code: run.code, stderr: run.stderr, findings, failing, report, memory: await memoryIn(cwd) };
}

async function append(cwd: string, marker: Marker): Promise<void> {
  await writeFile(join(cwd, 'markers.jsonl'), `${JSON.stringify(marker)}\n`, { flag: 'a' });
}

describe.concurrent('--since last', () => {
  test('tells every finding once, and moves the watermark', async () => {
    const story = tellStory();
    const cwd = await storyFolder(story);
    const begun = Date.now();
    const first = await goOn(cwd);
    expect(first.code).toBe(10);
    expect(first.stderr).toMatch(/^note: --state is empty, so this first run looks back 24h\n/);
    expect(first.findings.map(finding => finding.new)).toEqual([true, true]);
    // What CloudTrail may still deliver, half an hour, is judged in a later run; the hour before it again.
    const until = Date.parse(first.report.until);
    expect(Math.abs(until - (begun - 30 * MINUTE))).toBeLessThan(20_000);
    expect(first.memory.watermark).toBe(toTime(until - 30 * MINUTE));
    expect(Object.keys(first.memory.findings).toSorted()).toEqual(first.failing.toSorted());
    expect((await stat(join(cwd, 'state.json'))).mode & 0o777).toBe(0o600);

    const second = await goOn(cwd);
    expect([second.code, second.failing]).toEqual([0, []]);
    expect(second.report.from).toBe(first.memory.watermark);
    expect(second.memory.watermark >= first.memory.watermark).toBe(true);

    // One more change, and so recent that the next run sees its time again.
    const more = happen(scene => void fixByHand(scene, 'shipping', 0), { seed: 'more', minutesAgo: 45 });
    await writeStory(cwd, { ...more, markers: story.markers });
    const third = await goOn(cwd);
    expect([third.code, third.findings.map(finding => finding.new)]).toEqual([10, [true, true]]);
    const fourth = await goOn(cwd);
    expect(fourth.code).toBe(0);
    expect(fourth.findings.map(({ accepted, fails }) => [accepted?.slice(0, 7), fails])).toEqual([
      ['told on', false],
      ['told on', false],
    ]);
    expect(fourth.findings.map(finding => finding.new)).toEqual([false, false]);
  });

  test('without it the same findings count again, and are not new', async () => {
    const cwd = await storyFolder(tellStory());
    const state = ['--json', '--state', 'state.json'];
    for (const isNew of [true, false]) {
      const run = await runOnFiles('audit', cwd, state);
      expect(run.code).toBe(10);
      expect(reportOf(run).findings?.map(finding => finding.new)).toEqual([isNew, isNew]);
    }
  });

  test('a deploy that waits is judged again when its records have come', async () => {
    const now = Date.now();
    const late = happen(scene => {
      const { deploy } = deployFunction(scene, 'orders');
      scene.mark({ ...deploy.marker, uid: 'late', recorded_at: toTime(now - 5 * MINUTE) });
    });
    const cwd = await storyFolder({
      markers: late.markers,
      records: tellStory({ minutesAgo: 300, seed: 'old' }).records,
    });
    const all = ['--fail-on', 'marker-without-change'];
    const first = await goOn(cwd, all);
    expect([first.code, first.report.deploys.map(({ state }) => state)]).toEqual([0, ['waiting']]);
    // Nothing before the deploy's window is judged again, and nothing in it is judged for good.
    expect(first.memory.watermark).toBe(first.report.deploys[0]?.window.from);
    await writeStory(cwd, late);
    const second = await goOn(cwd, all);
    expect([second.code, second.report.deploys.map(({ state }) => state)]).toEqual([0, ['changed']]);
    expect(second.report.totals.standings).toMatchObject({ explained: 2, unexplained: 0 });
    // Its marker is still young: more may come.
    expect(second.memory.watermark).toBe(first.memory.watermark);
  });

  test('a deploy that waited in vain is found, once', async () => {
    const story = happen(scene => {
      const pipeline = scene.pipeline();
      const recorded_at = toTime(Date.now() - 5 * MINUTE);
      const deploy = scene.deploy({ pipeline, component: 'lambda:orders', fields: { recorded_at } });
      const call = publishVersion(HOME, 'other', '1');
      scene.change({ by: pipeline.caller, at: scene.at(1), call }, explained('session', deploy));
    });
    const cwd = await storyFolder(story);
    const all = ['--fail-on', 'marker-without-change'];
    expect((await goOn(cwd, all)).code).toBe(0);
    // An hour later, so to speak: of two copies the one that was recorded first counts.
    const [marker] = story.markers;
    if (marker === undefined) throw new Error('there is no marker');
    await append(cwd, { ...marker, recorded_at: toTime(Date.now() - 65 * MINUTE) });
    const second = await goOn(cwd, all);
    expect([second.code, second.failing]).toEqual([
      10,
      [`marker-without-change:${marker.deploy_id}:lambda:orders`],
    ]);
    expect((await goOn(cwd, all)).code).toBe(0);
  });

  test('an incomplete answer leaves the watermark, and the next run still fails for what it found', async () => {
    const cwd = await storyFolder(tellStory({ minutesAgo: 40 }));
    const first = await goOn(cwd);
    expect(first.code).toBe(0);
    await writeStory(cwd, tellStory({ seed: 'second', minutesAgo: 60 }));
    await mkdir(join(cwd, 'logs/z'), { recursive: true });
    await writeFile(join(cwd, 'logs/z/broken.json'), '{"Records":[{');
    const second = await goOn(cwd, ['--until', toTime(Date.now() - 5 * MINUTE)]);
    expect(second.code).toBe(7);
    expect(second.failing.length).toBeGreaterThan(0);
    expect(second.memory.watermark).toBe(first.memory.watermark);
    expect(Object.keys(second.memory.findings)).toEqual([]);
    expect(Object.keys(second.memory.noticed)).toEqual(expect.arrayContaining(second.failing));
    await writeFile(join(cwd, 'logs/z/broken.json'), '{"Records":[]}');
    const third = await goOn(cwd, ['--until', toTime(Date.now() - 5 * MINUTE)]);
    expect([third.code, third.failing]).toEqual([10, second.failing]);
    expect(third.findings.some(finding => finding.new === true)).toBe(false);
    const fourth = await goOn(cwd, ['--until', toTime(Date.now() - 5 * MINUTE)]);
    expect([fourth.code, fourth.failing]).toEqual([0, []]);
  });
});

describe.concurrent('--state', () => {
  test.each([
    ['{"version":1', 7, 'CONFIG_INVALID'],
    ['{"version":1,"watermark":"yesterday","findings":{}}', 7, 'CONFIG_INVALID'],
    ['', 7, 'CONFIG_INVALID'],
    [undefined, 2, 'INPUT_UNREADABLE'],
  ])('that holds %j ends with %i and is left as it was', async (text, exit, code) => {
    const cwd = await storyFolder(tellStory());
    const path = join(cwd, 'state.json');
    await (text === undefined ? mkdir(path) : writeFile(path, text));
    const run = await runOnFiles('audit', cwd, LAST);
    expect([run.code, run.stdout]).toEqual([exit, '']);
    expect(JSON.parse(run.stderr).error).toMatchObject({
      code,
      message: expect.stringContaining('state.json'),
    });
    expect(await (text === undefined ? readdir(path) : readFile(path, 'utf8'))).toEqual(text ?? []);
  });

  test('may come from the environment', async () => {
    const cwd = await storyFolder(tellStory());
    const env = { DEPLOY_MARKER_STATE: 'mine.json', DEPLOY_MARKER_CHANGES: 'logs' };
    const run = await runCli(['audit', '--markers', 'markers.jsonl'], { cwd, env });
    expect(run.code).toBe(10);
    expect((await readdir(cwd)).toSorted()).toEqual(['logs', 'markers.jsonl', 'mine.json']);
  });
});

import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FindingMemory } from '../../../src/core/findings/memory.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import { publishVersion } from '../../trail-world/lambda-calls.ts';
import { toTime } from '../../trail-world/place.ts';
import { explained } from '../../trail-world/truth.ts';
import { runCli } from '../run-cli.ts';
import {
  deployFunction,
  fixByHand,
  HOME,
  happen,
  reportOf,
  runOnFiles,
  storyFolder,
  tellStory,
  writeSignOfLife,
  writeStory,
} from '../trail/trail-scene.ts';

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
    // Records may come late; but what nobody asked for at first is not asked for later.
    expect(second.report.from).toBe(first.report.from);
    expect(second.memory.watermark >= first.memory.watermark).toBe(true);

    const text = await runOnFiles('audit', cwd, ['--state', 'state.json', '--since', 'last']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/\nFound, and not counted\n.*lambda:billing[\s\S]*told\s+on\s+\d{4}-/);
    expect(text.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'audit passed: nothing new to look at (2 told before and still there',
    );

    // One more change, and so recent that the next run sees its time again.
    const more = happen(scene => void fixByHand(scene, 'shipping', 0), { seed: 'more', minutesAgo: 45 });
    await writeStory(cwd, { ...more, markers: story.markers });
    const third = await goOn(cwd);
    expect([third.code, third.findings.map(finding => finding.new)]).toEqual([
      10,
      [true, true, false, false],
    ]);
    const fourth = await goOn(cwd);
    expect(fourth.code).toBe(0);
    expect(fourth.findings).toHaveLength(4);
    for (const finding of fourth.findings) {
      expect(finding).toMatchObject({
        accepted: expect.stringMatching(/^told on /),
        fails: false,
        new: false,
      });
    }
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
    // The three changes of old are judged again as well, and were told of before.
    expect(second.report.totals.standings).toMatchObject({ explained: 2, unexplained: 3 });
    expect(second.findings.filter(finding => finding.new === true)).toEqual([]);
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

/** A run whose clock is off. */
async function goOnAt(cwd: string, offset: number) {
  const clock = join(cwd, 'clock.cjs');
  await writeFile(
    clock,
    `const real = Date; const now = () => real.now() + ${offset};
globalThis.Date = class extends real { constructor(...a) { if (a.length === 0) super(now()); else super(...a); } static now() { return now(); } };`,
  );
  return runOnFiles('audit', cwd, [...LAST], { env: { NODE_OPTIONS: `--require=${clock}` } });
}

describe.concurrent('what --since last has judged was seen', () => {
  test.each([3, 12, 23])('a record that comes %i hours late is found, once', async hours => {
    const cwd = await storyFolder(happen(scene => void deployFunction(scene, 'orders'), { minutesAgo: 90 }));
    // The trail was there all the time.
    await mkdir(join(cwd, 'logs/before'));
    await writeSignOfLife(join(cwd, 'logs/before'), toTime(Date.now() - 30 * 60 * MINUTE));
    const first = await goOn(cwd, ['--since', '30h']);
    expect(first.code).toBe(0);
    const second = await goOn(cwd);
    expect(second.code).toBe(0);
    const late = happen(scene => void fixByHand(scene, 'billing', 0), {
      seed: 'late',
      minutesAgo: hours * 60,
    });
    await mkdir(join(cwd, 'late'));
    await writeStory(join(cwd, 'late'), late);
    await cp(join(cwd, 'late/logs'), join(cwd, 'logs/late'), { recursive: true });
    const third = await goOn(cwd);
    expect([third.code, third.failing.length]).toEqual([10, 2]);
    expect((await goOn(cwd)).code).toBe(0);
  });

  test('beyond the newest record nothing is judged for good, also where it may be quiet', async () => {
    const cwd = await storyFolder(tellStory({ minutesAgo: 300 }));
    const time = toTime(Math.floor(Date.now() / 1000) * 1000 - 200 * MINUTE);
    await writeSignOfLife(join(cwd, 'logs'), time);
    const none = ['--fail-on', 'none'];
    const stood = await goOn(cwd, none);
    expect([stood.code, stood.memory.watermark]).toEqual([8, stood.report.from]);
    const quiet = await goOn(cwd, [...none, '--allow-quiet']);
    expect([quiet.code, quiet.memory.watermark]).toEqual([0, time]);
  });

  test('a watermark ahead of the clock is refused by name', async () => {
    const cwd = await storyFolder(tellStory());
    await goOn(cwd);
    const before = await readFile(join(cwd, 'state.json'), 'utf8');
    const run = await goOnAt(cwd, -3 * 3_600_000);
    expect([run.code, run.stdout]).toEqual([7, '']);
    expect(JSON.parse(run.stderr).error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^state\.json says that time is judged until .*clock/),
    });
    expect(await readFile(join(cwd, 'state.json'), 'utf8')).toBe(before);
    expect((await goOn(cwd)).code).toBe(0);
  });

  test.each([3, 30 * 24])('a clock that is %i hours ahead moves nothing on', async hours => {
    const cwd = await storyFolder(happen(scene => void deployFunction(scene, 'orders')));
    const first = await goOn(cwd);
    expect(first.code).toBe(0);
    expect((await goOnAt(cwd, hours * 3_600_000)).code).toBe(8);
    await writeStory(cwd, tellStory({ seed: 'more', minutesAgo: 120 }));
    expect((await goOn(cwd)).code).toBe(10);
  });

  test('a state of the first version is read, and gone on from a day before its end', async () => {
    const cwd = await storyFolder(tellStory());
    const watermark = toTime(Math.floor(Date.now() / 1000) * 1000 - 60 * MINUTE);
    await writeFile(join(cwd, 'state.json'), JSON.stringify({ version: 1, watermark, findings: {} }));
    const run = await goOn(cwd);
    expect([run.code, run.report.from]).toEqual([10, toTime(Date.parse(watermark) - 24 * 60 * MINUTE)]);
    expect(run.memory.question).toMatchObject({ changes: 'logs', markers: 'markers.jsonl' });
  });

  test.each([
    ['--services', 'lambda', '--services was "cloudformation lambda", and is "lambda"'],
    ['--scope', 'scope', '--scope was none, and is "'],
    ['--region', 'eu-west-1', '--region was none, and is "eu-west-1"'],
    ['--changes', 'more', '--changes was "logs", and is "logs more"'],
    ['--markers', 'more.jsonl', '--markers was "markers.jsonl", and is "markers.jsonl more.jsonl"'],
    ['--account', '111122223333=arn:aws:iam::111122223333:role/a', '--account was none'],
    ['--event-source', 'other.internal', '--event-source was none'],
  ])('another question by %s %s is refused', async (flag, value, why) => {
    const cwd = await storyFolder(tellStory());
    await writeFile(join(cwd, 'scope'), 'lambda:billing\n');
    await goOn(cwd);
    const before = await readFile(join(cwd, 'state.json'), 'utf8');
    for (const args of [LAST, LAST.slice(0, 3)]) {
      const run = await runOnFiles('audit', cwd, [...args, flag, value]);
      expect([run.code, run.stdout]).toEqual([7, '']);
      expect(JSON.parse(run.stderr).error.message).toContain(why);
    }
    expect(await readFile(join(cwd, 'state.json'), 'utf8')).toBe(before);
  });

  test('other words for the same question go on', async () => {
    const cwd = await storyFolder(tellStory());
    const scope = join(cwd, 'scope');
    await writeFile(scope, 'lambda:*\n!lambda:x\n');
    await goOn(cwd, ['--scope', 'scope']);
    await writeFile(scope, '# ours\n!lambda:x\nlambda:*  # all\n');
    const args = ['audit', ...LAST, '--markers', './markers.jsonl', '--changes', 'logs/', '--scope', scope];
    const services = ['--services', 'Cloudformation lambda.amazonaws.com'];
    expect((await runCli([...args, ...services], { cwd })).code).toBe(0);
    await writeFile(scope, 'lambda:*\n');
    expect((await runCli([...args, ...services], { cwd })).code).toBe(7);
  });

  test('a finding that does not fail is new once', async () => {
    const cwd = await storyFolder(tellStory());
    for (const isNew of [true, false, false]) {
      const run = await goOn(cwd, ['--fail-on', 'none']);
      expect(run.findings.map(finding => finding.new)).toEqual([isNew, isNew]);
    }
    // It fails as soon as it is to fail.
    const run = await goOn(cwd);
    expect([run.code, run.findings.map(finding => finding.new)]).toEqual([10, [true, true]]);
  });
});

describe.concurrent('--state', () => {
  test('of two audits at once, one says so and leaves the state of the other', async () => {
    const cwd = await storyFolder(tellStory());
    const runs = await Promise.all([1, 2].map(() => runOnFiles('audit', cwd, LAST)));
    const codes = runs.map(({ code }) => code).toSorted();
    // Either they met, or one came after the other.
    expect(['10,4', '0,10']).toContain(codes.join());
    expect((await goOn(cwd)).failing).toEqual([]);
    expect((await readdir(cwd)).filter(name => name.startsWith('state'))).toEqual(['state.json']);
  });

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

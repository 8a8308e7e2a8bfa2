import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Marker } from '../../src/core/marker/marker.ts';
import { DEVELOPER, developerStory } from './developer-story.ts';
import { reportOf, runOnFiles, storyFolder } from './trail/trail-scene.ts';

// What somebody can turn from 10 into 0, or hide in silence, who may write markers or settings and nothing else.

const STORY = developerStory();

async function auditWith(forged: readonly Marker[], args: readonly string[] = []) {
  const cwd = await storyFolder(STORY);
  const lines = forged.map(marker => `${JSON.stringify(marker)}\n`).join('');
  await appendFile(join(cwd, 'markers.jsonl'), lines);
  const run = await runOnFiles('audit', cwd, ['--json', ...args]);
  const trace = await runOnFiles('trace', cwd, ['--json']);
  return { run, report: reportOf(run), trace: reportOf(trace), traced: trace.code };
}

/** A marker of the story's deploy, and what somebody makes of it. */
function forge(fields: Partial<Marker>, ...untold: readonly (keyof Marker)[]): Marker {
  const made = { ...STORY.deploy.marker, uid: 'forged', deploy_id: 'forged', ...fields };
  for (const name of untold) Reflect.deleteProperty(made, name);
  return made;
}

describe.concurrent('a holder of marker rights', () => {
  test('hides no change by the name of its session', async () => {
    const { run, report, trace, traced } = await auditWith([
      forge({ component: 'lambda:unused', role_session_name: DEVELOPER.session }, 'role_arn'),
    ]);
    expect([run.code, traced]).toEqual([10, 0]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ kind: 'unexplained-change', event_id: STORY.own, fails: true }),
    );
    for (const { gaps, complete } of [report, trace]) {
      expect(complete).toBe(true);
      expect(gaps).toContainEqual({
        kind: 'bounded',
        subject: 'forged',
        message: expect.stringContaining('names no role'),
        incomplete: false,
      });
    }
  });

  test('hides no change of their own by explaining it', async () => {
    const fields = { explains: STORY.fix, reason: 'ok', actor: 'bob' };
    const { run, report } = await auditWith([forge(fields, 'role_session_name', 'role_arn')]);
    expect(run.code).toBe(10);
    expect(report.findings?.filter(({ fails }) => fails).map(({ event_id }) => event_id)).toContain(
      STORY.fix,
    );
    expect(report.gaps).toContainEqual(expect.objectContaining({ kind: 'bounded', subject: 'forged' }));
  });

  test('explains no change in silence', async () => {
    const recorded_at = new Date().toISOString().replace(/\.\d+/, '');
    const fields = { reason: 'ok', explains: STORY.fix, recorded_at };
    const { report } = await auditWith([forge(fields, 'role_session_name', 'role_arn')]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        kind: 'attested-change',
        event_id: STORY.fix,
        message: expect.stringMatching(/forged.*"ok"/),
      }),
    );
  });

  test('takes no marker’s place in silence', async () => {
    const own = STORY.deploy.marker;
    const earlier = { ...own, recorded_at: own.started_at ?? '', role_session_name: DEVELOPER.session };
    const { run, report, trace } = await auditWith([earlier]);
    expect(run.code).toBe(10);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ id: `conflicting-marker:${own.uid}`, fails: true }),
    );
    expect(trace.gaps).toContainEqual(
      expect.objectContaining({
        kind: 'bounded',
        subject: own.uid,
        message: expect.stringContaining('two contents'),
      }),
    );
  });

  test('opens no window of days, and none before its marker was made', async () => {
    const days = forge({ component: 'lambda:billing', started_at: '2025-01-01T00:00:00Z' });
    const late = forge({
      uid: 'late',
      deploy_id: 'late',
      role_session_name: DEVELOPER.session,
      role_arn: DEVELOPER.roleArn,
      recorded_at: new Date(Date.now()).toISOString().replace(/\.\d+/, ''),
    });
    const { run, report } = await auditWith([days, late], ['--unfinished-after', '1h']);
    expect(run.code).toBe(10);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ kind: 'unexplained-change', event_id: STORY.own, fails: true }),
    );
    expect(report.gaps.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['forged', 'late']));
  });
});

describe.concurrent('a settings file', () => {
  test('decides nothing in silence, also under --quiet', async () => {
    const cwd = await storyFolder(STORY);
    const settings = { 'fail-on': 'none', services: 'lambda', 'deploy-role': ['*'], before: '5m' };
    await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify(settings));
    const line =
      /^warning: "deploy-marker\.json" decides .*--services "lambda", --deploy-role "\*", --before "5m", --fail-on "none"$/m;
    for (const args of [[], ['--quiet'], ['--json', '--quiet']]) {
      const run = await runOnFiles('audit', cwd, args);
      expect(run.code).toBe(0);
      expect(run.stderr).toMatch(line);
    }
    const trace = await runOnFiles('trace', cwd, ['--services', 'lambda', '--quiet']);
    expect(trace.stderr).toMatch(/^warning: .*: --deploy-role "\*", --before "5m"$/m);
  });

  test('that decides nothing is not told of', async () => {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'deploy-marker.json'), '{"env":"prod","services":""}');
    const run = await runOnFiles('audit', cwd, ['--fail-on', 'none']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });
});

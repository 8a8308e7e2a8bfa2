import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';
import { COMMIT, FROM_FILES, reportOf, runOnFiles, storyFolder, tellStory } from '../trail/trail-scene.ts';

// A change that was made by hand and was right: who says so, and who approved it, is what an auditor asks for.

const STORY = tellStory();
const WHAT = ['--env', 'prod', '--component', 'lambda:billing', '--git-sha', COMMIT, '--explains', STORY.fix];

function explain(cwd: string, args: readonly string[], env = {}) {
  const what = ['emit', ...WHAT, '--reason', 'INC-7 break glass', '--file', 'markers.jsonl'];
  return runCli([...what, ...args], { cwd, env });
}

describe.concurrent('who explained and who approved', () => {
  test('stands in text, on the page, in JUnit XML and in JSON', async () => {
    const cwd = await storyFolder(STORY);
    await explain(cwd, ['--actor', 'jane', '--approved-by', 'bob']);
    const run = await runOnFiles('audit', cwd, ['--html', 'a.html', '--junit', 'a.xml']);
    expect(run.code).toBe(0);
    const said = /explained by "jane", approved by "bob", in the marker [0-9a-f-]{36}: "INC-7 break glass"/;
    expect(run.stdout.replaceAll(/\n {8}/g, ' ')).toMatch(said);
    expect(run.stdout.replaceAll('\n', ' ')).toMatch(
      /audit passed: 1 finding, which does not fail by --fail-on \(attested-change\) $/,
    );
    const escaped = new RegExp(said.source.replaceAll('"', '&quot;'));
    for (const file of ['a.html', 'a.xml']) expect(await readFile(join(cwd, file), 'utf8')).toMatch(escaped);
    const { findings = [], changes } = reportOf(await runOnFiles('audit', cwd, ['--json']));
    const told = { actor: 'jane', approved_by: 'bob', reason: 'INC-7 break glass' };
    for (const [each] of [findings, changes]) expect(each?.explanation).toMatchObject(told);
    const note = 'explained by jane, approved by bob: INC-7 break glass';
    const trace = await runOnFiles('trace', cwd, ['lambda:billing', '--html', 't.html']);
    expect(trace.stdout.replaceAll(/\n {17}/g, ' ')).toContain(note);
    expect(await readFile(join(cwd, 't.html'), 'utf8')).toContain(note);
    const summary = await runCli(['investigate', 'lambda:billing', ...FROM_FILES], { cwd });
    expect(summary.stdout.replaceAll(/\n +/g, ' ')).toContain(`no, but ${note}`);
  });

  test('is the person who started the job, and not the system alone', async () => {
    const cwd = await storyFolder(STORY);
    const job = { CIRCLECI: 'true', CIRCLE_USERNAME: 'jane', CIRCLE_WORKFLOW_JOB_ID: 'j' };
    await explain(cwd, [], job);
    const { changes } = reportOf(await runOnFiles('audit', cwd, ['--json']));
    expect(changes[0]?.note).toBe('explained by jane (circleci): INC-7 break glass');
  });

  test('is told where the explanation does not count, too', async () => {
    const cwd = await storyFolder(STORY);
    const job = { CIRCLECI: 'true', CIRCLE_USERNAME: 'bob', CIRCLE_WORKFLOW_JOB_ID: 'j' };
    await explain(cwd, ['--approved-by', 'bob'], job);
    const { changes } = reportOf(await runOnFiles('audit', cwd, ['--json']));
    expect(changes[0]?.note).toContain(
      'explained by "bob (circleci)", who made it, so that it does not count',
    );
    expect(changes[0]).not.toHaveProperty('explanation');
  });

  test.each([
    [{ USER: 'ada' }, 'ada', ''],
    [{ USERNAME: 'bea' }, 'bea', ''],
    [{ LOGNAME: 'cyd' }, 'cyd', ''],
    [{}, 'local', 'warning: this explanation names nobody; name who explains it with --actor'],
  ])('is who is logged in: %j', async (env, actor, warning) => {
    const cwd = await storyFolder(STORY);
    const run = await explain(cwd, [], env);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(warning);
    if (warning === '') expect(run.stderr).not.toContain('names nobody');
    const { changes } = reportOf(await runOnFiles('audit', cwd, ['--json']));
    expect(changes[0]?.explanation?.actor).toBe(actor);
  });

  test('a list as editors on Windows write it counts, and one in UTF-16 is refused', async () => {
    const cwd = await storyFolder(STORY);
    const list = JSON.stringify([{ component: 'lambda:*', why: 'INC-7', until: '2999-12-31' }]);
    await writeFile(join(cwd, 'marked.json'), `\ufeff${list}\r\n`);
    const run = await runOnFiles('audit', cwd, ['--allow', 'marked.json']);
    expect(run.stdout).toContain('allowed until 2999-12-31');
    await writeFile(join(cwd, 'wide.json'), `\ufeff${list}`, 'utf16le');
    for (const flag of ['--allow', '--scope', '--baseline']) {
      const wide = await runOnFiles('audit', cwd, [flag, 'wide.json']);
      expect(wide).toMatchObject({ code: 7, stdout: '' });
      expect(wide.stderr).toContain('it is UTF-16, as PowerShell writes it: write it again as UTF-8');
    }
  });

  test('of what a list allows is told with the reason', async () => {
    const cwd = await storyFolder(STORY);
    const entry = { event_id: STORY.fix, why: 'INC-7', approved_by: 'bob', until: '2999-12-31' };
    await writeFile(join(cwd, 'allow.json'), JSON.stringify([entry]));
    const run = await runOnFiles('audit', cwd, ['--allow', 'allow.json', '--html', 'a.html']);
    const told = 'allowed until 2999-12-31, approved by bob: INC-7';
    expect(run.stdout.replaceAll(/\n {6}/g, ' ')).toContain(told);
    expect(await readFile(join(cwd, 'a.html'), 'utf8')).toContain(told);
  });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { markupProblem } from '../../unit/report/well-formed.ts';
import { errorOf, runCli } from '../run-cli.ts';
import { COMMIT, FROM_FILES, reportOf, runOnFiles, storyFolder, tellStory } from '../trail/trail-scene.ts';

const STORY = tellStory();
const PERSON = `person-change:${STORY.fix}`;
const UNEXPLAINED = `unexplained-change:${STORY.fix}`;

describe.concurrent('--fail-on', () => {
  test.each([
    [[], 10, [PERSON, UNEXPLAINED]],
    [['--fail-on', 'none'], 0, []],
    [['--fail-on', 'unfinished-deploy', '--fail-on', 'person-change'], 10, [PERSON]],
    [['--fail-on', 'unfinished-deploy'], 0, []],
  ])('%j', async (args, exit, ids) => {
    const run = await runOnFiles('audit', await storyFolder(STORY), ['--json', ...args]);
    expect(run.code).toBe(exit);
    const { findings = [], changes, totals } = reportOf(run);
    expect(findings.filter(({ fails }) => fails).map(({ id }) => id)).toEqual(ids);
    expect(findings.map(({ id }) => id)).toEqual([PERSON, UNEXPLAINED]);
    // Explained changes are counted, and not listed.
    expect([changes.map(({ event_id }) => event_id), totals.changes]).toEqual([[STORY.fix], 3]);
  });

  test.each([
    [['--fail-on', 'everything'], 'everything'],
    [['--fail-on', 'none', '--fail-on', 'person-change'], '--fail-on none goes with no other kind'],
    [['--since', 'last'], '--since last needs --state'],
    [['--component', 'lambda:a'], 'component'],
  ])('%j is refused', async (args, message) => {
    const run = await runOnFiles('audit', await storyFolder(STORY), args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  test('--since last looks back from --until if there was no run before', async () => {
    const cwd = await storyFolder(tellStory({ minutesAgo: 4 * 1440 - 60, seed: 'days' }));
    const last = ['--json', '--since', 'last', '--state', 'state.json', '--until', '3d', '--fail-on', 'none'];
    const run = await runOnFiles('audit', cwd, last);
    expect(run.code).toBe(0);
    const { from, until } = reportOf(run);
    expect(Date.parse(until) - Date.parse(from)).toBe(86_400_000);
    const bad = await runOnFiles('audit', cwd, [...last, '--until', 'soon']);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('--until must be a time')]);
  });

  // What an auditor is shown can be asked again.
  test('a time that is over gives the same answer however often it is asked, and a page each time', async () => {
    const cwd = await storyFolder(tellStory({ minutesAgo: 4 * 1440, seed: 'days' }));
    const asked = ['--json', '--since', '6d', '--until', 'yesterday', '--html', 'page.html'];
    const runs = [await runOnFiles('audit', cwd, asked), await runOnFiles('audit', cwd, asked)];
    const [first, again] = runs.map(run => {
      const { generated_at: _, from: __, ...rest } = reportOf(run);
      return { code: run.code, ...rest };
    });
    expect(first?.findings).not.toEqual([]);
    expect(again).toEqual(first);
    expect(await readFile(join(cwd, 'page.html'), 'utf8')).toContain('</html>');
  });

  test('comes from the environment too, as do session patterns', async () => {
    const cwd = await storyFolder(STORY);
    const none = { DEPLOY_MARKER_FAIL_ON: 'none' };
    expect((await runOnFiles('audit', cwd, [], { env: none })).code).toBe(0);
    const env = { DEPLOY_MARKER_FAIL_ON: 'unexpected-session\nunfinished-deploy' };
    expect((await runOnFiles('audit', cwd, [], { env })).code).toBe(0);
    // A session whose deploy explains it needs a name that fits as well.
    const run = await runOnFiles('audit', cwd, ['--json', '--session-pattern', 'release-*'], { env });
    expect(run.code).toBe(10);
    expect(reportOf(run).findings?.filter(({ fails }) => fails)).toHaveLength(2);
    const fits = { ...env, DEPLOY_MARKER_SESSION_PATTERN: `release-*\nci-prod-*-${COMMIT}` };
    expect((await runOnFiles('audit', cwd, [], { env: fits })).code).toBe(0);
  });
});

describe.concurrent('what is accepted', () => {
  async function auditWith(files: Readonly<Record<string, string>>, args: readonly string[]) {
    const cwd = await storyFolder(STORY);
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    return runOnFiles('audit', cwd, ['--json', ...args]);
  }
  const entry = (fields: object): string =>
    JSON.stringify([{ why: 'OPS-7 known', until: '2999-12-31', ...fields }]);

  test.each([
    [{ component: 'lambda:bill*' }, 0],
    [{ action: 'UpdateFunctionConfiguration', actor: '*:user/bob' }, 0],
    [{ event_id: STORY.fix }, 0],
    [{ component: 'lambda:billing', kind: 'person-change' }, 10],
    [{ component: 'lambda:billing', actor: '*:user/eve' }, 10],
  ])('--allow %j', async (fields, exit) => {
    const run = await auditWith({ 'allow.json': entry(fields) }, ['--allow', 'allow.json']);
    expect(run.code).toBe(exit);
    const accepted = (reportOf(run).findings ?? []).flatMap(finding => finding.accepted ?? []);
    const why = 'allowed until 2999-12-31: OPS-7 known';
    expect(new Set(accepted)).toEqual(new Set('actor' in fields && exit === 10 ? [] : [why]));
  });

  test('an allowance that has ended warns and allows nothing', async () => {
    const list = entry({ component: 'lambda:billing', until: '2026-01-31' });
    const run = await auditWith({ 'allow.json': list }, ['--allow', 'allow.json']);
    expect(run.code).toBe(10);
    expect(run.stderr).toContain(
      'warning: the allowance of {"component":"lambda:billing"} (OPS-7 known) ended at 2026-02-01T00:00:00Z\n',
    );
  });

  test.each([
    ['--allow', '{"component":"lambda:a"}', 7, 'CONFIG_INVALID'],
    ['--allow', entry({}), 7, 'CONFIG_INVALID'],
    ['--allow', entry({ component: 'a', until: 'soon' }), 7, 'CONFIG_INVALID'],
    ['--baseline', '{"version":2,"findings":[]}', 7, 'CONFIG_INVALID'],
    ['--scope', '# nothing\n', 7, 'CONFIG_INVALID'],
    ['--allow', undefined, 2, 'INPUT_UNREADABLE'],
    ['--baseline', undefined, 2, 'INPUT_UNREADABLE'],
    ['--scope', undefined, 2, 'INPUT_UNREADABLE'],
  ])('%s with %j ends with %i', async (flag, text, exit, code) => {
    const run = await auditWith(text === undefined ? {} : { file: text }, [flag, 'file']);
    expect([run.code, run.stdout]).toEqual([exit, '']);
    const { error } = JSON.parse(run.stderr);
    expect(error).toMatchObject({ code, message: expect.stringContaining('file') });
    if (exit === 2) expect(error.hint).toContain(flag === '--baseline' ? '--write-baseline file' : flag);
  });

  test('--write-baseline writes nothing while a source is missing', async () => {
    const cwd = await storyFolder(STORY);
    const run = await runOnFiles('audit', cwd, ['--changes', 'none', '--write-baseline', 'baseline.json']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('warning: "baseline.json" is not written: the answer is incomplete');
    expect(await readdir(cwd)).not.toContain('baseline.json');
  });

  test('--write-baseline counts as people do', async () => {
    const cwd = await storyFolder(STORY);
    const what = ['--env', 'prod', '--component', 'lambda:billing', '--git-sha', COMMIT, '--actor', 'jane'];
    await runCli(['emit', ...what, '--explains', STORY.fix, '--reason', 'OPS-1', '--file', 'markers.jsonl'], {
      cwd,
    });
    const { stderr } = await runOnFiles('audit', cwd, ['--write-baseline', 'b.json']);
    expect(stderr).toBe('wrote "b.json": 1 finding is accepted\n');
  });

  test('--write-baseline accepts what is found today, and nothing that comes later', async () => {
    const cwd = await storyFolder(STORY);
    const first = await runOnFiles('audit', cwd, ['--write-baseline', 'known/baseline.json']);
    expect(first).toMatchObject({
      code: 0,
      stderr: 'wrote "known/baseline.json": 2 findings are accepted\n',
    });
    expect(await readdir(join(cwd, 'known'))).toEqual(['baseline.json']);
    expect(JSON.parse(await readFile(join(cwd, 'known/baseline.json'), 'utf8'))).toEqual({
      version: 1,
      findings: [PERSON, UNEXPLAINED],
    });
    const baseline = ['--json', '--baseline', 'known/baseline.json'];
    const again = await runOnFiles('audit', cwd, baseline);
    expect(again.code).toBe(0);
    expect(reportOf(again).findings?.map(({ accepted }) => accepted)).toEqual([
      'in the baseline',
      'in the baseline',
    ]);
    const later = await storyFolder(tellStory({ seed: 'later', minutesAgo: 100 }));
    const both = await runOnFiles('audit', cwd, [...baseline, '--changes', join(later, 'logs')]);
    expect(both.code).toBe(10);
    expect(reportOf(both).findings?.map(({ fails }) => fails)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['lambda:orders # and nothing else\n', 0, 2],
    ['!lambda:billing\n', 0, 2],
    ['# ours\nlambda:bill*\n', 10, 1],
  ])('--scope %j', async (text, exit, changes) => {
    const run = await auditWith({ scope: text }, ['--scope', 'scope']);
    expect(run.code).toBe(exit);
    expect(reportOf(run).totals.changes).toBe(changes);
  });
});

describe.concurrent('what is written', () => {
  test('JUnit XML and a page, whole, and what is said of them', async () => {
    const cwd = await storyFolder(STORY);
    const run = await runCli(
      ['audit', ...FROM_FILES, '--junit', 'out/audit.xml', '--html', 'out/audit.html'],
      { cwd },
    );
    expect(run.code).toBe(10);
    expect(run.stderr).toMatch(
      /^wrote "out\/audit\.xml"\nwrote "out\/audit\.html"\nerror: audit failed: 1 change to look at \(person-change, unexplained-change\)/,
    );
    expect(errorOf(run).code).toBe('AUDIT_FAILED');
    expect((await readdir(join(cwd, 'out'))).toSorted()).toEqual(['audit.html', 'audit.xml']);
    const xml = await readFile(join(cwd, 'out/audit.xml'), 'utf8');
    expect(markupProblem(xml)).toBeUndefined();
    expect(xml).toContain('<testsuites name="deploy-marker" tests="3" failures="1" errors="0" skipped="1"');
    const page = await readFile(join(cwd, 'out/audit.html'), 'utf8');
    expect(page.trimEnd()).toMatch(/<\/html>$/i);
    // The page draws what is explained as well.
    for (const text of ['lambda:billing', 'lambda:orders', 'PublishVersion']) expect(page).toContain(text);
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { AUDIT_FLAGS } from '../../../src/commands/audit/audit.flags.ts';
import { DEFAULT_FAIL_ON } from '../../../src/core/findings/finding.ts';
import type { JudgedBy } from '../../../src/core/findings/report.ts';
import { markupProblem } from '../../unit/report/well-formed.ts';
import { HOME, reportOf, runOnFiles, storyFolder, tellStory } from '../trail/trail-scene.ts';

const STORY = tellStory();
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const ALLOWED = JSON.stringify([{ component: 'lambda:none', why: 'ÖPS-7', until: '2999-12-31' }]);
const BASELINE = '{"version":1,"findings":[]}';

const settingOf = ({ settings }: JudgedBy, flag: string) => settings.find(each => each.flag === flag);

async function judged(cwd: string, args: readonly string[], env = {}): Promise<JudgedBy> {
  const { judged_by } = reportOf(await runOnFiles('audit', cwd, ['--json', ...args], { env }));
  if (judged_by === undefined) throw new Error('it does not tell what it was judged by');
  return judged_by;
}

describe.concurrent('what an audit was judged by', () => {
  test('is all that has a part in the answer, set or not', async () => {
    const by = await judged(await storyFolder(STORY), []);
    const ways = ['html', 'junit', 'notify-sns', 'notify-slack-env', 'output-location'];
    const told = ['since', 'until', 'fail-on'];
    expect(new Set([...by.settings.map(({ flag }) => flag), ...ways, ...told])).toEqual(
      new Set(Object.keys(AUDIT_FLAGS)),
    );
    expect(by).toMatchObject({
      tool: `deploy-marker ${manifest.version}`,
      fail_on: DEFAULT_FAIL_ON,
      files: [],
      accounts: [HOME.account],
    });
    expect(by.run).toBeUndefined();
    for (const { values, unset } of by.settings) expect(values.length > 0 || unset).toBeTruthy();
    expect(settingOf(by, 'services')).toEqual({
      flag: 'services',
      values: ['lambda', 'cloudformation'],
      from: 'default',
    });
    expect(settingOf(by, 'verify')).toEqual({ flag: 'verify', values: [], from: 'default', unset: 'no' });
  });

  test('names who set what, the digests of files, and the job', async () => {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'allow.json'), ALLOWED);
    await writeFile(join(cwd, 'baseline.json'), BASELINE);
    await writeFile(join(cwd, 'scope'), '*\n');
    await writeFile(join(cwd, 'deploy-marker.json'), '{"deploy-role":["deploy","ship-*"]}');
    const lists = ['--allow', 'allow.json', '--baseline', 'baseline.json', '--scope', 'scope'];
    const env = {
      DEPLOY_MARKER_BEFORE: '3m',
      CIRCLECI: 'true',
      CIRCLE_USERNAME: 'ada',
      CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/app/7',
    };
    const by = await judged(
      cwd,
      [...lists, '--fail-on', 'none', '--services', 's3,lambda', '--verify=false'],
      env,
    );
    expect(by.fail_on).toEqual([]);
    expect(by.files).toEqual([
      { flag: 'allow', path: 'allow.json', sha256: sha256(ALLOWED) },
      { flag: 'scope', path: 'scope', sha256: sha256('*\n') },
      { flag: 'baseline', path: 'baseline.json', sha256: sha256(BASELINE) },
    ]);
    expect(settingOf(by, 'services')).toMatchObject({ values: ['s3', 'lambda'], from: 'flag' });
    expect(settingOf(by, 'deploy-role')).toMatchObject({ values: ['deploy', 'ship-*'], from: 'file' });
    expect(settingOf(by, 'before')).toMatchObject({ values: ['3m'], from: 'environment' });
    expect(by.run).toEqual({
      system: 'circleci',
      triggered_by: 'ada',
      url: 'https://circleci.com/gh/acme/app/7',
    });
  });

  test('has the state that was read, and not the one that is written', async () => {
    const cwd = await storyFolder(STORY);
    const args = ['--state', 'state.json', '--since', 'last'];
    expect((await judged(cwd, args)).files).toEqual([]);
    const held = await readFile(join(cwd, 'state.json'), 'utf8');
    expect((await judged(cwd, args)).files).toEqual([
      { flag: 'state', path: 'state.json', sha256: sha256(held) },
    ]);
  });

  test('stands in text, on the page and in JUnit XML, and names no secret', async () => {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'allow.json'), ALLOWED);
    const hook = 'https://hooks.slack.com/services/T0/B0/notForAnyone';
    const env = { HOOK: hook, DEPLOY_MARKER_HUMAN_ROLE: 'admin-*' };
    const files = ['--html', 'a.html', '--junit', 'a.xml', '--state', 's.json', '--notify-slack-env', 'HOOK'];
    const judging = ['--since', '1d', '--until', 'now', '--fail-on', 'none', '--allow', 'allow.json'];
    const run = await runOnFiles('audit', cwd, [...files, ...judging], { env });
    expect(run.code).toBe(0);
    const text = run.stdout.replaceAll(/\n {2}/g, ' ');
    expect(text).toContain(`Judged by deploy-marker ${manifest.version}: --fail-on none `);
    expect(text).toContain(`--allow allow.json (sha256 ${sha256(ALLOWED).slice(0, 12)})`);
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(run.stdout).toContain('\n  --since 1d --until now\n');
    const [page, xml] = [
      await readFile(join(cwd, 'a.html'), 'utf8'),
      await readFile(join(cwd, 'a.xml'), 'utf8'),
    ];
    expect(markupProblem(xml)).toBeUndefined();
    for (const file of [page, xml]) {
      for (const each of [
        '--fail-on',
        'admin-*',
        sha256(ALLOWED),
        HOME.account,
        'none but those that markers name',
      ]) {
        expect(file).toContain(each);
      }
      expect(file).not.toContain('notForAnyone');
    }
  });
});

describe.concurrent('an audit that fails for nothing', () => {
  test('is no pass, in text and on the page', async () => {
    const cwd = await storyFolder(STORY);
    const run = await runOnFiles('audit', cwd, ['--fail-on', 'none', '--html', 'a.html']);
    const verdict = 'report only: 2 findings, and none was to fail (person-change, unexplained-change)';
    expect(run.stdout.trimEnd().replaceAll('\n', ' ')).toMatch(
      new RegExp(`${verdict.replace(/[()]/g, '\\$&')}$`),
    );
    const page = await readFile(join(cwd, 'a.html'), 'utf8');
    expect(page).toContain('<h1>Report only</h1>');
    expect(page).toContain(verdict);
    for (const wrong of ['Audit passed', 'nothing to look at', 'Changes to look at']) {
      expect(page).not.toContain(wrong);
    }
  });

  test('says of findings that do not fail how many there are, and what they are', async () => {
    const run = await runOnFiles('audit', await storyFolder(STORY), ['--fail-on', 'unfinished-deploy']);
    expect(run.stdout.trimEnd().replaceAll('\n', ' ')).toMatch(
      /audit passed: 2 findings, none of which fails by --fail-on \(person-change, unexplained-change\)$/,
    );
  });
});

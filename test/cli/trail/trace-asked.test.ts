import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, runCli } from '../run-cli.ts';
import { deployFunction, fixByHand, happen, reportOf, runOnFiles, storyFolder } from './trail-scene.ts';

const STORY = happen(scene => {
  deployFunction(scene, 'orders');
  fixByHand(scene, 'billing');
});

/** What is asked, and the component that it was taken for. */
async function ask(args: readonly string[], env: Record<string, string> = {}) {
  const run = await runOnFiles('trace', await storyFolder(STORY), ['--json', ...args], { env });
  return { run, report: reportOf(run) };
}

describe.concurrent('the question as people ask it', () => {
  test.each([
    [['lambda:orders'], 'lambda:orders', 2],
    [['orders'], 'lambda:orders', 2],
    [['billing', '--since', '1day'], 'lambda:billing', 1],
    [['--since', 'yesterday', '--component', 'billing'], 'lambda:billing', 1],
  ])('%j', async (args, component, changes) => {
    const { run, report } = await ask(args);
    expect([run.code, report.question['component'], report.totals.changes]).toEqual([0, component, changes]);
    expect(report).not.toHaveProperty('not_seen');
  });

  test('a name alone is told what it was taken for', async () => {
    const { run } = await ask(['orders']);
    expect(run.stderr).toBe('note: "orders" is taken for lambda:orders\n');
  });

  test('of what was not seen there is no silent zero, but near names', async () => {
    for (const asked of ['lambda:ordres', 'ordres']) {
      const { run, report } = await ask([asked]);
      expect(run.code).toBe(0);
      expect(report.not_seen).toEqual({
        component: asked,
        near: ['lambda:orders'],
        services: ['lambda', 'cloudformation'],
      });
      const { stdout } = await runOnFiles('trace', await storyFolder(STORY), [asked]);
      expect(stdout).toContain(
        `\nNothing of ${asked} was seen: no change of it, and no marker.\nDid you mean lambda:orders?\n` +
          'Changes of lambda, cloudformation were read; name other services with\n--services, or all.\n',
      );
      expect(stdout).not.toMatch(/\b0 (?:deploys|changes)/);
    }
  });

  test('what was seen, though not in the time that is asked for, is no such thing', async () => {
    const { report } = await ask(['orders', '--since', '30d', '--until', '100m']);
    expect(report).not.toHaveProperty('not_seen');
  });

  test('times are told in UTC and by the local clock', async () => {
    const { run } = await ask(['orders', '--since', 'yesterday'], { TZ: 'Asia/Tokyo' });
    expect(run.stderr).toMatch(
      /note: the time that is asked for is \d{4}-\d\d-\d\d 00:00:00 to [\d: -]{19} \+09:00, which is \d{4}-\d\d-\d\d 15:00:00 to [\d: -]{19} UTC\n/,
    );
    const { stdout } = await runOnFiles('trace', await storyFolder(STORY), ['orders'], {
      env: { TZ: 'Asia/Tokyo' },
    });
    expect(stdout).toMatch(
      /^trace {2}[\d: -]{19} to [\d: -]{19} UTC\n {7}[\d: -]{19} to [\d: -]{19} \+09:00\n/,
    );
  });
});

test('that records begin long after the time that is asked for is told', async () => {
  const { run, report } = await ask(['lambda:quiet']);
  expect(run.code).toBe(0);
  expect(report.gaps).toContainEqual(
    expect.objectContaining({
      kind: 'not-seen',
      incomplete: false,
      message: expect.stringContaining('after the beginning of the time that is asked for'),
    }),
  );
  const { stdout } = await runOnFiles('trace', await storyFolder(STORY), ['orders', '--until', '100m']);
  expect(stdout).not.toContain('was not changed');
  const day = await ask(['lambda:quiet', '--since', '1d']);
  expect(JSON.stringify(day.report.gaps)).not.toContain('after the beginning');
});

test('what was live before, and which version came, is shown as it was recorded', async () => {
  const told = { previous_git_sha: '0f0f0f0f0f0f0f0f', target_version: '8', kind: 'rollback' } as const;
  const markers = STORY.markers.map(marker => ({ ...marker, ...told }));
  const cwd = await storyFolder({ ...STORY, markers });
  const { kind, ...fields } = told;
  expect(reportOf(await runOnFiles('trace', cwd, ['--json', 'orders'])).deploys).toMatchObject([
    { kind, ...fields },
  ]);
  const { stdout } = await runOnFiles('trace', cwd, ['orders', '--html', 't.html']);
  expect(stdout).toContain('\n  before it 0f0f0f0f0f0f\n  version 8\n');
  const page = await readFile(join(cwd, 't.html'), 'utf8');
  expect(page).toContain('<small>after 0f0f0f0</small><small>version 8</small>');
});

describe.concurrent('markers that nobody names', () => {
  const NOTE = 'note: markers are read from ./deploy-markers.jsonl, since nothing else is named\n';
  const MARKERS = STORY.markers.map(marker => `${JSON.stringify(marker)}\n`).join('');

  async function folder(): Promise<string> {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'deploy-markers.jsonl'), MARKERS);
    return cwd;
  }

  test('are those in the file that emit writes', async () => {
    const run = await runCli(['trace', 'lambda:orders', '--changes', 'logs', '--json'], {
      cwd: await folder(),
    });
    expect([run.code, run.stderr]).toEqual([0, NOTE]);
    expect(reportOf(run).totals.standings).toMatchObject({ explained: 2, unexplained: 0 });
    const audit = await runCli(['audit', '--changes', 'logs', '--json'], { cwd: await folder() });
    expect([audit.code, audit.stderr.startsWith(NOTE)]).toEqual([10, true]);
  });

  test('not where others are named, and not for the audit of a CI job', async () => {
    const named = await runOnFiles('trace', await folder(), ['lambda:orders', '--json']);
    expect(named.stderr).toBe('');
    const env = { CI: 'true' };
    const audit = await runCli(['audit', '--changes', 'logs'], { cwd: await folder(), env });
    expect([audit.code, errorOf(audit).message]).toEqual([2, 'it is not known where the markers are']);
  });

  test('without any, changes are shown with who made them, and what markers would add', async () => {
    const cwd = await storyFolder(STORY);
    const { code, stdout, stderr } = await runCli(['trace', 'billing', '--changes', 'logs'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('user/');
    expect(stdout).toMatch(
      /\nChanges\nNo markers were read: whether a deploy made these is not known\.\n\n {2}\d{4}-\S+ \S+ {2}UpdateFunctionConfiguration\n {4}lambda:billing in /,
    );
    expect(stdout).toMatch(/\n0 deploys, 1 change\n1 unexplained, since no markers were read\n/);
    expect(stdout).not.toMatch(/✗|UNEXPLAINED|no deploy explains/);
    const inPage = ['trace', 'billing', '--changes', 'logs', '--html', 'page.html'];
    await runCli(inPage, { cwd });
    const page = await readFile(join(cwd, 'page.html'), 'utf8');
    expect(page).toContain('<h1>1 change</h1>');
    expect(page).toContain('No markers were read: whether a deploy made these is not known.');
    expect(page).not.toMatch(/>unexplained<|to look at|no deploy made it/);
    const investigated = await runCli(['investigate', 'billing', '--changes', 'logs'], { cwd });
    expect(investigated.stdout).toMatch(/· not known: no markers were read that would tell\n/);
    expect(investigated.stdout).not.toMatch(/✗|UNEXPLAINED|no deploy made it/);
    expect(stderr).toBe('note: "billing" is taken for lambda:billing\n');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Also to know not seen: --markers: no markers were read, so that no deploy and no commit is known; ',
    );
  });
});

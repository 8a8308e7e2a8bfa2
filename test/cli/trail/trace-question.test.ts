import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assumedRole } from '../../trail-world/actors.ts';
import { updateFunctionCode } from '../../trail-world/lambda-calls.ts';
import { toTime } from '../../trail-world/place.ts';
import { unexplained } from '../../trail-world/truth.ts';
import { withAwsServer } from '../emit/scene.ts';
import { errorOf, runCli } from '../run-cli.ts';
import {
  COMMIT,
  deployFunction,
  FROM_FILES,
  fixByHand,
  HOME,
  happen,
  reportOf,
  runOnFiles,
  standingsOf,
  storyFolder,
} from './trail-scene.ts';

const OTHER_COMMIT = 'f00dfeed00000000000000000000000000000001';
const found = { fix: '', stranger: '', orders: '', ordersUid: '', payments: '', session: '' };

/** Deploys of two functions from two commits, a change by hand, and one by a session of nobody's. */
const STORY = happen(scene => {
  const { deploy, session } = deployFunction(scene, 'orders');
  const second = scene.pipeline({
    session: 'ci-prod-second-f00dfee',
    sha: OTHER_COMMIT,
    role: 'deploy-payments',
  });
  Object.assign(found, {
    orders: deploy.id,
    ordersUid: deploy.marker.uid,
    session,
    payments: deployFunction(scene, 'payments', second).deploy.id,
    fix: fixByHand(scene, 'billing'),
  });
  const by = assumedRole(scene.random, {
    account: HOME.account,
    role: 'admin',
    session: 'someone',
    createdAt: scene.start,
    hasComposedName: false,
  });
  found.stranger = scene.change(
    { by, at: scene.at(30), call: updateFunctionCode(HOME, 'orders') },
    unexplained,
  );
});
const START = STORY.markers[0]?.started_at ?? '';

async function ask(args: readonly string[]) {
  const run = await runOnFiles('trace', await storyFolder(STORY), ['--json', ...args]);
  expect(run).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^(?:note: all 6 changes in "logs" lie outside the time that is asked for\n)?$/,
    ),
  });
  const report = reportOf(run);
  return {
    report,
    deploys: report.deploys.map(({ deploy_id }) => deploy_id).toSorted(),
    standings: Object.values(standingsOf(report)).toSorted().join(' '),
  };
}

const BOTH = [found.orders, found.payments].toSorted();

describe.concurrent('what is asked', () => {
  test.each([
    [[], BOTH, 'explained explained explained explained unexplained unexplained'],
    [['--component', 'lambda:orders'], [found.orders], 'explained explained unexplained'],
    [
      ['--component', `arn:aws:lambda:${HOME.region}:${HOME.account}:function:orders:live`],
      [found.orders],
      'explained explained unexplained',
    ],
    [['--component', 'lambda:billing'], [], 'unexplained'],
    [['--git-sha', 'F00DFEED'], [found.payments], 'explained explained'],
    [['--git-sha', OTHER_COMMIT], [found.payments], 'explained explained'],
    [['--uid', found.ordersUid], [found.orders], 'explained explained'],
    [['--deploy-id', found.payments], [found.payments], 'explained explained'],
    [['--session-name', found.session], [found.orders], 'explained explained'],
    [['--session-name', 'someone'], [], 'unexplained'],
    [['--session-name', found.session, '--component', 'lambda:payments'], [], ''],
    [['--since', '2h'], [], ''],
    // Three hours ago the deploys began, and their windows end a quarter of an hour later.
    [['--since', '170m'], BOTH, 'unexplained unexplained'],
    [['--since', '30d', '--until', START], BOTH, ''],
    [
      ['--since', START, '--until', toTime(Date.parse(START) + 130_000)],
      BOTH,
      'explained explained explained explained',
    ],
  ])('%j', async (args, deploys, standings) => {
    const answer = await ask(args);
    expect(answer).toMatchObject({ deploys, standings });
    const { changes, deploys: count, standings: tally } = answer.report.totals;
    expect([changes, count]).toEqual([answer.report.changes.length, deploys.length]);
    expect(Object.values(tally).reduce((sum, each) => sum + each)).toBe(changes);
  });

  test.each([
    [['--git-sha', '0000000'], '--git-sha 0000000'],
    [['--uid', 'none'], '--uid none'],
    [['--deploy-id', 'none', 'orders'], '--deploy-id none'],
    [
      ['--uid', found.ordersUid, '--git-sha', OTHER_COMMIT],
      `--git-sha ${OTHER_COMMIT} --uid ${found.ordersUid}`,
    ],
  ])('%j, which no deploy has, is no zero', async (args, subject) => {
    const cwd = await storyFolder(STORY);
    const report = reportOf(await runOnFiles('trace', cwd, ['--json', ...args]));
    expect(report).toMatchObject({ complete: false, totals: { deploys: 0, changes: 0 } });
    const run = await runOnFiles('trace', cwd, args);
    expect([run.code, errorOf(run).code]).toEqual([8, 'ANSWER_INCOMPLETE']);
    const time = '\\d{4}-\\S+Z';
    expect(errorOf(run).message).toMatch(
      new RegExp(
        `^${subject}: no deploy has it; ${STORY.markers.length} markers were read, of ${time} to ${time}$`,
      ),
    );
    expect(run.stdout).toContain('\nINCOMPLETE: what is missing may change this answer\n  not seen: --');
  });

  test('a commit that was deployed at another time is told with that time', async () => {
    const run = await runOnFiles('trace', await storyFolder(STORY), [
      '--git-sha',
      OTHER_COMMIT,
      '--since',
      '2h',
    ]);
    expect(run.code).toBe(8);
    expect(errorOf(run).message).toMatch(
      new RegExp(
        `^--git-sha ${OTHER_COMMIT}: it deployed lambda:payments at \\S+Z, which is not in the time that is asked for`,
      ),
    );
  });

  test('a commit that did not deploy the component is an answer', async () => {
    const { report, deploys } = await ask(['--git-sha', OTHER_COMMIT, 'lambda:orders']);
    expect([report.complete, deploys]).toEqual([true, []]);
    expect(report.gaps.map(({ message }) => message)).toContain(
      'it deployed lambda:payments, and not what else is asked for',
    );
  });

  test('the question is told, as it was asked', async () => {
    const asked = ['--component', 'lambda:orders', '--git-sha', 'A1B2C3D', '--since', '3d'];
    const { report } = await ask(asked);
    expect(report.question).toEqual({ component: 'lambda:orders', 'git-sha': 'A1B2C3D' });
    const { stdout } = await runOnFiles('trace', await storyFolder(STORY), asked);
    expect(stdout).toContain('lambda:orders');
    expect(stdout).not.toContain('billing');
  });

  test.each([
    [['--component', 'lambda:*'], '--component must be kind:name or an ARN, got "lambda:*"'],
    [['orders,billing'], '--component must be kind:name or an ARN, got "orders,billing"'],
    [[''], 'the component is given, but it is empty'],
    [['orders', 'billing'], 'one component can be asked for, got "orders" and "billing"'],
    [['orders', '--component', 'billing'], 'both "orders" and --component "billing" are asked for'],
    [['--git-sha', 'main'], '--git-sha must be 7 to 64 hexadecimal characters, got "main"'],
    [['--since', 'last week'], '--since must be a time'],
    [['--since', '14:05 CET'], '--since must be a time'],
    [['--until', '2020-01-01T00:00:00Z'], '--since "7d" is not before --until'],
    [['--services', ','], '--services is given, but its value is empty'],
    [['--services', 'lambda,'], '--services is given, but one of its values is empty'],
    [['--region', 'eu-west-1,,us-east-1'], '--region is given, but one of its values is empty'],
    [['--services', 'lambda,EC2!'], '--services must be names'],
    [['--before', '-2m'], '--before must be a time'],
    [['--unfinished-after', '0'], '--unfinished-after must be a time'],
    [['--fail-on', 'none'], 'fail-on'],
  ])('%j is refused', async (args, message) => {
    const run = await runOnFiles('trace', await storyFolder(STORY), args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(run)).toMatchObject({ message: expect.stringContaining(message) });
  });

  test.each(['trace', 'investigate'])(
    '%s tells what the address of a page of the console stands for',
    async command => {
      const page =
        'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/resize-image?tab=code';
      const run = await runCli([command, page, '--changes', 'logs'], { cwd: await storyFolder(STORY) });
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(run).hint).toBe('ask for lambda:resize-image --region eu-west-1');
    },
  );

  test('a time of which the logs hold nothing is not answered', async () => {
    const args = ['--json', '--since', '30d', '--until', toTime(Date.parse(START) - 3_600_000)];
    const run = await runOnFiles('trace', await storyFolder(STORY), args);
    expect(run.code).toBe(8);
    expect(run.stderr).toMatch(/^note: all 6 changes in "logs" lie outside the time that is asked for\n/);
    const report = reportOf(run);
    expect(report).toMatchObject({ complete: false, totals: { changes: 0 } });
    const quiet = await runOnFiles('trace', await storyFolder(STORY), [...args, '--allow-quiet']);
    expect([quiet.code, reportOf(quiet).complete]).toEqual([0, true]);
  });

  test('without markers there is an answer without deploys, which says so', async () => {
    const args = ['trace', '--json', '--changes', 'logs', '--component', 'lambda:orders'];
    const run = await runCli(args, { cwd: await storyFolder(STORY) });
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^note: no markers were read, /) });
    const { deploys, complete, gaps, totals } = reportOf(run);
    expect([deploys, complete, totals.standings.unexplained]).toEqual([[], true, 3]);
    expect(gaps).toContainEqual(
      expect.objectContaining({ kind: 'not-seen', subject: '--markers', incomplete: false }),
    );
  });

  test.each(['trace', 'audit'] as const)(
    '%s tells that markers are empty, or that none was read',
    async command => {
      for (const [text, told] of [
        ['', '"markers.jsonl" is empty, as a copy that failed: no marker is there'],
        ['\n', 'no marker of the time that is asked for was read of it'],
      ] as const) {
        const cwd = await storyFolder(STORY);
        await writeFile(join(cwd, 'markers.jsonl'), text);
        const run = await runOnFiles(command, cwd, ['--json']);
        const gap = { kind: 'not-seen', subject: 'markers.jsonl', incomplete: false };
        expect(reportOf(run).gaps).toContainEqual(expect.objectContaining({ ...gap, message: told }));
        const { stdout } = await runOnFiles(command, cwd);
        expect(stdout.replaceAll(/\s+/g, ' ')).toContain(told);
      }
    },
  );

  test.each([
    ['trace', '--git-sha', COMMIT],
    ['trace', '--uid', 'u'],
    ['trace', '--deploy-id', 'd'],
    ['audit', '--since', '24h'],
  ])('where the markers are must be told for %s %s', async (...args) => {
    const run = await runCli([...args, '--changes', 'logs'], { cwd: await storyFolder(STORY) });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(run).message).toBe('it is not known where the markers are');
  });
});

describe.concurrent('--html', () => {
  test('writes a whole page into a folder that it makes, and leaves nothing else there', async () => {
    const cwd = await storyFolder(STORY);
    await mkdir(join(cwd, 'out'));
    await writeFile(join(cwd, 'out/page.html'), 'the page of yesterday');
    for (const path of ['out/page.html', 'new/deep/page.html']) {
      const run = await runCli(['trace', ...FROM_FILES, '--html', path], { cwd });
      expect(run).toMatchObject({ code: 0, stderr: `wrote "${path}"\n` });
      expect(run.stdout).toContain('Changes that no deploy explains');
      const page = await readFile(join(cwd, path), 'utf8');
      expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n?$/i);
      expect(page).toContain('lambda:billing');
      expect(await readdir(join(cwd, path, '..'))).toEqual(['page.html']);
    }
  });

  // Reading may take a quarter of an hour.
  test.each([
    [['trace'], '--html'],
    [['trace', 'lambda:billing', '--quick'], '--html'],
    [['investigate', 'lambda:billing'], '--html'],
    [['audit'], '--html'],
    [['audit', '--state', 's3://audits/state.json'], '--junit'],
    [['audit'], '--write-baseline'],
  ])('%j with a %s that cannot be written ends with 5 before anything is asked', (command, flag) =>
    withAwsServer(async server => {
      const cwd = await storyFolder(STORY);
      await mkdir(join(cwd, 'taken'));
      for (const [place, why] of [
        ['taken', 'it is a folder'],
        ['markers.jsonl/page', 'a part of its path is no folder (ENOTDIR)'],
      ] as const) {
        const args = [...command, '--markers', 'markers.jsonl', '--changes', 'event-history', flag, place];
        const run = await runCli(args, { cwd, env: server.env() });
        expect(run).toMatchObject({ code: 5, stdout: '' });
        const { code, message } = errorOf(run);
        expect([code, message]).toEqual(['FILE_UNWRITABLE', `${place} cannot be written: ${why}`]);
      }
      expect(server.requests).toEqual([]);
      expect((await readdir(cwd)).toSorted()).toEqual(['logs', 'markers.jsonl', 'taken']);
    }),
  );
});

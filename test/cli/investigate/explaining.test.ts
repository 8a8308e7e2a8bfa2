import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import { withAwsServer } from '../emit/scene.ts';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import { COMMIT, deployFunction, fixByHand, happen, reportOf, storyFolder } from '../trail/trail-scene.ts';

// What somebody pastes at three in the morning, on a laptop without a checkout, has to work and to be found by the next audit.

const ids = { fix: '' };
const STORY = happen(scene => {
  deployFunction(scene, 'orders');
  ids.fix = fixByHand(scene, 'orders', 60);
});

function commandOf(stdout: string): string {
  const report: Investigation = JSON.parse(stdout);
  const next = report.summary.find(({ topic }) => topic === 'next')?.text ?? '';
  return /npx deploy-marker (emit .*)$/.exec(next)?.[1] ?? '';
}

describe.concurrent('the command that explains a change', () => {
  test.each([
    ['a file', 'markers.jsonl', ' --file markers.jsonl'],
    ['a folder', 'deploys', ' --file deploys/explained.jsonl'],
  ])('works outside a checkout, and is read by an audit: %s', async (_, markers, sink) => {
    const cwd = await storyFolder(STORY);
    if (markers === 'deploys') {
      await mkdir(join(cwd, 'deploys'));
      await rename(join(cwd, 'markers.jsonl'), join(cwd, 'deploys/markers.jsonl'));
    }
    const sources = ['--markers', markers, '--changes', 'logs'];
    const run = await runCli(['investigate', 'lambda:orders', '--json', ...sources], { cwd });
    const command = commandOf(run.stdout);
    expect(command).toMatch(new RegExp(` --git-sha ${COMMIT}[0-9a-f]*${sink}$`));
    const done = await runCli(command.replace('TEXT', 'OPS-1').split(' '), { cwd });
    expect(done.code, done.stderr).toBe(0);
    const audit = await runCli(['audit', '--json', ...sources], { cwd });
    expect(reportOf(audit).findings).toContainEqual(
      expect.objectContaining({ kind: 'attested-change', event_id: ids.fix }),
    );
    expect(audit.code).toBe(0);
  });

  test.each([
    ['logs:/deploys', '--log-group /deploys'],
    ['my deploys.jsonl', "--file 'my deploys.jsonl'"],
    ['s3://acme-deploys/markers', '--bucket s3://acme-deploys/markers'],
    ['lake:EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE', '--channel-arn CHANNEL_ARN'],
    ['athena:deploys.markers', '--bucket s3://BUCKET/PREFIX'],
  ])('goes where %s is read', (markers, sink) =>
    withAwsServer(async server => {
      const cwd = await storyFolder(STORY);
      const args = ['investigate', 'lambda:orders', '--json', '--markers', markers, '--changes', 'logs'];
      const { stdout } = await runCli(args, { cwd, env: server.env() });
      expect(commandOf(stdout)).toMatch(/^emit --env \S+ --component lambda:orders --explains /);
      expect(commandOf(stdout).endsWith(` ${sink}`)).toBe(true);
    }),
  );

  test('works where no marker is known, and is read where nothing is named', async () => {
    const cwd = await storyFolder(STORY);
    await rm(join(cwd, 'markers.jsonl'));
    const run = await runCli(['investigate', 'lambda:orders', '--json', '--changes', 'logs'], { cwd });
    const command = commandOf(run.stdout);
    expect(command).toMatch(/ --git-sha 0000000 --file \.\/deploy-markers\.jsonl$/);
    const words = (text: string) => runCli(text.split(' '), { cwd });
    // What stands for one's own words does not pass for them.
    const left = await words(command);
    expect([left.code, errorOf(left).message]).toEqual([
      2,
      '--env ENV still has the word that stands for your own',
    ]);
    const half = await words(command.replace('ENV', 'prod'));
    expect([half.code, errorOf(half).message]).toEqual([
      2,
      '--reason TEXT still has the word that stands for your own',
    ]);
    const explained = command.split(' --explains ')[1]?.split(' ')[0];
    const done = await words(command.replace('ENV', 'prod').replace('TEXT', 'OPS-1'));
    expect(done.code, done.stderr).toBe(0);
    const trace = await runCli(['trace', 'lambda:orders', '--json', '--changes', 'logs'], { cwd });
    expect(reportOf(trace).changes).toContainEqual(
      expect.objectContaining({ event_id: explained, standing: 'attested' }),
    );
  });

  test('goes where settings have emit write', async () => {
    for (const settings of [
      { 'log-group': '/deploys' },
      { 'channel-arn': 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/a' },
    ]) {
      const cwd = await storyFolder(STORY);
      await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify(settings));
      const run = await runCli(['investigate', 'lambda:orders', '--json', '--changes', 'logs'], { cwd });
      expect(commandOf(run.stdout)).toMatch(/ --git-sha 0000000$/);
    }
  });

  test('without a commit says which one is meant', async () => {
    const args = [
      'emit',
      '--env',
      'prod',
      '--explains',
      ids.fix,
      '--reason',
      'OPS-1',
      '--component',
      'lambda:a',
    ];
    const run = await runCli(args, { cwd: await makeFolder() });
    expect(run.code).toBe(2);
    const { hint } = errorOf(run);
    expect(hint).toContain('the commit that was live');
    expect(hint).not.toContain('rev-parse');
  });
});

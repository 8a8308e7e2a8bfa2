import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, runCli } from '../run-cli.ts';
import { reportOf, storyFolder, tellStory } from './trail-scene.ts';

const STORY = tellStory();
const STORE = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';

describe.concurrent('a place in AWS that is named without its kind', () => {
  test.each([
    ['--markers', '/deploys', 'for the log group write --markers logs:/deploys; '],
    ['--changes', '/aws/cloudtrail', 'for the log group write --changes logs:/aws/cloudtrail; '],
    ['--changes', 'acme-trail', 'for a bucket write --changes s3://acme-trail; '],
    ['--markers', 'acme-deploys/markers', 'for a bucket write --markers s3://acme-deploys/markers; '],
    ['--changes', STORE, `for a store of CloudTrail Lake write --changes lake:${STORE}; `],
  ])('%s %s is asked for as it is written', async (flag, name, step) => {
    const cwd = await storyFolder(STORY);
    const given = { '--markers': 'markers.jsonl', '--changes': 'logs', [flag]: name };
    const run = await runCli(['trace', ...Object.entries(given).flat()], { cwd });
    expect(run.code).not.toBe(0);
    expect(errorOf(run)).toMatchObject({ code: 'INPUT_UNREADABLE', hint: expect.stringContaining(step) });
  });

  test.each([
    ['--markers', 'deploys.jsonl'],
    ['--markers', './deploys'],
    ['--changes', '../trail.json.gz'],
  ])('%s %s is a file that is not there', async (flag, name) => {
    const cwd = await storyFolder(STORY);
    const given = { '--markers': 'markers.jsonl', '--changes': 'logs', [flag]: name };
    const { hint } = errorOf(await runCli(['trace', ...Object.entries(given).flat()], { cwd }));
    expect(hint).not.toContain(' write ');
  });
});

describe.concurrent('who has markers and does not name them', () => {
  test.each([
    [
      { 'log-group': '/deploys' },
      '`emit` writes to the log group /deploys here: read them with --markers logs:/deploys',
    ],
    [{ bucket: 's3://acme-deploys/markers' }, 'read them with --markers s3://acme-deploys/markers'],
    [{}, '`emit` after each deploy records them, and --markers reads them'],
  ])('is told where emit puts them: %j', async (settings, step) => {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify(settings));
    for (const command of [['trace'], ['investigate', 'billing']]) {
      const run = await runCli([...command, '--json', '--changes', 'logs'], { cwd });
      expect(run.stderr).toContain(step);
      expect(run.stdout).toContain(step);
    }
  });

  test('but not where nothing was read at all', async () => {
    const cwd = await storyFolder(STORY);
    const run = await runCli(['trace', '--json', '--changes', 'none.json'], { cwd });
    expect(run.stderr).not.toContain('no markers');
    expect(reportOf(run).gaps.map(({ subject }) => subject)).toContain('--markers');
  });
});

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toTime } from '../../trail-world/place.ts';
import { runCli } from '../run-cli.ts';
import { deployFunction, fixByHand, happen, reportOf, runOnFiles, storyFolder } from './trail-scene.ts';

// The most read answer of a night: it was not this.

const STORY = happen(scene => {
  deployFunction(scene, 'orders');
  fixByHand(scene, 'billing');
});

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

describe.concurrent('where nothing changed, trace says so', () => {
  test.each([
    ['lambda:orders', 'lambda:orders was not changed in this time.'],
    ['orders', 'lambda:orders was not changed in this time.'],
    [undefined, 'Nothing changed in this time.'],
  ])('%s', async (component, sentence) => {
    const cwd = await storyFolder(STORY);
    const args = [component ?? [], '--since', '5m', '--allow-quiet', '--html', 'page.html'].flat();
    const { code, stdout } = await runOnFiles('trace', cwd, args);
    expect(code).toBe(0);
    expect(plain(stdout)).toMatch(
      new RegExp(
        `${sentence} The newest record that was read is of \\d{4}-\\S+ \\S+\\. Changes of the last minutes may still be missing: `,
      ),
    );
    expect(await readFile(join(cwd, 'page.html'), 'utf8')).toContain(sentence);
  });

  test('of a time long ago nothing is still to come', async () => {
    const args = ['--since', '150m', '--until', '100m', '--allow-quiet'];
    const { stdout } = await runOnFiles('trace', await storyFolder(STORY), args);
    expect(plain(stdout)).toContain('Nothing changed in this time. The newest record');
    expect(stdout).not.toContain('may still');
  });

  test.each([[['billing']], [['--git-sha', '0000000', '--since', '5m', '--allow-quiet']]])(
    'and not otherwise: %j',
    async args => {
      const { stdout } = await runOnFiles('trace', await storyFolder(STORY), args);
      expect(stdout).not.toContain('hanged in this time');
    },
  );
});

describe.concurrent('where no changes could be read', () => {
  test.each(['trace', 'audit'] as const)('%s does not say that a deploy is too young', async command => {
    const cwd = await storyFolder({
      records: [],
      markers: STORY.markers.map(marker => ({
        ...marker,
        recorded_at: toTime(Date.now()),
      })),
    });
    await mkdir(join(cwd, 'empty'));
    const args = [command, '--markers', 'markers.jsonl', '--changes', 'empty'];
    const report = reportOf(await runCli([...args, '--json'], { cwd }));
    expect(report.deploys.map(({ state }) => state)).toEqual(['unseen']);
    const { stdout } = await runCli(args, { cwd });
    expect(plain(stdout)).not.toContain('too recently');
    expect(plain(stdout)).toContain(
      command === 'trace'
        ? 'its changes were not read'
        : 'audit incomplete: nothing could be judged (no changes could be read of 1 source)',
    );
    if (command === 'trace') expect(plain(stdout)).toContain('is not known: no changes could be read.');
  });
});

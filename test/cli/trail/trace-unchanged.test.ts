import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toTime } from '../../trail-world/place.ts';
import { runCli } from '../run-cli.ts';
import {
  deployFunction,
  FROM_FILES,
  fixByHand,
  happen,
  reportOf,
  runOnFiles,
  storyFolder,
} from './trail-scene.ts';

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

describe.concurrent('an answer that ends now says what may still come, and up to when it was read', () => {
  const SENTENCE =
    /The newest record that was read is of \d{4}-\S+ \S+\. Changes of the last minutes may still be missing: CloudTrail takes about five\./;
  test.each([
    ['trace', 'orders'],
    ['trace', 'lambda:other'],
    ['trace', ''],
    ['trace', 'lambda:orders', '--since', '5m', '--allow-quiet'],
    ['investigate', 'billing'],
    ['investigate', 'lambda:other'],
  ])('%s %s', async (command, component, ...more) => {
    const cwd = await storyFolder(STORY);
    const args = [command, ...(component === '' ? [] : [component]), ...FROM_FILES, ...more];
    const { stdout } = await runCli([...args, '--html', 'page.html'], { cwd });
    expect(plain(stdout)).toMatch(SENTENCE);
    expect(plain(stdout).split('may still be missing')).toHaveLength(2);
    expect(await readFile(join(cwd, 'page.html'), 'utf8')).toMatch(SENTENCE);
    const ended = await runCli([...args, '--until', '40m', ...(more.length > 0 ? ['--since', '50m'] : [])], {
      cwd,
    });
    expect(plain(ended.stdout)).not.toContain('may still be missing');
  });

  test('not where nothing was read', async () => {
    const { stdout } = await runCli(['trace', 'orders', '--changes', 'none'], {
      cwd: await storyFolder(STORY),
    });
    expect(plain(stdout)).not.toContain('may still');
  });
});

describe.concurrent('a copy of logs that ends early', () => {
  const OLD = happen(scene => fixByHand(scene, 'billing'), { minutesAgo: 120 });
  test.each(['billing', 'lambda:other'])('is told as what may still be missing: %s', async component => {
    const cwd = await storyFolder(OLD);
    await rm(join(cwd, 'logs/alive.json'));
    const args = [component, '--html', 'page.html'];
    const { code, stdout } = await runOnFiles('trace', cwd, args);
    expect(code).toBe(0);
    const [, section = ''] = stdout.split('\nMay still be missing\n');
    expect(plain(section.split('\nAlso to know\n')[0] ?? '')).toMatch(
      /not seen: logs \(changes\): its newest record is of .* before the end/,
    );
    expect(await readFile(join(cwd, 'page.html'), 'utf8')).toContain('aria-label="May still be missing"');
    const report = reportOf(await runOnFiles('trace', cwd, [component, '--json']));
    expect(report.gaps).toContainEqual(
      expect.objectContaining({ subject: 'logs', incomplete: false, late: true }),
    );
  });

  test('nothing is said to be unchanged by it', async () => {
    const cwd = await storyFolder(OLD);
    await rm(join(cwd, 'logs/alive.json'));
    const args = ['lambda:billing', '--since', '80m', '--allow-quiet'];
    const records = await runOnFiles('trace', cwd, args);
    expect(plain(records.stdout)).not.toContain('was not changed');
  });
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

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { createConfigState } from '../../fakes/config/config-state.ts';
import { withAwsServer } from '../emit/scene.ts';
import { errorOf, type RunResult, runCli } from '../run-cli.ts';
import { deployFunction, FROM_FILES, fixByHand, HOME, happen, storyFolder } from '../trail/trail-scene.ts';

const STORY = happen(scene => {
  deployFunction(scene, 'orders');
  fixByHand(scene, 'billing');
});
const MARKERS = STORY.markers.map(marker => `${JSON.stringify(marker)}\n`).join('');

/** Asks over the files of the story, with a recorder of AWS Config that has recorded nothing. */
async function ask(
  args: readonly string[],
  { env = {}, cwd, fill }: AskOptions = {},
): Promise<{ readonly run: RunResult; readonly asked: readonly string[] }> {
  const folder = cwd ?? (await storyFolder(STORY));
  const answers: { run: RunResult; asked: string[] }[] = [];
  await withAwsServer(async server => {
    server.state.configs.set(`${HOME.account}/${HOME.region}`, createConfigState([]));
    fill?.(server);
    const run = await runCli(['investigate', ...args], { cwd: folder, env: { ...server.env(), ...env } });
    answers.push({ run, asked: server.requests.flatMap(({ operation }) => operation ?? []) });
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error('nothing was asked');
  return answer;
}

interface AskOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly fill?: (server: AwsServer) => void;
}

const reportOf = ({ stdout }: RunResult): Investigation => JSON.parse(stdout);
const textOf = ({ summary }: Investigation, topic: string): string | undefined =>
  summary.find(line => line.topic === topic)?.text;

describe.concurrent('a name alone', () => {
  test('is looked for as trace does, and Config is asked for what it stands for', async () => {
    const { run, asked } = await ask([...FROM_FILES, 'orders', '--json']);
    expect([run.code, run.stderr]).toEqual([0, 'note: "orders" is taken for lambda:orders\n']);
    const report = reportOf(run);
    expect([report.component, report.question, report.changes.length]).toEqual([
      'lambda:orders',
      { component: 'lambda:orders' },
      2,
    ]);
    expect(report).not.toHaveProperty('not_seen');
    // What each call asked for is kept for it, though its kind was not known while the records were read.
    expect(report.changes.map(({ request }) => request?.fields.length)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    expect(asked).toContain('ListDiscoveredResources');
  });

  test('of several things is refused with all of them', async () => {
    const cwd = await storyFolder(STORY);
    const [marker] = STORY.markers;
    const named = ['queue:jobs', 'rule:jobs'].map((component, rank) => ({
      ...marker,
      component,
      uid: `00000000-0000-4000-8000-00000000000${rank}`,
    }));
    await writeFile(join(cwd, 'markers.jsonl'), named.map(each => `${JSON.stringify(each)}\n`).join(''));
    const { run } = await ask([...FROM_FILES, 'jobs'], { cwd });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(errorOf(run)).toMatchObject({
      message: '"jobs" is queue:jobs, rule:jobs: which one is meant?',
      hint: 'ask for queue:jobs',
    });
  });

  test.each([
    ['deployer', 'iam', ['us-east-1']],
    ['edge', 'globalaccelerator', ['us-west-2']],
    [`arn:aws:globalaccelerator::${HOME.account}:accelerator/0a1b2c3d`, 'globalaccelerator', ['us-west-2']],
    ['edge', 'iam,networkmanager', ['us-east-1', 'us-west-2']],
  ])(
    '%s may be of a global service that is read (%s), which another Region records',
    async (asked, services, regions) => {
      const flags = ['--services', services, '--allow-quiet', '--json'];
      const { run } = await ask([asked, ...flags], {
        fill: server => {
          for (const region of [HOME.region, ...regions]) {
            server.state.histories.set(`${HOME.account}/${region}`, []);
          }
        },
      });
      expect(run.code).toBe(0);
      expect(reportOf(run).sources.map(({ source }) => source)).toEqual(
        [HOME.region, ...regions].map(region => `event-history of this account in ${region}`),
      );
    },
  );
});

describe.concurrent('what was never seen', () => {
  test.each(['ordres', 'lambda:ordres'])('%s is told as such, with near names', async asked => {
    const { run } = await ask([...FROM_FILES, asked, '--json']);
    const report = reportOf(run);
    expect([run.code, report.complete]).toEqual([0, true]);
    expect(report.not_seen).toEqual({
      component: asked,
      near: ['lambda:orders'],
      services: ['lambda', 'cloudformation'],
    });
    expect(textOf(report, 'what')).toMatch(
      new RegExp(`^nothing of ${asked} was found from .* to .*, neither a change nor a marker$`),
    );
    expect(textOf(report, 'next')).toBe('ask for lambda:orders, if that is meant');
    const { run: told } = await ask([...FROM_FILES, asked, '--html', 'page.html']);
    expect(told.stdout).toContain(
      `\nNothing of ${asked} was seen: no change of it, and no marker.\nDid you mean lambda:orders?\n`,
    );
  });

  test('Config is not asked for a name without a kind, which is said', async () => {
    const { run, asked } = await ask([...FROM_FILES, 'ordres', '--json']);
    expect(asked).toEqual([]);
    expect(reportOf(run).gaps).toContainEqual({
      kind: 'not-seen',
      subject: 'ordres',
      message: 'AWS Config and CloudFormation were not asked: they want its kind too, as in lambda:NAME',
      incomplete: false,
    });
  });

  test('what could not be read is no zero', async () => {
    const { run } = await ask(['lambda:orders', '--changes', 'none.json', '--json']);
    expect(run.code).toBe(2);
    const report = reportOf(run);
    expect(report.complete).toBe(false);
    expect(textOf(report, 'what')).toContain(
      'not all could be read, so that it may have changed all the same',
    );
    expect(textOf(report, 'next')).toBe('see below what is missing, and ask again');
  });

  test('the page says so, too', async () => {
    const cwd = await storyFolder(STORY);
    await ask([...FROM_FILES, 'ordres', '--html', 'page.html'], { cwd, env: { TZ: 'Asia/Tokyo' } });
    const page = await readFile(join(cwd, 'page.html'), 'utf8');
    expect(page).toContain('<h1>Nothing of ordres was seen</h1>');
    expect(page).toMatch(/ UTC<br>[\d: -]{19} to [\d: -]{19} \+09:00</);
  });
});

describe.concurrent('markers that nobody names', () => {
  test('are those in the file that emit writes', async () => {
    const cwd = await storyFolder(STORY);
    await writeFile(join(cwd, 'deploy-markers.jsonl'), MARKERS);
    const { run } = await ask(['lambda:orders', '--changes', 'logs', '--json'], { cwd });
    expect([run.code, run.stderr]).toEqual([
      0,
      'note: markers are read from ./deploy-markers.jsonl, since nothing else is named\n',
    ]);
    expect(reportOf(run).totals.standings).toMatchObject({ explained: 2, unexplained: 0 });
  });

  test('may be missing: changes are told with who made them, and what markers would add', async () => {
    const { run } = await ask(['billing', '--changes', 'logs']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^ {2}who {5}user\/\w+/m);
    const told = 'no markers were read, so that no deploy and no commit is known; `emit` after each ';
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(told);
  });
});

describe.concurrent('times as people write them', () => {
  const TOKYO = { TZ: 'Asia/Tokyo' };

  test('--since is told in UTC and by the local clock', async () => {
    const { run } = await ask([...FROM_FILES, 'orders', '--since', 'yesterday'], { env: TOKYO });
    expect(run.stderr).toMatch(
      /^note: the time that is asked for is \d{4}-\d\d-\d\d 00:00:00 to [\d: -]{19} \+09:00, which is \d{4}-\d\d-\d\d 15:00:00 to [\d: -]{19} UTC\n/,
    );
    expect(run.stdout).toMatch(
      /^investigate {2}[\d: -]{19} to [\d: -]{19} UTC\n {13}[\d: -]{19} to [\d: -]{19} \+09:00\n/,
    );
  });

  test.each([
    ['00:05', / 00:05:00 \+09:00, which is [\d-]{10} 15:05:00 UTC\n/],
    ['yesterday 08:00', / 08:00:00 \+09:00, which is [\d-]{10} 23:00:00 UTC\n/],
  ])('--at %s', async (at, told) => {
    const { run } = await ask([...FROM_FILES, 'orders', '--at', at, '--allow-quiet'], { env: TOKYO });
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^note: the moment that is asked for is /);
    expect(run.stderr).toMatch(told);
  });

  test.each(['2h', '1day', '90 minutes ago', new Date(Date.now() - 3_600_000).toISOString()])(
    '--at %s is the same everywhere, so that nothing is told',
    async at => {
      const { run } = await ask([...FROM_FILES, 'lambda:orders', '--at', at, '--allow-quiet'], {
        env: TOKYO,
      });
      expect([run.code, run.stderr.includes('asked for is')]).toEqual([0, false]);
    },
  );
});

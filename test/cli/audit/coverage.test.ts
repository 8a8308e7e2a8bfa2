import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toTime } from '../../trail-world/place.ts';
import { withAwsServer } from '../emit/scene.ts';
import { errorOf, makeFolder, type RunResult, runCli } from '../run-cli.ts';
import { fillHistories, HOME, reportOf, storyFolder, tellStory } from '../trail/trail-scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.now();

/** A record of an account in which nothing odd happens. */
interface Plain {
  readonly service?: string;
  readonly name?: string;
  readonly ago?: number;
  readonly account?: string;
  readonly errorCode?: string;
}

const READ = { name: 'ListFunctions20150331' };

function logOf(records: readonly Plain[]): string {
  return JSON.stringify({
    Records: records.map(
      ({ service = 'lambda', name = 'UpdateFunctionCode20150331v2', ago = 60_000, ...more }, rank) => ({
        eventVersion: '1.11',
        eventID: `00000000-0000-4000-8000-${String(rank).padStart(12, '0')}`,
        eventTime: toTime(NOW - ago),
        eventSource: `${service}.amazonaws.com`,
        eventName: name,
        readOnly: /^(?:List|Describe|Get)/.test(name),
        awsRegion: HOME.region,
        recipientAccountId: more.account ?? HOME.account,
        ...(more.errorCode === undefined ? {} : { errorCode: more.errorCode }),
        userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
        requestParameters: { functionName: 'orders' },
      }),
    ),
  });
}

/** Runs `audit`, which fails on nothing that it finds, over logs: a file for each name. */
async function audit(
  logs: Readonly<Record<string, readonly Plain[]>>,
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const cwd = await makeFolder();
  await mkdir(join(cwd, 'a'));
  await mkdir(join(cwd, 'b'));
  await writeFile(join(cwd, 'markers.jsonl'), '');
  for (const [path, records] of Object.entries(logs)) await writeFile(join(cwd, path), logOf(records));
  for (const [path, text] of Object.entries(files)) await writeFile(join(cwd, path), text);
  const given = args.includes('--changes') ? [] : ['--changes', 'a'];
  const all = ['audit', '--json', '--markers', 'markers.jsonl', '--fail-on', 'none', ...given, ...args];
  return runCli(all, { cwd });
}

const BOTH = ['--changes', 'a', '--changes', 'b'];

describe.concurrent('nothing that was looked at is no pass', () => {
  test.each<[string, Parameters<typeof audit>, string]>([
    ['an empty log', [{ 'a/1.json': [] }], 'no record of lambda, cloudformation was seen'],
    [
      'other services',
      [{ 'a/1.json': [{ service: 'ec2' }] }],
      'no record of lambda, cloudformation was seen',
    ],
    ['sts alone', [{ 'a/1.json': [{ service: 'sts', name: 'AssumeRole' }] }], 'no record of lambda'],
    ['the time before alone', [{ 'a/1.json': [{ ago: 26 * HOUR }] }], 'no record at all of the time'],
    [
      'a trail that stood still for three days',
      [{ 'a/1.json': [{ ago: 3 * DAY }] }],
      'no record at all of the time',
    ],
    [
      'a trail that stood still for an hour',
      [{ 'a/1.json': [{ ago: HOUR }, { ago: 5 * HOUR }] }],
      'its newest record is of ',
    ],
    [
      'a trail that stood still for the evening of a day that is over',
      [{ 'a/1.json': [{ ago: 9 * HOUR }] }, ['--since', '1d', '--until', toTime(NOW - 2 * HOUR)]],
      'its newest record is of ',
    ],
    [
      'a trail that stood still for three of seven days',
      [{ 'a/1.json': [{ ago: 3 * DAY }] }, ['--since', '7d']],
      '3 days before the end of the time',
    ],
    [
      'the last hours of a week',
      [{ 'a/1.json': [{}, { ago: 3 * HOUR }] }, ['--since', '7d']],
      '6 days after the beginning of the time',
    ],
    [
      'the last hours of a week in one of two folders',
      [{ 'a/1.json': [{}, { ago: 7 * DAY }], 'b/1.json': [{}] }, [...BOTH, '--since', '7d']],
      'b: its oldest record is of ',
    ],
    [
      'one of two folders that is empty',
      [{ 'a/1.json': [{}], 'b/1.json': [] }, BOTH],
      'b: it gave no record at all',
    ],
    [
      'one of two folders that stood still',
      [{ 'a/1.json': [{}], 'b/1.json': [{ ago: 2 * DAY }] }, BOTH],
      'b: it gave no record at all',
    ],
    ['a second', [{ 'a/1.json': [{}] }, ['--since', '1s']], 'no record of lambda'],
    [
      'a scope that is misspelt',
      [{ 'a/1.json': [{}] }, ['--scope', 's'], { s: 'lamda:*' }],
      's: nothing is in scope',
    ],
    [
      'a scope that leaves out all',
      [{ 'a/1.json': [{}] }, ['--scope', 's'], { s: '!*' }],
      's: nothing is in scope',
    ],
    [
      'a service in full that is misspelt',
      [{ 'a/1.json': [{}] }, ['--services', 'lamda.amazonaws.com']],
      'no record of lamda',
    ],
  ])('%s', async (_, given, why) => {
    const run = await audit(...given);
    expect(run.code).toBe(8);
    expect(run.stderr).toContain('"ANSWER_INCOMPLETE"');
    expect(run.stderr).toContain(why);
    const report = reportOf(run);
    expect(report).toMatchObject({
      complete: false,
      findings: expect.not.arrayContaining([{ fails: true }]),
    });
    expect(report.gaps.filter(({ incomplete }) => incomplete)).toContainEqual(
      expect.objectContaining({ kind: 'not-seen' }),
    );
    // Whoever says that it may be quiet has that in the report.
    const quiet = await audit(given[0], [...(given[1] ?? []), '--allow-quiet'], given[2]);
    expect(quiet.code).toBe(0);
    expect(reportOf(quiet)).toMatchObject({ complete: true });
    expect(
      reportOf(quiet)
        .gaps.map(({ message }) => message)
        .join(),
    ).toContain('(accepted by --allow-quiet)');
  });

  test.each<[string, Parameters<typeof audit>]>([
    ['reads', [{ 'a/1.json': [READ] }]],
    ['failed calls', [{ 'a/1.json': [{ errorCode: 'AccessDenied' }] }]],
    [
      'one of two services',
      [{ 'a/1.json': [{ ago: 5 * HOUR }, { service: 'ec2', name: 'DescribeInstances' }] }],
    ],
    [
      'a quiet service in a trail that lives, its last record in the middle of the log',
      [
        {
          'a/1.json': [
            { ago: 9 * HOUR },
            { service: 'ec2', ago: 60_000 },
            { service: 'ec2', ago: 5 * HOUR },
          ].toReversed(),
          'a/2.json': [{ service: 's3', ago: 60_000 }],
        },
      ],
    ],
    [
      'a record of every hour of a day long ago',
      [{ 'a/1.json': [{ ago: 9 * DAY }] }, ['--since', '10d', '--until', toTime(NOW - 8.5 * DAY)]],
    ],
    ['a scope that fits', [{ 'a/1.json': [{}] }, ['--scope', 's'], { s: 'lambda:ord*' }]],
  ])('%s are something', async (_, given) => {
    const run = await audit(...given);
    expect([run.code, reportOf(run).complete]).toEqual([0, true]);
  });

  test('a scope of which markers alone tell is something only if its service was read', async () => {
    const marker = {
      ...{
        uid: 'u',
        deploy_id: 'd',
        env: 'prod',
        component: 'sqs:orders',
        git_sha: 'a1b2c3d',
        status: 'success',
      },
      ...{ actor: 'circleci', deployed_at: toTime(NOW - HOUR), recorded_at: toTime(NOW - HOUR) },
    };
    const lines = ['sqs:orders', 'app:shop']
      .map((component, rank) =>
        JSON.stringify({ ...marker, component, uid: `u${rank}`, deploy_id: `d${rank}` }),
      )
      .join('\n');
    const files = { 'markers.jsonl': `${lines}\n`, s: 'sqs:*\napp:*' };
    const args = ['--scope', 's'];
    const run = await audit({ 'a/1.json': [{}] }, args, files);
    expect(run.code).toBe(8);
    expect(run.stderr).toContain(
      'markers name app:shop, sqs:orders, of no service that was read (--services)',
    );
    // Part of it is told, too.
    const more = await audit({ 'a/1.json': [{}] }, args, { ...files, s: 'sqs:*\nlambda:*' });
    expect(more.code).toBe(0);
    expect(JSON.stringify(reportOf(more).gaps)).toContain(
      'markers name sqs:orders, of no service that was read',
    );
    const read = await audit({ 'a/1.json': [{ service: 'sqs' }] }, [...args, '--services', 'sqs'], files);
    expect([read.code, reportOf(read).complete]).toEqual([0, true]);
  });

  test('a marker of a component in scope is something too', async () => {
    const story = tellStory();
    const cwd = await storyFolder(story);
    await writeFile(join(cwd, 'scope'), 'lambda:orders\n');
    const args = [
      '--json',
      '--markers',
      'markers.jsonl',
      '--changes',
      'logs',
      '--since',
      '60m',
      '--scope',
      'scope',
    ];
    const run = await runCli(['audit', ...args, '--allow-quiet'], { cwd });
    expect(run.code).toBe(0);
    expect(JSON.stringify(reportOf(run).gaps)).not.toContain('nothing is in scope');
  });

  test.each([
    ['--since', toTime(NOW + DAY), '--until', toTime(NOW + 2 * DAY)],
    ['--since', toTime(NOW + 60_000), '--until', toTime(NOW + 60_000 * 30)],
  ])('%s %s %s %s lies in the future, whatever is accepted', async (...args) => {
    const run = await audit({ 'a/1.json': [{}] }, [...args, '--allow-quiet']);
    expect([run.code, reportOf(run).complete]).toEqual([8, false]);
    expect(run.stderr).toContain('lies in the future');
  });

  test('a time that ends in the future is judged until now', async () => {
    const run = await audit({ 'a/1.json': [{}] }, ['--until', toTime(NOW + 99 * DAY)]);
    expect(run.code).toBe(0);
    expect(reportOf(run).gaps).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('it ends in the future'),
        incomplete: false,
      }),
    );
  });

  test('records after the clock tell that it is wrong', async () => {
    const run = await audit({ 'a/1.json': [{}, { ago: -2 * HOUR }] }, ['--allow-quiet']);
    expect([run.code, reportOf(run).complete]).toEqual([8, false]);
    expect(run.stderr).toContain("this machine's clock");
  });

  test('what a trail that lags shows still fails, and is told to lag', async () => {
    const cwd = await storyFolder(tellStory());
    await writeFile(join(cwd, 'logs/alive.json'), '{"Records":[]}');
    const run = await runCli(['audit', '--json', '--markers', 'markers.jsonl', '--changes', 'logs'], { cwd });
    expect(run.code).toBe(10);
    const gap = {
      kind: 'not-seen',
      message: expect.stringContaining('may have stood still'),
      incomplete: false,
    };
    expect(reportOf(run).gaps).toContainEqual(expect.objectContaining(gap));
  });

  test.each([
    ['lambda,stepfunction-x', 'names "stepfunction-x"'],
    ['lambda,lamda', 'names "lamda"'],
  ])('--services %s is refused', async (services, message) => {
    for (const command of ['audit', 'trace']) {
      const run = await runCli([command, '--changes', 'none', '--markers', 'none', '--services', services]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(run).message).toContain(message);
    }
  });

  test('--allow-quiet may come from the environment', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'markers.jsonl'), '');
    await writeFile(join(cwd, 'log.json'), logOf([]));
    const env = { DEPLOY_MARKER_ALLOW_QUIET: 'true' };
    const run = await runCli(['audit', '--markers', 'markers.jsonl', '--changes', 'log.json'], { cwd, env });
    expect(run.code).toBe(0);
  });
});

describe.concurrent('event history', () => {
  const args = ['audit', '--json', '--markers', 'markers.jsonl', '--fail-on', 'none'];

  test('that has nothing of the services is no pass, and one whose last record is hours old is', () =>
    withAwsServer(async server => {
      const cwd = await storyFolder(tellStory());
      const empty = await runCli(args, { cwd, env: server.env() });
      expect([empty.code, reportOf(empty).complete]).toEqual([8, false]);
      expect((await runCli([...args, '--allow-quiet'], { cwd, env: server.env() })).code).toBe(0);
      fillHistories(server, tellStory());
      const run = await runCli(args, { cwd, env: server.env() });
      expect([run.code, reportOf(run).complete]).toEqual([0, true]);
    }));
});

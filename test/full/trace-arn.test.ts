import { describe, expect, test } from 'vitest';
import { withAwsServer } from '../cli/emit/scene.ts';
import { type RunResult, runCli } from '../cli/run-cli.ts';
import {
  ABROAD,
  deployFunction,
  FROM_FILES,
  fillHistories,
  fixByHand,
  HOME,
  happen,
  NEIGHBOUR,
  reportOf,
  storyFolder,
  tellOfNamesakes,
} from '../cli/trail/trail-scene.ts';
import { answerWith } from '../fakes/athena/athena-rows.ts';
import type { AwsServer } from '../fakes/aws-server.ts';

// A function of the same name in another account or Region is another function.

const STORY = tellOfNamesakes();
const { home, abroad, neighbour } = STORY.fixes;
const COMMANDS = ['trace', 'investigate'] as const;

function arnOf({ account, region }: { account: string; region: string }, name = 'billing'): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function fixesIn({ stdout }: RunResult): string[] {
  const { changes } = JSON.parse(stdout);
  return [home, abroad, neighbour].filter(id =>
    changes.some((change: { event_id: string }) => change.event_id === id),
  );
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

async function ask(command: string, args: readonly string[], region?: string): Promise<RunResult> {
  const cwd = await storyFolder(STORY);
  const env = { AWS_REGION: region, AWS_DEFAULT_REGION: undefined };
  return runCli([command, '--json', ...FROM_FILES, ...args], { cwd, env });
}

describe.concurrent.each(COMMANDS)('%s of files', command => {
  test.each<[component: string, fixes: readonly string[]]>([
    [arnOf(HOME), [home]],
    [arnOf(ABROAD), [abroad]],
    [`${arnOf(NEIGHBOUR)}:live`, [neighbour]],
    [`lambda:${arnOf(ABROAD)}`, [abroad]],
    [`lambda:${ABROAD.account}:function:billing`, [abroad, neighbour]],
    ['lambda:billing', [home, abroad, neighbour]],
  ])('%s', async (component, fixes) => {
    // The Region of the laptop is another one.
    const run = await ask(command, [component], 'ap-south-1');
    expect(fixesIn(run)).toEqual(fixes);
    const { gaps } = reportOf2(run);
    const told = gaps.filter(({ message }) => message.includes('of the same name'));
    expect(told).toHaveLength(fixes.length === 3 ? 0 : 1);
    if (told[0] !== undefined)
      expect(told[0]).toMatchObject({ kind: 'left-out', incomplete: false, count: 3 - fixes.length });
  });

  test('of a place without a record there is no zero', async () => {
    const arn = arnOf({ account: '123412341234', region: 'us-west-2' });
    const run = await ask(command, [arn]);
    // Nobody gave credentials for AWS Config, which weighs more.
    expect(run.code).toBe(command === 'trace' ? 8 : 3);
    expect(fixesIn(run)).toEqual([]);
    const report = reportOf2(run);
    expect(report.complete).toBe(false);
    expect(report.question).toMatchObject({ component: arn });
    expect(report.not_seen?.elsewhere?.toSorted()).toEqual([
      '111122223333 eu-west-1',
      '999999999999 eu-west-1',
      '999999999999 us-east-1',
    ]);
    const [told] = report.gaps.filter(({ kind, subject }) => kind === 'not-seen' && subject === arn);
    expect(told?.message).toContain(
      'the ARN is of us-west-2 in 123412341234, of which no record was seen in the time that is asked for; read were ',
    );
    const text = await runCli([command, ...FROM_FILES, arn], { cwd: await storyFolder(STORY) });
    expect(plain(text.stdout)).toContain('Something of the same name was seen in ');
    const quiet = await ask(command, [arn, '--allow-quiet']);
    expect(
      reportOf2(quiet)
        .gaps.map(({ message }) => message)
        .join(),
    ).toContain('(accepted by --allow-quiet)');
  });

  test('in a place of which there are records it was not changed', async () => {
    const run = await ask(command, [arnOf(ABROAD, 'orders')]);
    expect(fixesIn(run)).toEqual([]);
    expect(reportOf2(run)).toMatchObject({
      deploys: [],
      not_seen: { elsewhere: ['111122223333 eu-west-1'] },
    });
  });

  test.each([
    [
      ['--region', 'eu-west-1'],
      'the ARN is of us-east-1, and --region names eu-west-1',
      '--region eu-west-1,us-east-1',
    ],
    [
      ['--account', HOME.account],
      'the ARN is of the account 999999999999, and --account names 111122223333',
      'pass --account 999999999999',
    ],
  ])('%j names another place', async (args, message, step) => {
    const run = await ask(command, [arnOf(ABROAD), ...args]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(run.stderr).error).toMatchObject({ message, hint: expect.stringContaining(step) });
  });
});

/** The fields that both reports have. */
function reportOf2(run: RunResult): ReturnType<typeof reportOf> {
  return JSON.parse(run.stdout);
}

async function ofHistory(
  server: AwsServer,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<RunResult> {
  fillHistories(server, STORY);
  const cwd = await storyFolder({ records: [], markers: STORY.markers });
  return runCli([...args, '--json'], { cwd, env: { ...server.env(), ...env } });
}

const NO_REGION = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };

describe.concurrent.each(COMMANDS)('%s of event history', command => {
  test.each([NO_REGION, { AWS_REGION: 'us-east-1' }])('the ARN chooses the Region: %j', env =>
    withAwsServer(async server => {
      const run = await ofHistory(server, [command, arnOf(HOME)], env);
      expect(fixesIn(run)).toEqual([home]);
      const { sources } = reportOf2(run);
      expect(sources.map(({ source }) => source)).toEqual(['event-history of this account in eu-west-1']);
      expect(reportOf2(run).gaps.filter(({ subject }) => subject.startsWith('arn:'))).toEqual([]);
    }),
  );

  test.each([ABROAD, NEIGHBOUR])('these credentials are of another account than %j', place =>
    withAwsServer(async server => {
      const run = await ofHistory(server, [command, arnOf(place), '--allow-quiet']);
      expect(run.code).toBe(8);
      expect(fixesIn(run)).toEqual([]);
      expect(run.stderr).toContain(
        `the ARN is of ${place.region} in 999999999999, of which no record was seen in the time that is asked for; read were ${place.region} in 111122223333`,
      );
      expect(run.stderr).toContain('--account 999999999999=ROLE_ARN');
    }),
  );

  test('a quiet Region of the own account is read, and was quiet', () =>
    withAwsServer(async server => {
      const run = await ofHistory(server, [command, arnOf({ ...HOME, region: 'us-east-1' })]);
      expect(reportOf2(run).gaps.filter(({ subject }) => subject.startsWith('arn:aws:lambda'))).toEqual([]);
      if (command === 'trace') expect([run.code, reportOf2(run).complete]).toEqual([0, true]);
    }));

  test('a role has no Region, and is looked for where roles are recorded', () =>
    withAwsServer(async server => {
      const role = `arn:aws:iam::${HOME.account}:role/worker`;
      const run = await ofHistory(server, [command, role]);
      const read = reportOf2(run).sources.map(({ source }) => source);
      expect(read).toEqual(
        ['eu-west-1', 'us-east-1'].map(region => `event-history of this account in ${region}`),
      );
    }));
});

describe.concurrent('stores are in the Region of the profile, whatever the ARN says', () => {
  test.each(['logs:trail', 'athena:deploys.cloudtrail_logs_pp'])('%s', source =>
    withAwsServer(async server => {
      const events = STORY.records.map((record, rank) => {
        const timestamp = Date.parse(record.eventTime) + 300_000;
        return { eventId: `${rank}`, timestamp, ingestionTime: timestamp, message: JSON.stringify(record) };
      });
      server.state.logGroups.set('trail', {
        streams: new Map([['111122223333_CloudTrail_eu-west-1', events]]),
      });
      server.state.athena.answerQuery = answerWith(STORY.records, STORY.markers);
      const run = await ofHistory(server, ['trace', arnOf(ABROAD), '--changes', source]);
      expect(run.code, run.stderr).toBe(0);
      expect(fixesIn(run)).toEqual([abroad]);
    }),
  );
});

describe.concurrent('a deploy to two Regions', () => {
  test('shows what it did where the ARN is, and not in the other', async () => {
    const twice = happen(scene => {
      deployFunction(scene, 'orders');
      fixByHand(scene, 'orders', 5, { ...HOME, region: 'us-east-1' });
    });
    const cwd = await storyFolder(twice);
    const run = await runCli(['trace', '--json', ...FROM_FILES, arnOf(HOME, 'orders')], { cwd });
    expect(reportOf(run).changes.map(({ region }) => region)).toEqual(['eu-west-1', 'eu-west-1']);
  });
});

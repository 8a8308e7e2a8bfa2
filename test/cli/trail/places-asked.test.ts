import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerWith } from '../../fakes/athena/athena-rows.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import {
  ABROAD,
  FROM_FILES,
  HOME,
  reportOf,
  runOnFiles,
  storyFolder,
  tellOfNamesakes,
} from './trail-scene.ts';

// A filter that is ignored says of another account what nobody asked.

const STORY = tellOfNamesakes();
const { home, abroad, neighbour } = STORY.fixes;

function fixesIn({ stdout }: RunResult): string[] {
  return [home, abroad, neighbour].filter(id => stdout.includes(id));
}

describe.concurrent('of files only what is asked for is told', () => {
  test.each<[args: readonly string[], fixes: readonly string[], left: string]>([
    [
      ['--region', HOME.region],
      [home, neighbour],
      `outside of --region eu-west-1: ${ABROAD.account} us-east-1 1`,
    ],
    [
      ['--account', ABROAD.account],
      [abroad, neighbour],
      `outside of --account 999999999999: ${HOME.account} eu-west-1`,
    ],
    [
      ['--account', ABROAD.account, '--region', ABROAD.region],
      [abroad],
      'outside of --account 999999999999 and --region us-east-1: ',
    ],
    [['--region', 'us-east-1', '--region', 'eu-west-1'], [home, abroad, neighbour], ''],
    [
      ['--account', `${HOME.account}=arn:aws:iam::${HOME.account}:role/reader`],
      [home],
      'outside of --account 111122223333',
    ],
  ])('%j', async (args, fixes, left) => {
    for (const command of ['trace', 'audit'] as const) {
      const run = await runOnFiles(command, await storyFolder(STORY), ['--json', '--allow-quiet', ...args]);
      expect(run.code, run.stderr).toBe(command === 'trace' ? 0 : 10);
      expect(fixesIn(run)).toEqual(fixes);
      const { gaps } = reportOf(run);
      const told = gaps.filter(({ kind, message }) => kind === 'left-out' && message.includes('outside of'));
      expect(told.map(({ message }) => message).join()).toContain(left);
      expect(told).toHaveLength(left === '' ? 0 : 1);
      if (left !== '') expect(told[0]).toMatchObject({ incomplete: false, count: expect.any(Number) });
    }
  });

  test('text says what was left out', async () => {
    const run = await runOnFiles('trace', await storyFolder(STORY), ['billing', '--region', HOME.region]);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'changes outside of --region eu-west-1: 999999999999 us-east-1 1',
    );
    expect(run.stdout).not.toContain(abroad);
  });

  test.each([
    [['--region', 'ap-south-1'], 'logs has no records of the Region ap-south-1'],
    [['--account', '123123123123'], 'logs has no records of the account 123123123123'],
    [
      ['--account', HOME.account, '--region', 'us-east-1'],
      'logs has no records of 111122223333 in us-east-1',
    ],
  ])('what is not there makes the answer incomplete: %j', async (args, message) => {
    for (const command of ['trace', 'audit'] as const) {
      const run = await runOnFiles(command, await storyFolder(STORY), args);
      expect(run.code, run.stderr).toBe(8);
      expect(run.stderr).toContain(message);
      expect(run.stderr).toContain('TRAIL_NOT_SEEN');
      for (const id of [home, abroad, neighbour]) expect(run.stdout).not.toContain(id);
    }
  });

  test('a deploy to where nobody looked is not missing its changes', async () => {
    const run = await runOnFiles('audit', await storyFolder(STORY), ['--json', '--account', ABROAD.account]);
    const { findings = [], deploys } = reportOf(run);
    expect(deploys.map(({ state }) => state)).toEqual(['unseen']);
    expect(findings.map(({ kind }) => kind)).not.toContain('marker-without-change');
  });

  test.each([
    ['--account', '12345', 'USAGE'],
    ['--region', 'Ireland', 'CONFIG_INVALID'],
  ])('%s %s is refused', async (flag, value, code) => {
    const run = await runOnFiles('trace', await storyFolder(STORY), [flag, value]);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(code);
  });

  test('records that do not tell where they were made are kept', async () => {
    const cwd = await storyFolder({ markers: [], records: [] });
    await mkdir(join(cwd, 'odd'));
    const odd = STORY.records
      .filter(({ eventID }) => [home, abroad].includes(eventID))
      .map(record => ({ ...record, awsRegion: record.eventID === home ? undefined : record.awsRegion }));
    await writeFile(join(cwd, 'odd/x.json'), JSON.stringify({ Records: odd }));
    const run = await runCli(['trace', '--json', '--changes', 'odd', '--region', 'eu-west-1'], { cwd });
    expect(fixesIn(run)).toEqual([home]);
  });
});

describe.concurrent('the Region of a laptop is no question', () => {
  test('investigate tells what files hold, wherever it was', async () => {
    const cwd = await storyFolder(STORY);
    const args = ['investigate', 'billing', '--json', '--since', '7d', ...FROM_FILES];
    const run = await runCli(args, { cwd, env: { AWS_REGION: 'us-east-1' } });
    expect(fixesIn(run)).toEqual([home, abroad, neighbour]);
    const asked = await runCli([...args, '--region', 'us-east-1'], { cwd, env: { AWS_REGION: 'eu-west-1' } });
    expect(fixesIn(asked)).toEqual([abroad]);
  });
});

describe.concurrent('stores hold other accounts, too', () => {
  test.each([
    ['logs:trail', ['--account', ABROAD.account], [abroad, neighbour]],
    ['logs:trail', ['--account', 'self'], [home]],
    ['athena:deploys.cloudtrail_logs_pp', ['--account', 'self'], [home]],
    [
      'athena:deploys.cloudtrail_logs_pp',
      ['--account', 'self', '--account', ABROAD.account],
      [home, abroad, neighbour],
    ],
    ['athena:deploys.cloudtrail_logs_pp', ['--region', HOME.region], [home, neighbour]],
    // Of these the Region is where they are.
    ['logs:trail', ['--region', HOME.region], [home, abroad, neighbour]],
  ])('%s %j', (source, args, fixes) =>
    withAwsServer(async server => {
      const events = STORY.records.map((record, rank) => {
        const timestamp = Date.parse(record.eventTime) + 300_000;
        return { eventId: `${rank}`, timestamp, ingestionTime: timestamp, message: JSON.stringify(record) };
      });
      server.state.logGroups.set('trail', {
        streams: new Map([['111122223333_CloudTrail_eu-west-1', events]]),
      });
      server.state.athena.answerQuery = answerWith(STORY.records, STORY.markers);
      const run = await runCli(['trace', '--json', '--changes', source, ...args], { env: server.env() });
      expect(run.code, run.stderr).toBe(0);
      expect(fixesIn(run)).toEqual(fixes);
    }),
  );
});

import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import { withAwsServer } from '../../cli/emit/scene.ts';
import { fillConfig, investigate, type RecordedScene, recordedScene } from '../../cli/investigate/scene.ts';
import type { RunResult } from '../../cli/run-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { createConfigState } from '../../fakes/config/config-state.ts';
import { RECORDED_STORIES } from '../../trail-world/recorded/stories.ts';

const [STORY] = RECORDED_STORIES;
if (STORY === undefined) throw new Error('there is no story');
const PLACE = '111122223333/eu-west-1';

/** Runs it with Config as `prepare` leaves it. */
async function ask(
  prepare: (server: AwsServer, scene: RecordedScene) => void,
  args: readonly string[] = [],
  minutesAgo?: number,
): Promise<{ run: RunResult; report: Investigation }> {
  let told: { run: RunResult; report: Investigation } | undefined;
  await withAwsServer(async server => {
    if (STORY === undefined) return;
    const scene = await recordedScene(STORY, minutesAgo);
    fillConfig(server, scene.truth.items);
    prepare(server, scene);
    const run = await investigate(server, scene, ['--json', ...args]);
    told = { run, report: JSON.parse(run.stdout) };
  });
  if (told === undefined) throw new Error('nothing was told');
  return told;
}

const recordedOf = ({ report }: { report: Investigation }) => report.changes[0]?.recorded;

describe.concurrent('what AWS Config does not have', () => {
  test('no recorder', async () => {
    const told = await ask(({ state }) => void state.configs.delete(PLACE));
    const note = 'there is no recorder of AWS Config in this account and Region';
    expect(recordedOf(told)).toMatchObject({ state: 'not-recorded', note, differences: [] });
    expect(told.report.gaps).toContainEqual(expect.objectContaining({ message: note, incomplete: false }));
    expect(told.report).toMatchObject({ complete: true });
    expect(told.run).toMatchObject({ code: 0, stderr: '' });
    // What was asked for is told all the same.
    expect(told.report.summary[1]?.text).toContain('timeout = 300');
  });

  test('a recorder that leaves the type out, and one that is stopped', async () => {
    const group = { allSupported: false, resourceTypes: ['AWS::S3::Bucket'] };
    const out = await ask(({ state }) =>
      state.configs.set(PLACE, { recorders: [{ name: 'a', recordingGroup: group }], items: [] }),
    );
    const leaves = 'the recorder of AWS Config leaves this type of resource out';
    expect(recordedOf(out)).toMatchObject({ state: 'not-recorded', note: leaves });
    const stopped = await ask(({ state }, { truth }) =>
      state.configs.set(PLACE, {
        recorders: [{ name: 'a', recording: false }],
        items: truth.items.slice(0, 1),
      }),
    );
    expect(recordedOf(stopped)).toMatchObject({
      state: 'not-recorded',
      note: 'the recorder of AWS Config is stopped',
    });
    expect([out, stopped].map(({ run }) => run.code)).toEqual([0, 0]);
  });

  test('a resource that it never saw', async () => {
    const told = await ask(({ state }) => state.configs.set(PLACE, createConfigState()));
    expect(recordedOf(told)).toMatchObject({
      state: 'not-recorded',
      note: 'AWS Config does not know this resource in this account and Region',
    });
    expect(told.run.code).toBe(0);
  });

  test('no item yet: ask again', async () => {
    const told = await ask((server, { truth }) => fillConfig(server, truth.items.slice(0, 1)), [], 8);
    expect(recordedOf(told)).toMatchObject({ state: 'waiting', recording: 'continuous' });
    expect(told.report.complete).toBe(false);
    expect(told.run.code).toBe(8);
    expect(JSON.parse(told.run.stderr).error).toMatchObject({
      code: 'ANSWER_INCOMPLETE',
      hint: 'run the same command again in some minutes',
    });
  });

  test('a daily recorder has no item for a day', async () => {
    const told = await ask(({ state }, { truth }) =>
      state.configs.set(PLACE, {
        recorders: [{ name: 'a', recordingMode: { recordingFrequency: 'DAILY' } }],
        items: truth.items.slice(0, 1).map(item => ({ ...item, recordingFrequency: 'DAILY' })),
      }),
    );
    expect(recordedOf(told)).toMatchObject({ state: 'waiting', recording: 'daily' });
    expect(recordedOf(told)?.note).toMatch(/once a day; ask again after \d{4}-/);
    expect(told.run.code).toBe(8);
  });

  test('nothing before the change, for a year', async () => {
    const told = await ask(
      (server, { truth }) => fillConfig(server, truth.items.slice(1)),
      ['--timeout', '5m'],
    );
    expect(recordedOf(told)).toMatchObject({ state: 'no-before', differences: [] });
    expect(told.run.code).toBe(0);
  }, 60_000);

  test('a call that is denied: the rest is answered', async () => {
    const told = await ask(server => server.faults.add('GetResourceConfigHistory', { kind: 'denied' }, 9));
    expect(recordedOf(told)).toMatchObject({ state: 'not-read', note: 'AWS Config could not be asked' });
    expect(told.report.summary.map(({ topic }) => topic)).toEqual([
      'who',
      'what',
      'when',
      'deploy',
      'drift',
      'next',
    ]);
    expect(told.report.gaps).toContainEqual(
      expect.objectContaining({
        kind: 'failed',
        subject: 'AWS Config of 111122223333 in eu-west-1',
        message: expect.stringContaining('allow config:GetResourceConfigHistory'),
        incomplete: true,
      }),
    );
    expect(told.run.code).toBe(3);
  });

  test('CloudFormation that is denied: the differences are told', async () => {
    const told = await ask(server => server.faults.add('DescribeStackResources', { kind: 'denied' }, 9));
    expect(recordedOf(told)).toMatchObject({ state: 'changed' });
    expect(told.report.gaps).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('allow cloudformation:DescribeStackResources'),
      }),
    );
    expect(told.run.code).toBe(3);
  });

  test('credentials of another account: nothing is asked with them', async () => {
    await withAwsServer(async server => {
      if (STORY === undefined) return;
      const scene = await recordedScene(STORY);
      const key = { ...server.state.defaultKey, arn: 'arn:aws:iam::999999999999:user/eve' };
      server.state.keys.set(key.id, key);
      fillConfig(server, scene.truth.items, { account: '999999999999', region: 'eu-west-1' });
      const run = await investigate(server, scene, ['--json']);
      const report: Investigation = JSON.parse(run.stdout);
      expect(report.changes[0]?.recorded.state).toBe('not-read');
      expect(JSON.stringify(report.gaps)).toContain('are those of 999999999999');
      expect(run.stderr).toContain('pass --account 111122223333=ROLE_ARN');
      expect(server.requests.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
      expect(report.complete).toBe(false);
      expect(run.code).toBe(8);
    });
  });

  test('no credentials at all', async () => {
    await withAwsServer(async server => {
      if (STORY === undefined) return;
      const scene = await recordedScene(STORY);
      const env = {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SESSION_TOKEN: undefined,
      };
      const run = await investigate(server, scene, ['--json'], { env });
      expect(run.code).toBe(3);
      expect(JSON.parse(run.stdout).changes).toHaveLength(1);
      expect(JSON.parse(run.stderr).error.code).toBe('CREDENTIALS_MISSING');
    });
  });

  test('nothing answers: the deadline, with what is known', async () => {
    const told = await ask(
      server => server.faults.add('GetResourceConfigHistory', { kind: 'hang' }, 99),
      ['--timeout', '2s'],
    );
    expect(recordedOf(told)).toMatchObject({ state: 'not-read' });
    expect(told.run.code).toBe(8);
    expect(JSON.parse(told.run.stderr).error.message).toContain(
      'the deadline of 2 s passed before AWS Config',
    );
  });

  test('SIGTERM ends it', async () => {
    await withAwsServer(async server => {
      if (STORY === undefined) return;
      const scene = await recordedScene(STORY);
      fillConfig(server, scene.truth.items);
      server.faults.add('GetResourceConfigHistory', { kind: 'hang' }, 99);
      const when = expect.poll(
        () => server.requests.some(each => each.operation === 'GetResourceConfigHistory'),
        {
          timeout: 20_000,
        },
      );
      const run = await investigate(server, scene, [], {
        signalAfter: { signal: 'SIGTERM', when: when.toBe(true) },
      });
      expect(run).toMatchObject({ code: 6, stdout: '' });
    });
  });

  test('throttling is waited for', async () => {
    const told = await ask(server => server.faults.add('GetResourceConfigHistory', { kind: 'throttle' }, 1));
    expect(recordedOf(told)).toMatchObject({ state: 'changed' });
    expect(told.run.code).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { answerWith } from '../../fakes/athena/athena-rows.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import { reportOf, type Story, standingsOf, storyFolder, tellStory, truthOf } from './trail-scene.ts';

// Where accounts without CloudTrail Lake have the records of their trail.

const STORY = tellStory();
const TRUTH = truthOf(STORY);
const TABLES = ['--markers', 'athena:deploys.markers', '--changes', 'athena:deploys.cloudtrail_logs_pp'];

/** Puts the records into the log group that a trail delivers to, a few minutes after their calls. */
function fillTrailGroup({ state }: AwsServer, { records }: Story): void {
  const events = records.map((record, rank) => {
    const timestamp = Date.parse(record.eventTime) + 300_000;
    return { eventId: `${rank}`, timestamp, ingestionTime: timestamp, message: JSON.stringify(record) };
  });
  state.logGroups.set('trail', { streams: new Map([['111122223333_CloudTrail_eu-west-1', events]]) });
}

async function run(
  command: 'trace' | 'audit',
  server: AwsServer,
  args: readonly string[],
  options: Parameters<typeof runCli>[1] = {},
): Promise<RunResult> {
  fillTrailGroup(server, STORY);
  server.state.athena.answerQuery = answerWith(STORY.records, STORY.markers);
  const cwd = await storyFolder(STORY);
  return runCli([command, '--json', ...args], { cwd, env: server.env(), ...options });
}

describe.concurrent('records of a trail', () => {
  test('in its log group', () =>
    withAwsServer(async server => {
      const found = await run('trace', server, ['--markers', 'markers.jsonl', '--changes', 'logs:trail']);
      expect(found).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(found);
      expect(standingsOf(report)).toEqual(TRUTH);
      expect(report.complete).toBe(true);
      expect(report.gaps).toContainEqual({
        kind: 'not-seen',
        subject: 'logs:trail',
        message: expect.stringContaining('256 kB'),
        incomplete: false,
      });
      expect(new Set(server.requests.map(({ operation }) => operation))).toEqual(
        new Set(['FilterLogEvents']),
      );
    }));

  test('in tables of Athena, with what it cost on stderr', () =>
    withAwsServer(async server => {
      const places = ['--workgroup', 'audit', '--output-location', 's3://mine/'];
      server.state.athena.workGroups.set('audit', {});
      const found = await run('trace', server, [...TABLES, ...places]);
      expect(found.code).toBe(0);
      expect(standingsOf(reportOf(found))).toEqual(TRUTH);
      expect(found.stderr).toMatch(/athena:deploys\.markers: query \S+ SUCCEEDED, 4\.1 MB scanned/);
      const queries = [...server.state.athena.queries.values()];
      expect(queries.map(({ workGroup, outputLocation }) => [workGroup, outputLocation])).toEqual([
        ['audit', 's3://mine/'],
        ['audit', 's3://mine/'],
      ]);
    }));

  test.each([
    [[], 6],
    [['--late', '0'], 0],
    [['--late', '30h'], 30],
  ])('are read past the end for those that come late: %j', (late, hours) =>
    withAwsServer(async server => {
      const range = ['--since', '2025-12-14T08:00:00Z', '--until', '2025-12-14T20:00:00Z', '--allow-quiet'];
      const sources = [...TABLES, '--changes', 'logs:trail'];
      expect((await run('trace', server, [...sources, ...range, ...late])).code).toBe(0);
      const end = Date.parse('2025-12-14T20:00:00Z') + hours * 3_600_000;
      const filter = server.requests.find(({ operation }) => operation === 'FilterLogEvents');
      // Explanations and the end of a deploy's window may be after the end of the question.
      const beyond = (JSON.parse(JSON.stringify(filter?.parsedBody)).endTime - end) / 3_600_000;
      expect(beyond).toBeGreaterThanOrEqual(0);
      expect(beyond).toBeLessThan(1);
      const lastDay = new Date(end).toISOString().slice(0, 10).replaceAll('-', '/');
      const statements = [...server.state.athena.queries.values()].map(({ statement }) => statement);
      expect(statements.find(text => text.includes('cloudtrail_logs_pp'))).toContain(`AND '${lastDay}'`);
    }),
  );

  test('a time that is none is refused, whatever is read', () =>
    withAwsServer(async server => {
      const found = await run('trace', server, ['--changes', 'logs', '--late', 'never']);
      expect([found.code, found.stdout]).toEqual([2, '']);
      expect(found.stderr).toContain('--late must be a time');
    }));

  test('a log group that is not there ends the audit with 5', () =>
    withAwsServer(async server => {
      const found = await run('audit', server, ['--markers', 'markers.jsonl', '--changes', 'logs:none']);
      expect(found.code).toBe(5);
      expect(found.stderr).toContain('logs:none');
    }));

  test('an event that is no record ends the audit with 7, and the rest is judged', () =>
    withAwsServer(async server => {
      server.faults.add('FilterLogEvents', {
        kind: 'answer',
        body: JSON.stringify({
          events: [{ message: '{', eventId: 'x' }, { message: JSON.stringify(STORY.records.at(-1)) }],
        }),
      });
      const found = await run('audit', server, ['--markers', 'markers.jsonl', '--changes', 'logs:trail']);
      expect(found.code).toBe(7);
      expect(found.stderr).toContain('logs:trail, event x is no CloudTrail record');
      expect(reportOf(found)).toMatchObject({ complete: false, totals: { changes: 1 } });
    }));

  test.each([
    ['athena:deploys', 2, 'must be DATABASE.TABLE'],
    ['athena:de"ploys.t', 2, 'must be DATABASE.TABLE'],
    ['athena:deploys.none', 5, 'TABLE_NOT_FOUND'],
    ['athena:deploys.markers', 7, 'TABLE_UNSUITABLE'],
  ])('%s is refused with %i', (source, code, message) =>
    withAwsServer(async server => {
      const found = await run('audit', server, ['--markers', 'markers.jsonl', '--changes', source]);
      expect(found.code).toBe(code);
      expect(found.stderr).toContain(message);
    }),
  );

  test('SIGINT stops the query', () =>
    withAwsServer(async server => {
      server.state.athena.firstStates = Array.from({ length: 999 }, () => 'RUNNING' as const);
      const isRunning = async (): Promise<void> => {
        while (!server.requests.some(({ operation }) => operation === 'GetQueryExecution'))
          await new Promise(resolve => setTimeout(resolve, 20));
      };
      const found = await run('trace', server, TABLES, {
        env: server.env(),
        signalAfter: { signal: 'SIGINT', when: isRunning() },
      });
      expect(found.code).toBe(6);
      const queries = [...server.state.athena.queries.values()];
      expect(queries.length).toBeGreaterThan(0);
      expect(queries.every(({ stopped }) => stopped)).toBe(true);
    }));
});

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runAthenaQuery } from '../../src/aws/athena/athena-query.ts';
import { awsRecordsLayout, markersLayout } from '../../src/core/sql/athena-layouts.ts';
import { athenaMarkersSql } from '../../src/core/sql/athena-markers.ts';
import { athenaRecordsSql } from '../../src/core/sql/athena-records.ts';
import { runCli } from '../cli/run-cli.ts';
import { reportOf, type Story, standingsOf, storyFolder, tellStory } from '../cli/trail/trail-scene.ts';
import { answerWith } from '../fakes/athena/athena-rows.ts';
import { findMoto, type MotoServer, startMoto } from './moto-server.ts';

const { command, missing } = findMoto(process.env);

test('moto is there in CI: DEPLOY_MARKER_MOTO_SERVER, or moto_server on PATH', () => {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true moto is required: ${missing}`);
  console.log(`SKIPPED: CloudWatch Logs, Athena and S3 as others imitate them: ${missing}`);
});

describe.runIf(missing === undefined)('against moto', () => {
  let moto: MotoServer;
  let story: Story & { readonly fix: string };
  beforeAll(async () => {
    moto = await startMoto(command);
  }, 120_000);
  afterAll(async () => moto?.close());
  beforeEach(() => {
    for (const [name, value] of Object.entries(moto.env())) vi.stubEnv(name, value);
    story = tellStory();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const truth = (): Record<string, string> =>
    Object.fromEntries(
      story.records
        .filter(({ eventSource }) => eventSource === 'lambda.amazonaws.com')
        .map(({ eventID }) => [eventID, eventID === story.fix ? 'unexplained' : 'explained']),
    );

  /** Puts records as a trail delivers them, in the order of time. */
  async function deliver(logGroupName: string): Promise<void> {
    const client = new CloudWatchLogsClient({ region: 'eu-west-1' });
    const stream = { logGroupName, logStreamName: '111122223333_CloudTrail_eu-west-1' };
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand(stream));
    const logEvents = story.records
      .map(record => ({ timestamp: Date.parse(record.eventTime) + 60_000, message: JSON.stringify(record) }))
      .toSorted((a, b) => a.timestamp - b.timestamp);
    await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    client.destroy();
  }

  test('markers go into a log group and come back, and changes come from another', async () => {
    const client = new CloudWatchLogsClient({ region: 'eu-west-1' });
    await client.send(new CreateLogGroupCommand({ logGroupName: '/deploys' }));
    client.destroy();
    await deliver('trail');
    const cwd = await storyFolder(story);
    const env = moto.env();
    const stored = await runCli(['emit', '--from', 'markers.jsonl', '--log-group', '/deploys'], { cwd, env });
    expect(stored).toMatchObject({ code: 0 });
    const sources = ['--markers', 'logs:/deploys', '--changes', 'logs:trail'];
    const found = await runCli(['trace', '--json', ...sources], { cwd, env });
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(standingsOf(reportOf(found))).toEqual(truth());
  });

  test('a log group that is not there is told', async () => {
    const found = await runCli(['trace', '--changes', 'logs:none'], { env: moto.env() });
    expect(found.code).toBe(5);
    expect(found.stderr).toContain('LOG_GROUP_NOT_FOUND');
  });

  interface Result {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly (string | null)[])[];
  }

  /** What the next queries are answered with; moto runs none. */
  async function queue(...results: readonly Result[]): Promise<void> {
    const toData = (cells: readonly (string | null)[]) => ({
      Data: cells.map(cell => (cell === null ? {} : { VarCharValue: cell })),
    });
    const body = {
      account_id: '123456789012',
      region: 'eu-west-1',
      results: results.map(({ columns, rows }) => ({
        rows: [columns, ...rows].map(toData),
        column_info: columns.map(Name => ({ Name, Type: 'varchar' })),
      })),
    };
    const { status } = await fetch(`${moto.url}/moto-api/static/athena/query-results`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(status).toBe(201);
  }

  test('a query of Athena is run and read', async () => {
    await queue({ columns: ['a', 'b'], rows: [['1', null]] });
    const rows: unknown[] = [];
    const query = {
      statement: 'SELECT 1',
      region: 'eu-west-1',
      env: moto.env(),
      outputLocation: 's3://results/',
    };
    for await (const row of runAthenaQuery(query)) rows.push(row);
    expect(rows).toEqual([{ a: '1' }]);
  });

  test('records come out of a table of which the catalogue does not tell', async () => {
    const answer = answerWith(story.records, story.markers);
    const name = { database: 'deploys', table: 'cloudtrail_logs_pp' };
    const range = { from: Date.now() - 86_400_000, until: Date.now() };
    const { statement } = athenaRecordsSql(awsRecordsLayout(name, 'timestamp'), {
      ...range,
      services: ['lambda'],
      regions: [],
      accounts: [],
      late: 0,
    });
    const markers = athenaMarkersSql(markersLayout({ database: 'deploys', table: 'markers' }), range);
    const cwd = await storyFolder(story);
    for (const [flags, text] of [
      [['--markers', 'markers.jsonl', '--changes', 'athena:deploys.cloudtrail_logs_pp'], statement],
      [['--markers', 'athena:deploys.markers', '--changes', 'logs'], markers.statement],
    ] as const) {
      const result = answer(text);
      if (!('rows' in result)) throw new Error('no rows');
      await queue(result);
      const found = await runCli(['trace', '--json', ...flags, '--output-location', 's3://results/'], {
        cwd,
        env: moto.env(),
      });
      expect(found.code).toBe(0);
      expect(found.stderr).toContain('is taken for a table as it is documented');
      expect(standingsOf(reportOf(found))).toEqual(truth());
    }
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runAthenaQuery } from '../../src/aws/athena/athena-query.ts';
import { readTableLayout } from '../../src/aws/athena/table-layout.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { type AwsCliResult, findAwsCli, runAwsCli } from './aws-cli.ts';

const cli = findAwsCli(process.env);
const STATEMENT = `SELECT "uid" FROM "deploys"."markers" WHERE "day" BETWEEN '2026/11/27' AND '2026/11/28'`;

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: athena and logs filter-log-events of a trail: ${cli}`);
});

describe.runIf(typeof cli !== 'string')('the AWS CLI and we ask Athena alike', () => {
  let server: AwsServer;
  beforeEach(async () => {
    server = await startAwsServer();
    for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
    expect(server.violations).toEqual([]);
  });

  function aws(...args: string[]): Promise<AwsCliResult> {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, args);
  }

  async function read(...args: string[]) {
    const result = await aws('athena', ...args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return result.stdout === '' ? undefined : JSON.parse(result.stdout);
  }

  /** What was asked, without what differs from run to run. */
  function asked(from = 0) {
    return server.requests.slice(from).map(({ operation, parsedBody, scope, headers }) => {
      const body = JSON.stringify(parsedBody)
        .replace(/"ClientRequestToken":"[^"]+"/, '"ClientRequestToken":"…"')
        .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '…');
      return { operation, body: JSON.parse(body), service: scope?.service, target: headers['x-amz-target'] };
    });
  }

  test('from the start of a query to its rows', { timeout: 60_000 }, async () => {
    const { athena } = server.state;
    athena.firstStates = [];
    athena.answerQuery = () => ({ columns: ['uid'], rows: [['größe'], [null]] });
    const place = ['--work-group', 'primary', '--result-configuration', 'OutputLocation=s3://mine/here/'];
    const started = await read('start-query-execution', '--query-string', STATEMENT, ...place);
    const id = ['--query-execution-id', started.QueryExecutionId];
    expect(await read('get-query-execution', ...id)).toMatchObject({
      QueryExecution: {
        Status: { State: 'SUCCEEDED' },
        Statistics: { DataScannedInBytes: 4_096_000 },
        ResultConfiguration: { OutputLocation: expect.stringMatching(/^s3:\/\/mine\/here\/.*\.csv$/) },
      },
    });
    // Which the AWS CLI does with pages of 1,000 by itself.
    const { ResultSet } = await read('get-query-results', ...id, '--page-size', '1000');
    expect(ResultSet.Rows).toEqual([
      { Data: [{ VarCharValue: 'uid' }] },
      { Data: [{ VarCharValue: 'größe' }] },
      { Data: [{}] },
    ]);
    const theirs = asked();
    const rows: unknown[] = [];
    for await (const row of runAthenaQuery({
      statement: STATEMENT,
      region: 'eu-west-1',
      env: server.env(),
      workGroup: 'primary',
      outputLocation: 's3://mine/here/',
    }))
      rows.push(row);
    expect(rows).toEqual([{ uid: 'größe' }, {}]);
    expect(asked(theirs.length)).toEqual(theirs);
  });

  test('for what the catalogue tells of a table', async () => {
    const name = ['--database-name', 'deploys', '--table-name', 'markers'];
    const { TableMetadata } = await read('get-table-metadata', '--catalog-name', 'AwsDataCatalog', ...name);
    expect(TableMetadata.PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
    const theirs = asked();
    const layout = await readTableLayout(
      { region: 'eu-west-1', env: server.env() },
      { database: 'deploys', table: 'markers' },
      undefined,
    );
    expect([...layout.partitions]).toEqual([['day', 'string']]);
    expect(asked(theirs.length)).toEqual(theirs);
  });

  test('a query that runs is stopped, and has no rows', async () => {
    const { QueryExecutionId } = await read('start-query-execution', '--query-string', STATEMENT);
    const id = ['--query-execution-id', QueryExecutionId];
    await read('stop-query-execution', ...id);
    expect(await read('get-query-execution', ...id)).toMatchObject({
      QueryExecution: { Status: { State: 'CANCELLED' } },
    });
    expect((await aws('athena', 'get-query-results', ...id)).stderr).toContain('(InvalidRequestException)');
  });

  test.each([
    [
      ['get-table-metadata', '--catalog-name', 'AwsDataCatalog', '--database-name', 'x', '--table-name', 'y'],
      '(MetadataException)',
    ],
    [
      ['start-query-execution', '--query-string', STATEMENT, '--work-group', 'none'],
      'WorkGroup none is not found',
    ],
    [['get-query-execution', '--query-execution-id', 'x'], 'was not found'],
  ])('%j: %s', async (args, expected) => {
    const result = await aws('athena', ...args);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(expected);
  });

  test('a pattern of several services', async () => {
    const pattern =
      '{ (($.eventSource = "sts.*") && ($.eventName = "AssumeRole*")) || ($.eventSource NOT EXISTS) || ($.eventSource = "lambda.*") }';
    const messages = ['lambda.amazonaws.com', 's3.amazonaws.com'].map(eventSource =>
      JSON.stringify({ eventSource }),
    );
    const events = messages.map(message => ({ eventId: '1', timestamp: 1, ingestionTime: 1, message }));
    server.state.logGroups.set('trail', { streams: new Map([['s', events]]) });
    const result = await aws(
      'logs',
      'filter-log-events',
      '--log-group-name',
      'trail',
      '--filter-pattern',
      pattern,
    );
    expect(JSON.parse(result.stdout).events).toMatchObject([{ message: messages[0] }]);
  });
});

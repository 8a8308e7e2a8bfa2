import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { runCli } from './run-cli.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});

const TABLES = ['--marker-table', 'deploys.markers', '--change-table', 'deploys.cloudtrail_logs_pp'];

function query(args: readonly string[], options: Parameters<typeof runCli>[1] = {}) {
  return runCli(['query', '--engine', 'athena', ...TABLES, ...args], { env: server.env(), ...options });
}

const ROW = {
  deploy_id: 'd1',
  component: 'lambda:a',
  git_sha: 'a1b2c3d4',
  status: 'success',
  event_id: null,
};

describe('query --engine athena', () => {
  test('prints the statement for tables as they are documented, without network and credentials', async () => {
    const range = ['--since', '2026-11-27T12:00:00Z', '--until', '2026-11-28T12:00:00Z'];
    const { code, stdout, stderr } = await query(range, { env: {} });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^-- Rule session: .*\nWITH markers AS \(SELECT/);
    expect(stdout).toContain(
      `FROM "deploys"."cloudtrail_logs_pp" WHERE "timestamp" BETWEEN '2026/11/27' AND '2026/11/28'`,
    );
    expect(stdout).toContain(`FROM "deploys"."markers" WHERE "day" BETWEEN`);
    const other = await query(['--day-column', 'dt'], { env: {} });
    expect(other.stdout).toContain('WHERE "dt" BETWEEN');
  });

  test.each([
    [[], '2026/11/29'],
    [['--late', '0'], '2026/11/28'],
    [['--late', '30h'], '2026/11/30'],
  ])('reads days past the end for records that come late: %j', async (late, last) => {
    const range = ['--since', '2026-11-28T00:00:00Z', '--until', '2026-11-28T20:00:00Z'];
    const { stdout } = await query([...range, ...late], { env: {} });
    expect(stdout).toContain(`"timestamp" BETWEEN '2026/11/28' AND '${last}'`);
  });

  test('quotes what a filter holds', async () => {
    const { stdout } = await query(['--component', "s3:it's"], { env: {} });
    expect(stdout).toContain("'s3:it''s'");
  });

  test('runs it over the tables as they are: rows on stdout, states and bytes on stderr', async () => {
    const { athena } = server.state;
    const table = athena.tables.get('deploys.cloudtrail_logs_pp');
    if (table === undefined) throw new Error('no table');
    athena.tables.set('deploys.cloudtrail_logs_pp', {
      ...table,
      partitions: new Map([['day', 'date']]),
    });
    athena.answerQuery = () => ({ columns: Object.keys(ROW), rows: [Object.values(ROW)] });
    const { code, stdout, stderr } = await query(['--run']);
    expect(code).toBe(0);
    expect(stdout).toContain('success   a1b2c3d  lambda:a\n  no change\n');
    expect(stderr).toMatch(
      /^query \S{36}: QUEUED, 0\.0 MB scanned\nquery \S+ RUNNING, .*\nquery \S+ SUCCEEDED, 4\.1 MB scanned\n$/,
    );
    const [run] = athena.queries.values();
    expect(run?.statement).toMatch(/"day" BETWEEN date '\d{4}-\d\d-\d\d'/);
  });

  test('gives rows and what it cost as JSON', async () => {
    server.state.athena.answerQuery = () => ({ columns: Object.keys(ROW), rows: [Object.values(ROW)] });
    const { stdout } = await query(['--run', '--json', '--quiet']);
    const { event_id: _, ...row } = ROW;
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      rows: [row],
      statistics: { query_id: expect.any(String), bytes_scanned: 4_096_000, execution_time_ms: 1500 },
    });
  });

  test('warns of a table that does not tell all', async () => {
    const { athena } = server.state;
    const table = athena.tables.get('deploys.cloudtrail_logs_pp');
    if (table === undefined) throw new Error('no table');
    const columns = new Map([...table.columns].filter(([name]) => name !== 'sessioncredentialfromconsole'));
    athena.tables.set('deploys.cloudtrail_logs_pp', { ...table, columns });
    expect((await query(['--run'])).stderr).toContain('has no sessioncredentialfromconsole');
  });

  test.each([
    [['--marker-table', 'x'], 2, 'USAGE'],
    [['--change-table', 'a.b;DROP'], 2, 'USAGE'],
    [['--day-column', 'hour'], 2, 'USAGE'],
    [['--late', 'never'], 2, 'USAGE'],
    [['--run', '--change-table', 'deploys.none'], 5, 'TABLE_NOT_FOUND'],
    [['--run', '--change-table', 'deploys.markers'], 7, 'TABLE_UNSUITABLE'],
    [['--run', '--workgroup', 'none'], 4, 'QUERY_FAILED'],
  ])('refuses %j', async (args, exit, code) => {
    const run = await query(args);
    expect([run.code, run.stdout]).toEqual([exit, '']);
    expect(run.stderr).toContain(code);
  });

  test('needs both tables', async () => {
    const { code, stderr } = await runCli(['query', '--engine', 'athena']);
    expect(code).toBe(2);
    expect(stderr).toContain('--marker-table is needed');
  });

  test('SIGINT stops the query', async () => {
    server.state.athena.firstStates = Array.from({ length: 999 }, () => 'RUNNING' as const);
    const isRunning = async (): Promise<void> => {
      while (!server.requests.some(({ operation }) => operation === 'GetQueryExecution'))
        await new Promise(resolve => setTimeout(resolve, 20));
    };
    const run = await query(['--run'], { signalAfter: { signal: 'SIGINT', when: isRunning() } });
    expect(run.code).toBe(6);
    expect([...server.state.athena.queries.values()].map(({ stopped }) => stopped)).toEqual([true]);
  });
});

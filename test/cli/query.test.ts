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

function query(args: readonly string[], options: Parameters<typeof runCli>[1] = {}) {
  const { markerStoreId, changeStoreId } = server.state.lake;
  const stores = ['--marker-store', markerStoreId, '--change-store', changeStoreId];
  return runCli(['query', ...stores, ...args], { env: server.env(), ...options });
}

const ROW = {
  deploy_id: 'd1',
  component: 'lambda:a',
  git_sha: 'a1b2c3d4',
  status: 'success',
  deployed_at: '2025-12-14 08:12:34.000',
  rule: null,
  event_id: null,
};

describe('query', () => {
  test('prints the statement, without network and credentials', async () => {
    const { code, stdout, stderr } = await query(['--since', '24h'], { env: {} });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^-- Rule session: .*\nSELECT deploy AS deploy_id/);
    expect(stdout.trimEnd().length).toBeLessThan(10_000);
    expect(server.requests).toEqual([]);
  });

  test('prints it as JSON', async () => {
    const { stdout } = await query([
      '--json',
      '--component',
      'stack:billing',
      '--git-sha',
      'A1B2C3D',
      '--session-name',
      'ci-prod-a',
    ]);
    const { version, statement } = JSON.parse(stdout);
    expect(version).toBe(1);
    for (const text of ["'stack:billing'", "'a1b2c3d'", "'ci-prod-a'"]) expect(statement).toContain(text);
  });

  test('takes windows that end where deploys do, and how long a deploy takes', async () => {
    const { code, stdout, stderr } = await query([
      '--before',
      '0',
      '--after',
      '0',
      '--unfinished-after',
      '2h',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain("date_add('second', 0, ended)");
    expect(stdout).toContain("date_add('second', 7200, started)");
  });

  test('runs it: rows on stdout, states on stderr', async () => {
    server.state.lake.answerQuery = () => ({ rows: [ROW] });
    const { code, stdout, stderr } = await query(['--run']);
    expect([code, stdout]).toEqual([0, '2025-12-14 08:12:34  success   a1b2c3d  lambda:a\n  no change\n']);
    expect(stderr).toMatch(
      /^query \S{36}: QUEUED, 0\.0 MB scanned\nquery \S+ RUNNING, .*\nquery \S+ FINISHED, .*\n$/,
    );
    const [{ statement } = { statement: '' }] = server.state.lake.queries.values();
    expect(statement).toContain(`FROM ${server.state.lake.markerStoreId} WHERE`);
  });

  test('gives rows and what it cost as JSON', async () => {
    server.state.lake.answerQuery = () => ({ rows: [ROW] });
    const { stdout } = await query(['--run', '--json', '--quiet']);
    const { rule: _, event_id: __, ...row } = ROW;
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      rows: [row],
      statistics: { bytes_scanned: 4096, events_scanned: 1001, events_matched: 1, execution_time_ms: 1500 },
    });
  });

  test.each([
    [['--marker-store', 'x; DROP'], 7, 'ARN_INVALID'],
    [['--since', 'last week'], 2, 'USAGE'],
    [['--component', 'nothing'], 2, 'USAGE'],
    [['--git-sha', 'xyz'], 2, 'USAGE'],
    [['--session-name', 'a b'], 7, 'SESSION_NAME_INVALID'],
    [['--before', 'long'], 2, 'USAGE'],
    [['--unfinished-after', '0'], 2, 'USAGE'],
    [['--run', '--change-store', 'ffffffff-0000-4000-8000-000000000000'], 5, 'STORE_NOT_FOUND'],
  ])('refuses %j', async (args, exit, code) => {
    const run = await query(args);
    expect([run.code, run.stdout]).toEqual([exit, '']);
    expect(run.stderr).toContain(code);
  });

  test('needs both stores and, to run, a Region', async () => {
    expect((await runCli(['query'])).stderr).toContain('--marker-store is needed');
    const env = { ...server.env(), AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
    expect(await query(['--run'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Region'),
    });
  });

  test('a query that fails is told with its code', async () => {
    server.state.lake.answerQuery = () => ({ status: 'TIMED_OUT' });
    expect(await query(['--run', '--quiet'])).toMatchObject({
      code: 8,
      stdout: '',
      stderr: expect.stringContaining('QUERY_TIMED_OUT'),
    });
  });

  test('SIGINT cancels the query', async () => {
    server.state.lake.firstStates = Array.from({ length: 999 }, () => 'RUNNING' as const);
    const isRunning = async (): Promise<void> => {
      while (!server.requests.some(({ operation }) => operation === 'DescribeQuery'))
        await new Promise(resolve => setTimeout(resolve, 20));
    };
    const run = await query(['--run'], {
      env: server.env(),
      signalAfter: { signal: 'SIGINT', when: isRunning() },
    });
    expect(run.code).toBe(6);
    expect([...server.state.lake.queries.values()].map(({ cancelled }) => cancelled)).toEqual([true]);
  });
});

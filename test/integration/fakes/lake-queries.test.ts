import {
  CancelQueryCommand,
  CloudTrailClient,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { sendCloudTrail } from '../../fakes/cloudtrail/cloudtrail-client.ts';
import type { LakeAnswer } from '../../fakes/cloudtrail/lake-state.ts';

let server: AwsServer;
let client: CloudTrailClient;
let statement: string;
beforeEach(async () => {
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  client = new CloudTrailClient({ maxAttempts: 1 });
  statement = `SELECT eventJson FROM ${server.state.lake.changeStoreId} WHERE eventTime > timestamp '2026-11-22 00:00:00'`;
});
afterEach(async () => {
  client.destroy();
  vi.unstubAllEnvs();
  await server.close();
});

async function start(QueryStatement = statement): Promise<string> {
  return (await client.send(new StartQueryCommand({ QueryStatement }))).QueryId ?? '';
}
const describeQuery = (QueryId: string) => client.send(new DescribeQueryCommand({ QueryId }));
const results = (QueryId: string, more: { MaxQueryResults?: number; NextToken?: string | undefined } = {}) =>
  client.send(new GetQueryResultsCommand({ QueryId, ...more }));

describe('a query', () => {
  afterEach(() => expect(server.violations).toEqual([]));

  test('is queued, runs, ends, and has rows in pages', async () => {
    const { lake } = server.state;
    const asked: string[] = [];
    lake.answerQuery = text => {
      asked.push(text);
      return { rows: [1, 2, 3].map(n => ({ eventID: `e${n}`, eventJson: `{"n":${n}}` })) };
    };
    const id = await start();
    const seen = [await describeQuery(id), await describeQuery(id), await describeQuery(id)];
    expect(seen.map(({ QueryStatus }) => QueryStatus)).toEqual(['QUEUED', 'RUNNING', 'FINISHED']);
    expect(seen[2]).toMatchObject({
      QueryId: id,
      QueryString: statement,
      QueryStatistics: { EventsMatched: 3, CreationTime: expect.any(Date) },
    });
    const first = await results(id, { MaxQueryResults: 2 });
    expect(first.QueryResultRows).toEqual([
      [{ eventID: 'e1' }, { eventJson: '{"n":1}' }],
      [{ eventID: 'e2' }, { eventJson: '{"n":2}' }],
    ]);
    expect(first.QueryStatistics).toMatchObject({ ResultsCount: 2, TotalResultsCount: 3 });
    const last = await results(id, { MaxQueryResults: 2, NextToken: first.NextToken });
    expect(last).toMatchObject({ QueryStatus: 'FINISHED', QueryResultRows: [[{ eventID: 'e3' }, {}]] });
    expect(last.NextToken).toBeUndefined();
    expect(asked).toEqual([statement]);
  });

  const endings: [LakeAnswer, object, number][] = [
    [
      { status: 'FAILED', message: 'Query exhausted resources' },
      { ErrorMessage: 'Query exhausted resources' },
      0,
    ],
    [{ status: 'TIMED_OUT', rows: [{ a: '1' }] }, {}, 1],
    [{ status: 'CANCELLED' }, {}, 0],
  ];
  test.each(endings)('may end as %o', async (answer, more, count) => {
    server.state.lake.answerQuery = () => answer;
    server.state.lake.firstStates = [];
    const id = await start();
    const status = 'status' in answer ? answer.status : '';
    expect(await describeQuery(id)).toMatchObject({ QueryStatus: status, ...more });
    const { QueryResultRows, ...rest } = await results(id);
    expect(rest).toMatchObject({ QueryStatus: status, ...more });
    expect(QueryResultRows).toHaveLength(count);
  });

  test('has no rows before it is over, and can be cancelled until then', async () => {
    server.state.lake.answerQuery = () => ({ rows: [{ a: '1' }] });
    const id = await start();
    expect(await results(id)).toMatchObject({ QueryStatus: 'QUEUED', QueryResultRows: [] });
    const cancel = new CancelQueryCommand({ QueryId: id });
    expect(await client.send(cancel)).toMatchObject({ QueryId: id, QueryStatus: 'CANCELLED' });
    expect(await describeQuery(id)).toMatchObject({ QueryStatus: 'CANCELLED' });
    expect(await results(id)).toMatchObject({ QueryStatus: 'CANCELLED', QueryResultRows: [] });
    await expect(client.send(cancel)).rejects.toMatchObject({ name: 'InactiveQueryException' });
  });

  test('is one of ten at the most', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => start()));
    await expect(start()).rejects.toMatchObject({ name: 'MaxConcurrentQueriesException' });
    await client.send(new CancelQueryCommand({ QueryId: ids[0] }));
    expect(await start()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is over stores of the caller that are open', async () => {
    const { stores, markerStoreId } = server.state.lake;
    const closed = 'a1b2c3d4-0003-4a5b-8c6d-7e8f90a1b2c3';
    const foreign = 'a1b2c3d4-0004-4a5b-8c6d-7e8f90a1b2c3';
    const arn = (account: string, id: string) =>
      `arn:aws:cloudtrail:eu-west-1:${account}:eventdatastore/${id}`;
    stores.set(closed, { arn: arn('111122223333', closed), active: false });
    stores.set(foreign, { arn: arn('999999999999', foreign) });
    const from = (name: string) => start(`SELECT 1 FROM ${name}`).catch(error => error.name);
    expect(await from(closed)).toBe('InactiveEventDataStoreException');
    expect(await from(foreign)).toBe('EventDataStoreNotFoundException');
    expect(await from('a1b2c3d4-0005-4a5b-8c6d-7e8f90a1b2c3')).toBe('EventDataStoreNotFoundException');
    expect(await from(arn('111122223333', markerStoreId))).toBe('EventDataStoreARNInvalidException');
    expect(await from('events')).toBe('EventDataStoreARNInvalidException');
    await expect(describeQuery(foreign)).rejects.toMatchObject({ name: 'QueryIdNotFoundException' });
  });

  test('may be written in many ways', async () => {
    const { markerStoreId: m, changeStoreId: c } = server.state.lake;
    const written = [
      `select a from (select 'it''s; from nowhere' as a from ${m}) as x left join ${c} as y on x.a is distinct from y.a`,
      `WITH x AS (SELECT extract(year FROM eventTime) AS y FROM ${m}) SELECT y, "from" FROM x -- from nowhere`,
      `(SELECT a FROM ${m}) UNION ALL\n(SELECT a FROM ${c} CROSS JOIN unnest(resources) AS t(r)) /* ; */`,
    ];
    for (const text of written) expect(await start(text)).toHaveLength(36);
  });
});

describe('what no correct client sends is refused and kept', () => {
  const id = '01234567-89ab-4cde-8f01-23456789abcd';
  const store = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';
  const refused: [string, object, string][] = [
    ['StartQuery', {}, 'InvalidParameterException'],
    ['StartQuery', { QueryStatement: `SELECT ${'1,'.repeat(5000)}` }, 'InvalidParameterException'],
    ['StartQuery', { QueryStatement: `DELETE FROM ${store}` }, 'InvalidQueryStatementException'],
    ['StartQuery', { QueryStatement: 'SELECT 1' }, 'InvalidQueryStatementException'],
    ['StartQuery', { QueryStatement: `SELECT 1 FROM ${store};` }, 'InvalidQueryStatementException'],
    ['StartQuery', { QueryStatement: `SELECT (1 FROM ${store}` }, 'InvalidQueryStatementException'],
    ['StartQuery', { QueryStatement: `SELECT 'it's' FROM ${store}` }, 'InvalidQueryStatementException'],
    ['StartQuery', { QueryStatement: `SELECT 1 FROM ${store}`, QueryAlias: 'x' }, 'StrictFakeViolation'],
    ['DescribeQuery', {}, 'InvalidParameterException'],
    ['DescribeQuery', { QueryId: 'x' }, 'InvalidParameterException'],
    ['DescribeQuery', { QueryId: id, EventDataStore: store }, 'StrictFakeViolation'],
    ['GetQueryResults', { QueryId: id, MaxQueryResults: 1001 }, 'InvalidMaxResultsException'],
    ['GetQueryResults', { QueryId: id, NextToken: 'abcd' }, 'InvalidNextTokenException'],
    ['GetQueryResults', { QueryId: id, NextToken: `${store}/1` }, 'InvalidNextTokenException'],
    ['CancelQuery', { QueryId: 7 }, 'SerializationException'],
  ];
  test.each(refused)('%s %o', async (operation, body, code) => {
    const { status, text } = await sendCloudTrail(server, operation, body);
    expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 400, __type: code });
    expect(server.violations).toHaveLength(1);
    expect(server.state.lake.queries.size).toBe(0);
  });
});

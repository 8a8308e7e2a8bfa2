import { beforeEach, describe, expect, test } from 'vitest';
import {
  type AthenaProgress,
  type AthenaQueryOptions,
  type AthenaRow,
  runAthenaQuery,
} from '../../../src/aws/athena/athena-query.ts';
import type { AthenaAnswer, AthenaState } from '../../fakes/athena/athena-state.ts';
import { useAwsServer } from '../../fakes/use-aws-server.ts';
import { failureOf } from '../../integration/aws/failure-of.ts';

const STATEMENT = `SELECT uid AS a, env AS b FROM "deploys"."markers" WHERE "day" = '2026/11/28'`;

const aws = useAwsServer();
let athena: AthenaState;
beforeEach(() => {
  athena = aws.server.state.athena;
});

async function rowsOf(options: Partial<AthenaQueryOptions> = {}): Promise<AthenaRow[]> {
  const rows: AthenaRow[] = [];
  const query = {
    statement: STATEMENT,
    region: 'eu-west-1',
    env: aws.server.env(),
    maxAttempts: 1,
    maxRate: 1000,
    ...options,
  };
  for await (const row of runAthenaQuery(query)) rows.push(row);
  return rows;
}

const noSleep = async (): Promise<void> => {};
const operations = () => aws.server.requests.map(({ operation }) => operation);
const two = (rows: readonly (readonly (string | null)[])[]): AthenaAnswer => ({ columns: ['a', 'b'], rows });

/** Answers in turn; the last one stays. */
function answerInTurn(...answers: readonly AthenaAnswer[]): void {
  let asked = 0;
  athena.answerQuery = () => answers[Math.min(asked++, answers.length - 1)] ?? two([]);
}

describe('a query in Athena', () => {
  test('gives rows as objects, and tells every state and what it cost', async () => {
    athena.answerQuery = () =>
      two([
        ['1', ''],
        ['2', null],
      ]);
    const seen: AthenaProgress[] = [];
    expect(await rowsOf({ onProgress: each => seen.push(each) })).toEqual([{ a: '1', b: '' }, { a: '2' }]);
    expect(seen.map(({ state, bytesScanned }) => [state, bytesScanned])).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 4_096_000],
      ['SUCCEEDED', 4_096_000],
    ]);
    expect(operations()).toEqual([
      'StartQueryExecution',
      'GetQueryExecution',
      'GetQueryExecution',
      'GetQueryExecution',
      'athena:GetQueryResults',
    ]);
    const [query] = athena.queries.values();
    expect(query).toMatchObject({ workGroup: 'primary', outputLocation: 's3://results/' });
  });

  test('uses the workgroup and the place for results that are named', async () => {
    athena.workGroups.set('audit', {});
    await rowsOf({ workGroup: 'audit', outputLocation: 's3://mine/here/' });
    const [query] = athena.queries.values();
    expect(query).toMatchObject({ workGroup: 'audit', outputLocation: 's3://mine/here/' });
  });

  test('pages through all rows; the names come once', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => [`${index}`, 'a']);
    athena.answerQuery = () => two(rows);
    const found = await rowsOf({ columns: ['a', 'b'] });
    expect(found.map(({ a }) => a)).toEqual(rows.map(([a]) => a));
    expect(operations().filter(each => each === 'athena:GetQueryResults')).toHaveLength(3);
  });

  test('of no rows has none', async () => {
    athena.answerQuery = () => two([]);
    expect(await rowsOf()).toEqual([]);
  });

  test.each([
    ['FAILED', 'SYNTAX_ERROR: line 1:8', 'QUERY_FAILED', 4],
    ['FAILED', "TABLE_NOT_FOUND: line 3:6: Table 'x' does not exist", 'TABLE_NOT_FOUND', 5],
    ['FAILED', 'Permission denied on S3 path: s3://logs/AWSLogs', 'ACCESS_DENIED', 3],
    ['FAILED', 'Query timeout', 'QUERY_TIMED_OUT', 8],
    ['CANCELLED', 'Query cancelled! : Bytes scanned limit was exceeded', 'QUERY_FAILED', 4],
    ['CANCELLED', undefined, 'QUERY_FAILED', 4],
  ] as const)('that ends as %s, %s is %s', async (status, reason, code, exitCode) => {
    athena.answerQuery = () => ({ status, ...(reason === undefined ? {} : { reason }) });
    const failure = await failureOf(rowsOf());
    expect(failure).toMatchObject({ code, exitCode });
    expect(failure.message).toContain(reason ?? 'somebody else stopped the query');
    if (reason?.includes('limit')) expect(failure.hint).toContain('cut-off');
    expect(operations()).not.toContain('StopQueryExecution');
  });

  test('runs once more what met a lack of resources, and only once', async () => {
    const exhausted = { status: 'FAILED', reason: 'Query exhausted resources at this scale factor' } as const;
    answerInTurn(exhausted, two([['1', 'x']]));
    expect(await rowsOf()).toHaveLength(1);
    answerInTurn({ status: 'FAILED', reason: 'GENERIC_INTERNAL_ERROR', retryable: true });
    expect(await failureOf(rowsOf())).toMatchObject({ code: 'QUERY_FAILED' });
    expect(athena.queries.size).toBe(4);
  });

  test.each(['StartQueryExecution', 'GetQueryExecution', 'athena:GetQueryResults'] as const)(
    'waits where %s is throttled, and not for ever',
    async operation => {
      athena.answerQuery = () => two([['1', 'x']]);
      aws.server.faults.add(operation, { kind: 'error', status: 400, code: 'TooManyRequestsException' }, 3);
      expect(await rowsOf({ sleep: noSleep })).toHaveLength(1);
      aws.server.faults.add(operation, { kind: 'throttle' }, 99);
      expect(await failureOf(rowsOf({ sleep: noSleep }))).toMatchObject({ code: 'AWS_THROTTLED' });
    },
  );

  test.each([
    ['StartQueryExecution', 'allow athena:StartQueryExecution on the workgroup'],
    ['GetQueryExecution', 'allow athena:GetQueryExecution on the workgroup'],
    [
      'athena:GetQueryResults',
      'allow athena:GetQueryResults on the workgroup, and s3:GetObject on its results',
    ],
  ] as const)('names the permission that %s lacks', async (operation, hint) => {
    aws.server.faults.add(operation, { kind: 'denied' }, 9);
    expect(await failureOf(rowsOf())).toMatchObject({ code: 'ACCESS_DENIED', exitCode: 3, hint });
  });

  test('without a place for results says what to do', async () => {
    athena.workGroups.set('primary', {});
    const failure = await failureOf(rowsOf());
    expect(failure).toMatchObject({
      code: 'QUERY_FAILED',
      hint: expect.stringContaining('--output-location'),
    });
    expect(failure.message).toContain('No output location provided');
    expect(await failureOf(rowsOf({ workGroup: 'none' }))).toMatchObject({
      message: expect.stringContaining('WorkGroup none is not found'),
    });
  });

  const set = (rows: unknown, names: unknown = [{ Name: 'a' }, { Name: 'b' }], more = {}) =>
    JSON.stringify({ ResultSet: { Rows: rows, ResultSetMetadata: { ColumnInfo: names } }, ...more });
  const head = { Data: [{ VarCharValue: 'a' }, { VarCharValue: 'b' }] };
  test.each([
    ['StartQueryExecution', '{}'],
    ['StartQueryExecution', '{"QueryExecutionId":""}'],
    ['GetQueryExecution', '{}'],
    ['GetQueryExecution', '{"QueryExecution":{}}'],
    ['GetQueryExecution', '{"QueryExecution":{"Status":{"State":""}}}'],
    ['athena:GetQueryResults', '{}'],
    ['athena:GetQueryResults', 'null'],
    ['athena:GetQueryResults', '{"ResultSet":{}}'],
    ['athena:GetQueryResults', set([])],
    ['athena:GetQueryResults', set([], [])],
    ['athena:GetQueryResults', set([{ Data: [{ VarCharValue: '1' }, { VarCharValue: '2' }] }])],
    ['athena:GetQueryResults', set([head, { Data: [{ VarCharValue: '1' }] }])],
    ['athena:GetQueryResults', set([head, {}])],
    ['athena:GetQueryResults', set([head, { Data: [{ VarCharValue: 5 }, {}] }])],
    ['athena:GetQueryResults', set([head], undefined, { NextToken: '' })],
    ['athena:GetQueryResults', set([{ Data: [{ VarCharValue: 'c' }] }], [{ Name: 'c' }])],
  ] as const)('%s that answers %s is none', async (operation, body) => {
    aws.server.faults.add(operation, { kind: 'answer', body });
    expect(await failureOf(rowsOf({ columns: ['a', 'b'] }))).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  test('with pages that never end is an error', async () => {
    athena.answerQuery = () => two([]);
    const body = (id: string) => set([head], undefined, { NextToken: `${id}/0` });
    athena.answerQuery = () => {
      queueMicrotask(() => {
        const [id = ''] = athena.queries.keys();
        aws.server.faults.add('athena:GetQueryResults', { kind: 'answer', body: body(id) }, 9);
      });
      return two([]);
    };
    expect(await failureOf(rowsOf())).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });
});

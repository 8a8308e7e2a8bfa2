import { beforeEach, describe, expect, test } from 'vitest';
import {
  type LakeProgress,
  type LakeQueryOptions,
  type LakeRow,
  runLakeQuery,
} from '../../../../src/aws/cloudtrail/lake-query.ts';
import type { LakeAnswer, LakeState } from '../../../fakes/cloudtrail/lake-state.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';
import { failureOf } from '../failure-of.ts';

const aws = useAwsServer();
let lake: LakeState;
beforeEach(() => {
  lake = aws.server.state.lake;
});

async function rowsOf(options: Partial<LakeQueryOptions> = {}): Promise<LakeRow[]> {
  const rows: LakeRow[] = [];
  const statement = `SELECT eventID AS event_id FROM ${lake.changeStoreId}`;
  const query = { statement, region: 'eu-west-1', env: aws.server.env(), ...options };
  for await (const row of runLakeQuery(query)) rows.push(row);
  return rows;
}

function operations(): (string | undefined)[] {
  return aws.server.requests.map(({ operation }) => operation);
}

/** Answers in turn; the last one stays. */
function answerInTurn(...answers: readonly LakeAnswer[]): void {
  let asked = 0;
  lake.answerQuery = () => answers[Math.min(asked++, answers.length - 1)] ?? { rows: [] };
}

describe('a query in CloudTrail Lake', () => {
  test('gives rows as objects, and tells every state and what it cost', async () => {
    lake.answerQuery = () => ({
      rows: [
        { event_id: 'a', event_name: 'CreateAlias' },
        { event_id: 'b', event_name: null },
      ],
    });
    const seen: LakeProgress[] = [];
    expect(await rowsOf({ onProgress: progress => seen.push(progress) })).toEqual([
      { event_id: 'a', event_name: 'CreateAlias' },
      { event_id: 'b' },
    ]);
    expect(seen.map(({ state, bytesScanned }) => [state, bytesScanned])).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 4096],
      ['FINISHED', 4096],
    ]);
    expect(seen.at(-1)).toMatchObject({ eventsMatched: 2, eventsScanned: 1002, executionTime: 1500 });
    expect(operations()).toEqual([
      'StartQuery',
      'DescribeQuery',
      'DescribeQuery',
      'DescribeQuery',
      'GetQueryResults',
    ]);
    expect(aws.server.requests[0]?.headers['user-agent']).toContain('deploy-marker/');
  });

  test('pages through all rows', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => ({ event_id: `${index}` }));
    lake.answerQuery = () => ({ rows });
    expect(await rowsOf()).toEqual(rows);
    expect(operations().filter(operation => operation === 'GetQueryResults')).toHaveLength(3);
  });

  test.each([
    [
      { status: 'FAILED', message: 'Query response is too large' },
      'QUERY_FAILED',
      4,
      'ended as FAILED: Query response is too large',
    ],
    [{ status: 'TIMED_OUT' }, 'QUERY_TIMED_OUT', 8, 'gave up on the query'],
    [{ status: 'CANCELLED' }, 'QUERY_FAILED', 4, 'somebody else cancelled the query'],
  ] as const)('names how it ended without rows: %j', async (answer, code, exitCode, message) => {
    lake.answerQuery = () => answer;
    const failure = await failureOf(rowsOf());
    expect(failure).toMatchObject({ code, exitCode });
    expect(failure.message).toContain(message);
    expect(operations()).not.toContain('CancelQuery');
  });

  test('runs once more what met a lack of resources, and only once', async () => {
    const exhausted = {
      status: 'FAILED',
      message: 'Query exhausted resources at this scale factor',
    } as const;
    answerInTurn(exhausted, { rows: [{ event_id: 'a' }] });
    expect(await rowsOf()).toEqual([{ event_id: 'a' }]);
    answerInTurn(exhausted);
    expect(await failureOf(rowsOf())).toMatchObject({ code: 'QUERY_FAILED' });
    expect(lake.queries.size).toBe(4);
  });

  test('waits while too many queries run, and not for ever', async () => {
    const busy = { kind: 'error', status: 400, code: 'MaxConcurrentQueriesException' } as const;
    aws.server.faults.add('StartQuery', busy, 2);
    lake.answerQuery = () => ({ rows: [{ event_id: 'a' }] });
    const waits: number[] = [];
    expect(await rowsOf({ sleep: async milliseconds => void waits.push(milliseconds) })).toHaveLength(1);
    expect(waits.filter(each => each >= 2_500)).toHaveLength(2);
    aws.server.faults.add('StartQuery', busy, 60);
    expect(await failureOf(rowsOf({ sleep: async () => {} }))).toMatchObject({
      code: 'AWS_THROTTLED',
      hint: 'try again when other queries have ended',
    });
  });

  test.each([
    ['StartQuery', 'allow cloudtrail:StartQuery on the event data stores'],
    ['DescribeQuery', 'allow cloudtrail:DescribeQuery on the event data stores'],
    ['GetQueryResults', 'allow cloudtrail:GetQueryResults on the event data stores'],
  ] as const)('names the permission that %s lacks', async (operation, hint) => {
    aws.server.faults.add(operation, { kind: 'denied' }, 9);
    expect(await failureOf(rowsOf())).toMatchObject({ code: 'ACCESS_DENIED', exitCode: 3, hint });
  });

  test.each([
    ['unknown', () => 'ffffffff-0000-4000-8000-000000000000'],
    [
      'inactive',
      () => {
        const arn = `arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/${lake.changeStoreId}`;
        lake.stores.set(lake.changeStoreId, { arn, active: false });
        return lake.changeStoreId;
      },
    ],
  ])('names a store that is %s', async (_, prepare) => {
    const failure = await failureOf(rowsOf({ statement: `SELECT eventID FROM ${prepare()}` }));
    expect(failure).toMatchObject({ code: 'STORE_NOT_FOUND', exitCode: 5 });
  });

  test('says where Lake is closed', async () => {
    aws.server.faults.add(
      'StartQuery',
      { kind: 'error', status: 400, code: 'OperationNotPermittedException' },
      9,
    );
    const failure = await failureOf(rowsOf());
    expect(failure).toMatchObject({
      code: 'STORE_NOT_FOUND',
      hint: 'read changes with --changes event-history in this account',
    });
    expect(failure.message).toContain('no new customers');
  });
});

import { randomUUID } from 'node:crypto';
import { createJsonResponse, type JsonInput, readJsonInput, readText } from '../aws-json-input.ts';
import type { AwsState } from '../aws-state.ts';
import { type Call, type Operation, placeOf } from '../operation.ts';
import { CLOUDTRAIL, cloudTrailRefusal, cloudTrailViolation, readMaxResults } from './cloudtrail-input.ts';
import type { LakeQuery, LakeRow } from './lake-state.ts';
import { checkStatement } from './lake-statement.ts';

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const MAX_CONCURRENT = 10;
const OWNER = 'EventDataStoreOwnerAccountId';

function invalidParameter(message: string): Error {
  return cloudTrailViolation('InvalidParameterException', message);
}

/** The owner of the stores, when the request names one: here always the caller. */
function checkOwner(input: JsonInput, place: string): void {
  const owner = readText(input, OWNER);
  if (owner === undefined) return;
  if (!/^\d{12,16}$/.test(owner)) throw invalidParameter(`${OWNER} must be an account id.`);
  if (owner !== place.split('/')[0])
    throw cloudTrailRefusal(
      'EventDataStoreNotFoundException',
      'The specified event data store was not found.',
    );
}

function readQueryId(input: JsonInput): string {
  const id = readText(input, 'QueryId');
  if (id === undefined || !/^[a-f0-9-]{36}$/.test(id))
    throw invalidParameter('QueryId must have 36 characters of a UUID.');
  return id;
}

function findQuery(state: AwsState, id: string, place: string): LakeQuery {
  const query = state.lake.queries.get(id);
  if (query === undefined || query.place !== place)
    throw cloudTrailRefusal(
      'QueryIdNotFoundException',
      'The query ID does not exist or does not map to a query.',
    );
  return query;
}

function statusOf(query: LakeQuery): string {
  if (query.cancelled) return 'CANCELLED';
  return query.ahead[0] ?? ('status' in query.answer ? query.answer.status : 'FINISHED');
}

/** The status this call sees; the next one sees what follows. */
function advance(query: LakeQuery): string {
  const status = statusOf(query);
  query.ahead.shift();
  return status;
}

function isRunning(query: LakeQuery): boolean {
  return !query.cancelled && query.ahead.length > 0;
}

function errorOf(query: LakeQuery, status: string): Record<string, string> {
  if (status === 'QUEUED' || status === 'RUNNING' || !('status' in query.answer)) return {};
  return query.answer.message === undefined ? {} : { ErrorMessage: query.answer.message };
}

/** StartQuery, of a statement that has to be written out; what it answers, the test says with `answerQuery`. */
export const START_QUERY: Operation = {
  ...CLOUDTRAIL,
  name: 'StartQuery',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryStatement', OWNER]);
    const statement = readText(input, 'QueryStatement') ?? '';
    if (statement.length < 1 || statement.length > 10_000)
      throw invalidParameter(`QueryStatement has ${statement.length} characters, not 1 to 10000.`);
    const place = placeOf(call);
    checkOwner(input, place);
    return () => {
      checkStatement(state.lake, statement, place);
      const { queries, answerQuery, firstStates } = state.lake;
      const running = [...queries.values()].filter(query => query.place === place && isRunning(query));
      if (running.length >= MAX_CONCURRENT)
        throw cloudTrailRefusal(
          'MaxConcurrentQueriesException',
          'You have reached the maximum number of concurrent queries that you can run. Wait a minute, then try again.',
        );
      const id = randomUUID();
      const answer = answerQuery(statement);
      const createdAt = state.now();
      queries.set(id, { id, place, statement, createdAt, answer, ahead: [...firstStates], cancelled: false });
      return createJsonResponse({ QueryId: id });
    };
  },
};

function rowsOf(query: LakeQuery): readonly LakeRow[] {
  return query.answer.rows ?? [];
}

/** DescribeQuery, by the id of a query: QUEUED, RUNNING, then how it ended. */
export const DESCRIBE_QUERY: Operation = {
  ...CLOUDTRAIL,
  name: 'DescribeQuery',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryId', OWNER]);
    const id = readQueryId(input);
    const place = placeOf(call);
    checkOwner(input, place);
    return () => {
      const query = findQuery(state, id, place);
      const status = advance(query);
      const matched = status === 'FINISHED' ? rowsOf(query).length : 0;
      return createJsonResponse({
        QueryId: id,
        QueryString: query.statement,
        QueryStatus: status,
        QueryStatistics: {
          EventsMatched: matched,
          EventsScanned: status === 'QUEUED' ? 0 : 1000 + matched,
          BytesScanned: status === 'QUEUED' ? 0 : 4096,
          ExecutionTimeInMillis: status === 'QUEUED' ? 0 : 1500,
          CreationTime: Math.floor(query.createdAt / 1000),
        },
        ...errorOf(query, status),
        [OWNER]: place.split('/')[0],
      });
    };
  },
};

function readOffset(input: JsonInput, id: string): number {
  const token = readText(input, 'NextToken');
  if (token === undefined) return 0;
  const [bound, offset] = token.split('/');
  if (bound !== id || !/^\d{1,9}$/.test(offset ?? ''))
    throw cloudTrailViolation(
      'InvalidNextTokenException',
      'A token that is not valid, or not of this query.',
    );
  return Number(offset);
}

function answerResults(query: LakeQuery, from: number, limit: number): Record<string, unknown> {
  const status = advance(query);
  const isOver = status === 'FINISHED' || status === 'TIMED_OUT';
  const rows = isOver ? rowsOf(query) : [];
  const page = rows.slice(from, from + limit);
  return {
    QueryStatus: status,
    QueryStatistics: { ResultsCount: page.length, TotalResultsCount: rows.length, BytesScanned: 4096 },
    QueryResultRows: page.map(row => Object.entries(row).map(([name, value]) => ({ [name]: value }))),
    ...(from + limit < rows.length ? { NextToken: `${query.id}/${from + limit}` } : {}),
    ...errorOf(query, status),
  };
}

/** GetQueryResults: a page of rows, each a list of objects with one column; of a query that is not over, none. */
export const GET_QUERY_RESULTS: Operation = {
  ...CLOUDTRAIL,
  name: 'GetQueryResults',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryId', 'NextToken', 'MaxQueryResults', OWNER]);
    const id = readQueryId(input);
    const from = readOffset(input, id);
    const limit = readMaxResults(input, 'MaxQueryResults', 1000);
    const place = placeOf(call);
    checkOwner(input, place);
    return () => createJsonResponse(answerResults(findQuery(state, id, place), from, limit));
  },
};

function cancel(state: AwsState, call: Call, id: string) {
  const query = findQuery(state, id, placeOf(call));
  if (!isRunning(query))
    throw cloudTrailRefusal(
      'InactiveQueryException',
      'The specified query cannot be canceled: it is not running.',
    );
  query.cancelled = true;
  return createJsonResponse({ QueryId: id, QueryStatus: 'CANCELLED' });
}

/** CancelQuery: of a query that is over, InactiveQueryException. */
export const CANCEL_QUERY: Operation = {
  ...CLOUDTRAIL,
  name: 'CancelQuery',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryId', OWNER]);
    const id = readQueryId(input);
    checkOwner(input, placeOf(call));
    return () => cancel(state, call, id);
  },
};

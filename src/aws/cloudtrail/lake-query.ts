import {
  CancelQueryCommand,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import { readPages } from '../answers/pages.ts';
import {
  finishQuery,
  LONGEST_WAIT_MS,
  lacksResources,
  pauseQuery,
  type QueryWaits,
} from '../answers/query-run.ts';
import { DESCRIBE_QUERY, GET_QUERY_RESULTS, type QueryState, START_QUERY } from '../answers/shapes.ts';
import { type CloudTrail, type CloudTrailOptions, openCloudTrail } from './client.ts';

/** Rows on a page. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html */
const PAGE_SIZE = 1000;
/** "Wait a minute", CloudTrail says to whom runs too many queries; these are two to four. */
const MOST_BUSY_WAITS = 48;
/**
 * "Queries that run for longer than one hour might time out", so one that is said to run for longer is none.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-run-query.html
 */
const LONGEST_RUN_MS = 75 * 60_000;

/** How far a query has come, and what it cost: Lake's price goes by the bytes it scans. */
export interface LakeProgress {
  readonly queryId: string;
  /** `QUEUED`, `RUNNING`, then `FINISHED`. */
  readonly state: string;
  readonly bytesScanned: number;
  readonly eventsScanned: number;
  readonly eventsMatched: number;
  /** Milliseconds. */
  readonly executionTime: number;
}

/** A query, and how it is followed. */
export interface LakeQueryOptions extends CloudTrailOptions, QueryWaits {
  /** In the Region of its stores. */
  readonly statement: string;
  /** Is told every state that is seen. */
  readonly onProgress?: ((progress: LakeProgress) => void) | undefined;
}

/** A row of a result: columns by their names in the statement, without those that are NULL. */
export type LakeRow = Readonly<Record<string, string>>;

type Run = CloudTrail & LakeQueryOptions;

/**
 * Runs a statement in CloudTrail Lake and gives its rows. It is cancelled there if it is given up here, since it costs money.
 *
 * @throws DeployMarkerError STORE_NOT_FOUND, ACCESS_DENIED, QUERY_FAILED, QUERY_TIMED_OUT, CANCELLED, or as any call to AWS
 */
export async function* runLakeQuery(options: LakeQueryOptions): AsyncGenerator<LakeRow> {
  const run: Run = { ...options, ...openCloudTrail(options) };
  try {
    const queryId = await finish(run);
    let rows = 0;
    let total: number | undefined;
    const ask = async (token: string | undefined) => {
      const command = new GetQueryResultsCommand({
        QueryId: queryId,
        MaxQueryResults: PAGE_SIZE,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const page = await run.send({
        operation: 'GetQueryResults',
        signal: run.signal,
        shape: GET_QUERY_RESULTS,
        send: settings => run.client.send(command, settings),
      });
      return { page, next: page.NextToken };
    };
    for await (const { page } of readPages('GetQueryResults', ask)) {
      total = page.QueryStatistics?.TotalResultsCount ?? total;
      const { length } = page.QueryResultRows;
      const told = page.QueryStatistics?.ResultsCount ?? length;
      if (told !== length) {
        throw unexpectedAnswer({ operation: 'GetQueryResults' }, `${length} of ${told} rows of a page`);
      }
      rows += length;
      for (const cells of page.QueryResultRows) yield toRow(cells);
    }
    if (total !== undefined && total !== rows) {
      throw unexpectedAnswer({ operation: 'GetQueryResults' }, `${rows} of ${total} rows`);
    }
  } finally {
    run.client.destroy();
  }
}

/** A row comes as a list of objects with one column each. A column that is there twice would hide one of its two texts. */
function toRow(cells: readonly Readonly<Record<string, string | null | undefined>>[]): LakeRow {
  const row: Record<string, string> = {};
  const names = new Set<string>();
  for (const cell of cells)
    for (const [name, value] of Object.entries(cell)) {
      if (names.has(name)) {
        throw unexpectedAnswer(
          { operation: 'GetQueryResults' },
          `a row with the column ${quote(name)} twice`,
        );
      }
      names.add(name);
      if (typeof value === 'string') row[name] = value;
    }
  return row;
}

/** The id of a run that finished. */
function finish(run: Run): Promise<string> {
  const { client, send, signal, sleep, onProgress } = run;
  return finishQuery<QueryState>({
    signal,
    sleep,
    operation: 'DescribeQuery',
    longestRun: LONGEST_RUN_MS,
    start: () => start(run),
    async ask(queryId) {
      const answer = await send({
        operation: 'DescribeQuery',
        signal,
        shape: DESCRIBE_QUERY,
        send: settings => client.send(new DescribeQueryCommand({ QueryId: queryId }), settings),
      });
      onProgress?.(toProgress(answer, queryId));
      return answer;
    },
    hasEnded: ({ QueryStatus }) => QueryStatus !== 'QUEUED' && QueryStatus !== 'RUNNING',
    toFailure: (answer, queryId) =>
      answer.QueryStatus === 'FINISHED' ? undefined : toFailure(answer, queryId),
    isTransient: ({ ErrorMessage }) => lacksResources(ErrorMessage ?? ''),
    stop: (queryId, abortSignal) =>
      client.send(new CancelQueryCommand({ QueryId: queryId }), { abortSignal }),
  });
}

async function start(run: Run): Promise<string> {
  const { client, send, signal, statement } = run;
  const command = new StartQueryCommand({ QueryStatement: statement });
  for (let waits = 0; ; waits += 1) {
    const answer = await send({
      operation: 'StartQuery',
      signal,
      shape: START_QUERY,
      send: settings => client.send(command, settings),
      unless: waits < MOST_BUSY_WAITS ? unlessBusy : rethrow,
    });
    if (answer === 'busy') await pauseQuery(run, 'StartQuery', LONGEST_WAIT_MS);
    else return answer.QueryId;
  }
}

/** Another query has to end first. */
function unlessBusy(error: unknown): 'busy' {
  if (error instanceof Error && error.name === 'MaxConcurrentQueriesException') return 'busy';
  throw error;
}

function rethrow(error: unknown): never {
  throw error;
}

function toProgress({ QueryStatus, QueryStatistics = {} }: QueryState, queryId: string): LakeProgress {
  return {
    queryId,
    state: QueryStatus,
    bytesScanned: QueryStatistics.BytesScanned ?? 0,
    eventsScanned: QueryStatistics.EventsScanned ?? 0,
    eventsMatched: QueryStatistics.EventsMatched ?? 0,
    executionTime: QueryStatistics.ExecutionTimeInMillis ?? 0,
  };
}

function toFailure({ QueryStatus, ErrorMessage }: QueryState, queryId: string): DeployMarkerError {
  const why = ErrorMessage === undefined ? '' : `: ${ErrorMessage}`;
  if (QueryStatus === 'TIMED_OUT') {
    return new DeployMarkerError('QUERY_TIMED_OUT', `CloudTrail Lake gave up on the query ${queryId}${why}`);
  }
  if (QueryStatus === 'CANCELLED') {
    return new DeployMarkerError('QUERY_FAILED', `somebody else cancelled the query ${queryId}${why}`, {
      hint: 'run the same command again',
    });
  }
  return new DeployMarkerError('QUERY_FAILED', `the query ${queryId} ended as ${QueryStatus}${why}`);
}

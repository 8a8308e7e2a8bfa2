import { setTimeout as wait } from 'node:timers/promises';
import {
  CancelQueryCommand,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import { toAwsError } from '../answers/error-map.ts';
import { readPages } from '../answers/pages.ts';
import { DESCRIBE_QUERY, GET_QUERY_RESULTS, type QueryState, START_QUERY } from '../answers/shapes.ts';
import { type CloudTrail, type CloudTrailOptions, openCloudTrail } from './client.ts';

/** Rows on a page. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html */
const PAGE_SIZE = 1000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** "Wait a minute", CloudTrail says to whom runs too many queries; these are two to four. */
const MOST_BUSY_WAITS = 48;
const CANCEL_MS = 2_000;
/**
 * "Queries that run for longer than one hour might time out", so one that is said to run for longer is none.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-run-query.html
 */
const LONGEST_RUN_MS = 75 * 60_000;
const TRANSIENT = /exhausted resources at this scale factor/i;

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
export interface LakeQueryOptions extends CloudTrailOptions {
  /** In the Region of its stores. */
  readonly statement: string;
  readonly signal?: AbortSignal | undefined;
  /** Is told every state that is seen. */
  readonly onProgress?: ((progress: LakeProgress) => void) | undefined;
  /** Rejects if the signal is aborted. Default: the clock's. */
  readonly sleep?: Sleep;
}

/** A row of a result: columns by their names in the statement, without those that are NULL. */
export type LakeRow = Readonly<Record<string, string>>;

type Sleep = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
type Run = CloudTrail & LakeQueryOptions & { readonly sleep: Sleep };

/**
 * Runs a statement in CloudTrail Lake and gives its rows. It is cancelled there if it is given up here, since it costs money.
 *
 * @throws DeployMarkerError STORE_NOT_FOUND, ACCESS_DENIED, QUERY_FAILED, QUERY_TIMED_OUT, CANCELLED, or as any call to AWS
 */
export async function* runLakeQuery(options: LakeQueryOptions): AsyncGenerator<LakeRow> {
  const run: Run = { sleep, ...options, ...openCloudTrail(options) };
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

/** The id of a run that finished; a second one is begun where the first merely met a lack of resources. */
async function finish(run: Run): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const queryId = await start(run);
    let answer: QueryState;
    try {
      answer = await follow(run, queryId);
    } catch (error) {
      await cancel(run, queryId);
      throw error;
    }
    if (answer.QueryStatus === 'FINISHED') return queryId;
    if (attempt > 1 || !TRANSIENT.test(answer.ErrorMessage ?? '')) throw toFailure(answer, queryId);
  }
}

async function start({ client, send, signal, statement, ...run }: Run): Promise<string> {
  const command = new StartQueryCommand({ QueryStatement: statement });
  for (let waits = 0; ; waits += 1) {
    const answer = await send({
      operation: 'StartQuery',
      signal,
      shape: START_QUERY,
      send: settings => client.send(command, settings),
      unless: waits < MOST_BUSY_WAITS ? unlessBusy : rethrow,
    });
    if (answer === 'busy') await pause(run.sleep, LONGEST_WAIT_MS, signal);
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

/** Asks until the query has ended, one way or another. */
async function follow(run: Run, queryId: string): Promise<QueryState> {
  const { client, send, signal, onProgress } = run;
  let waited = 0;
  for (let longest = FIRST_WAIT_MS; ; longest = Math.min(LONGEST_WAIT_MS, longest * 1.6)) {
    const answer = await send({
      operation: 'DescribeQuery',
      signal,
      shape: DESCRIBE_QUERY,
      send: settings => client.send(new DescribeQueryCommand({ QueryId: queryId }), settings),
    });
    onProgress?.(toProgress(answer, queryId));
    if (answer.QueryStatus !== 'QUEUED' && answer.QueryStatus !== 'RUNNING') return answer;
    if (waited > LONGEST_RUN_MS) throw toEndless(queryId);
    waited += longest;
    await pause(run.sleep, longest, signal);
  }
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

/** Between half of it and the whole, so that pipelines that began together do not ask together. */
async function pause(sleepFor: Sleep, most: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleepFor(most * (0.5 + Math.random() / 2), signal);
  } catch (error) {
    throw toAwsError(error, { operation: 'DescribeQuery', signal });
  }
}

async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
}

/** As well as it can be done: what made us give up counts, not whether this worked. */
async function cancel({ client }: Run, queryId: string): Promise<void> {
  const command = new CancelQueryCommand({ QueryId: queryId });
  await client.send(command, { abortSignal: AbortSignal.timeout(CANCEL_MS) }).catch(() => undefined);
}

function toEndless(queryId: string): DeployMarkerError {
  const minutes = LONGEST_RUN_MS / 60_000;
  return new DeployMarkerError(
    'QUERY_TIMED_OUT',
    `the query ${queryId} has not ended after ${minutes} minutes`,
  );
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

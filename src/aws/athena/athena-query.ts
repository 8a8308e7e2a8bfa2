import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import { readPages } from '../answers/pages.ts';
import { finishQuery, type QueryWaits } from '../answers/query-run.ts';
import {
  type AthenaExecution,
  type AthenaResults,
  GET_ATHENA_RESULTS,
  GET_QUERY_EXECUTION,
  START_QUERY_EXECUTION,
} from '../answers/shapes.ts';
import { sendPatiently } from '../client/patient-sender.ts';
import { type Athena, type AthenaOptions, openAthena } from './client.ts';
import { isTransient, toQueryFailure } from './query-end.ts';

/** Rows on a page. Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html */
const PAGE_SIZE = 1000;
/**
 * A query may run for half an hour, and for four hours where the quota was raised: one that is said to run for longer is none.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html (DML query timeout)
 */
const LONGEST_RUN_MS = 255 * 60_000;
const ENDS: readonly string[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/** How far a query has come, and what it cost: Athena's price goes by the bytes it scans. */
export interface AthenaProgress {
  readonly queryId: string;
  /** `QUEUED`, `RUNNING`, then `SUCCEEDED`. */
  readonly state: string;
  readonly bytesScanned: number;
  /** Milliseconds. */
  readonly executionTime: number;
}

/** A query, and how it is followed. */
export interface AthenaQueryOptions extends AthenaOptions, QueryWaits {
  readonly statement: string;
  /** The columns that the result has to have, in their order, where they are known. */
  readonly columns?: readonly string[] | undefined;
  /** Is told every state that is seen. */
  readonly onProgress?: ((progress: AthenaProgress) => void) | undefined;
}

/** A row of a result: columns by their names, without those that are NULL. */
export type AthenaRow = Readonly<Record<string, string>>;

type Run = Athena & AthenaQueryOptions;

/**
 * Runs a SELECT in Athena and gives its rows. It is stopped there if it is given up here, since it costs money.
 *
 * @throws DeployMarkerError TABLE_NOT_FOUND, ACCESS_DENIED, QUERY_FAILED, QUERY_TIMED_OUT, CANCELLED, or as any call to AWS
 */
export async function* runAthenaQuery(options: AthenaQueryOptions): AsyncGenerator<AthenaRow> {
  const { client, send } = openAthena(options);
  const run: Run = { ...options, client, send: sendPatiently(send, options.sleep) };
  try {
    const queryId = await finish(run);
    const ask = async (NextToken: string | undefined) => {
      const command = new GetQueryResultsCommand({
        QueryExecutionId: queryId,
        MaxResults: PAGE_SIZE,
        ...withoutUndefined({ NextToken }),
      });
      const page = await run.send({
        operation: 'athena:GetQueryResults',
        signal: run.signal,
        shape: GET_ATHENA_RESULTS,
        send: settings => client.send(command, settings),
      });
      return { page, next: page.NextToken };
    };
    let names: readonly string[] | undefined;
    for await (const { page } of readPages('athena:GetQueryResults', ask)) {
      const cells = page.ResultSet.Rows.map(({ Data }) => Data.map(cell => cell.VarCharValue ?? undefined));
      if (names === undefined) {
        names = namesOf(page, run.columns);
        checkHeader(cells.shift(), names);
      }
      for (const row of cells) yield toRow(row, names);
    }
  } finally {
    client.destroy();
  }
}

function namesOf({ ResultSet }: AthenaResults, asked: readonly string[] | undefined): readonly string[] {
  const names = ResultSet.ResultSetMetadata.ColumnInfo.map(({ Name }) => Name);
  if (asked === undefined || asked.join() === names.join()) return names;
  throw unexpectedAnswer({ operation: 'athena:GetQueryResults' }, 'with other columns than were asked for');
}

/** The first row of the first page has the names of the columns, and no other has. */
function checkHeader(row: readonly (string | undefined)[] | undefined, names: readonly string[]): void {
  if (row?.length === names.length && names.every((name, rank) => row[rank] === name)) return;
  throw unexpectedAnswer(
    { operation: 'athena:GetQueryResults' },
    'without the names of its columns in the first row',
  );
}

function toRow(cells: readonly (string | undefined)[], names: readonly string[]): AthenaRow {
  if (cells.length !== names.length) {
    const what = `a row of ${cells.length} cells, of ${names.length} columns`;
    throw unexpectedAnswer({ operation: 'athena:GetQueryResults' }, `with ${what}`);
  }
  const row: Record<string, string> = {};
  for (const [rank, name] of names.entries()) {
    const cell = cells[rank];
    if (cell !== undefined) row[name] = cell;
  }
  return row;
}

/** The id of a run that succeeded. */
function finish(run: Run): Promise<string> {
  const { client, send, signal, sleep, onProgress } = run;
  return finishQuery<AthenaExecution>({
    signal,
    sleep,
    operation: 'GetQueryExecution',
    longestRun: LONGEST_RUN_MS,
    start: () => start(run),
    async ask(queryId) {
      const { QueryExecution: execution } = await send({
        operation: 'GetQueryExecution',
        signal,
        shape: GET_QUERY_EXECUTION,
        send: settings => client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId }), settings),
      });
      onProgress?.(toProgress(execution, queryId));
      return execution;
    },
    hasEnded: ({ Status }) => ENDS.includes(Status.State),
    toFailure: (execution, queryId) =>
      execution.Status.State === 'SUCCEEDED' ? undefined : toQueryFailure(execution, queryId),
    isTransient,
    stop: (queryId, abortSignal) =>
      client.send(new StopQueryExecutionCommand({ QueryExecutionId: queryId }), { abortSignal }),
  });
}

async function start({ client, send, signal, statement, workGroup, outputLocation }: Run): Promise<string> {
  const command = new StartQueryExecutionCommand({
    QueryString: statement,
    ...withoutUndefined({ WorkGroup: workGroup }),
    ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
  });
  const answer = await send({
    operation: 'StartQueryExecution',
    signal,
    shape: START_QUERY_EXECUTION,
    send: settings => client.send(command, settings),
  });
  return answer.QueryExecutionId;
}

function toProgress({ Status, Statistics = {} }: AthenaExecution, queryId: string): AthenaProgress {
  return {
    queryId,
    state: Status.State,
    bytesScanned: Statistics.DataScannedInBytes ?? 0,
    executionTime: Statistics.TotalExecutionTimeInMillis ?? 0,
  };
}

/** What a query cost, for people. */
export function describeCost({ queryId, state, bytesScanned }: AthenaProgress): string {
  return `query ${queryId}: ${state}, ${(bytesScanned / 1e6).toFixed(1)} MB scanned`;
}

import { setTimeout as wait } from 'node:timers/promises';
import {
  CancelQueryCommand,
  DescribeQueryCommand,
  type DescribeQueryCommandOutput,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toAwsError } from '../error-map.ts';
import { type CloudTrail, type CloudTrailOptions, openCloudTrail } from './client.ts';

/** Rows on a page. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html */
const PAGE_SIZE = 1000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** "Wait a minute", CloudTrail says to whom runs too many queries; these are two to four. */
const MOST_BUSY_WAITS = 48;
const CANCEL_MS = 2_000;
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
    let token: string | undefined;
    do {
      const command = new GetQueryResultsCommand({
        QueryId: queryId,
        MaxQueryResults: PAGE_SIZE,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const page = await run.send({
        operation: 'GetQueryResults',
        signal: run.signal,
        send: settings => run.client.send(command, settings),
      });
      for (const cells of page.QueryResultRows ?? []) yield toRow(cells);
      token = page.NextToken;
    } while (token !== undefined);
  } finally {
    run.client.destroy();
  }
}

/** A row comes as a list of objects with one column each. */
function toRow(cells: readonly Readonly<Record<string, string>>[]): LakeRow {
  return Object.fromEntries(
    cells.flatMap(cell => Object.entries(cell)).filter(([, value]) => typeof value === 'string'),
  );
}

/** The id of a run that finished; a second one is begun where the first merely met a lack of resources. */
async function finish(run: Run): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const queryId = await start(run);
    let answer: DescribeQueryCommandOutput;
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
    const onError = waits < MOST_BUSY_WAITS ? unlessBusy : rethrow;
    const answer = await send({
      operation: 'StartQuery',
      signal,
      send: settings => client.send(command, settings).catch(onError),
    });
    if (answer === 'busy') await pause(run.sleep, LONGEST_WAIT_MS, signal);
    else if (answer.QueryId !== undefined) return answer.QueryId;
    else throw new DeployMarkerError('UNEXPECTED_RESPONSE', 'StartQuery gave no id of the query');
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
async function follow(run: Run, queryId: string): Promise<DescribeQueryCommandOutput> {
  const { client, send, signal, onProgress } = run;
  for (let longest = FIRST_WAIT_MS; ; longest = Math.min(LONGEST_WAIT_MS, longest * 1.6)) {
    const answer = await send({
      operation: 'DescribeQuery',
      signal,
      send: settings => client.send(new DescribeQueryCommand({ QueryId: queryId }), settings),
    });
    onProgress?.(toProgress(answer, queryId));
    if (answer.QueryStatus !== 'QUEUED' && answer.QueryStatus !== 'RUNNING') return answer;
    await pause(run.sleep, longest, signal);
  }
}

function toProgress(
  { QueryStatus, QueryStatistics = {} }: DescribeQueryCommandOutput,
  queryId: string,
): LakeProgress {
  return {
    queryId,
    state: QueryStatus ?? 'UNKNOWN',
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

function toFailure(
  { QueryStatus, ErrorMessage }: DescribeQueryCommandOutput,
  queryId: string,
): DeployMarkerError {
  const why = ErrorMessage === undefined ? '' : `: ${ErrorMessage}`;
  if (QueryStatus === 'TIMED_OUT') {
    return new DeployMarkerError('QUERY_TIMED_OUT', `CloudTrail Lake gave up on the query ${queryId}${why}`);
  }
  if (QueryStatus === 'CANCELLED') {
    return new DeployMarkerError('QUERY_FAILED', `somebody else cancelled the query ${queryId}${why}`, {
      hint: 'run the same command again',
    });
  }
  return new DeployMarkerError(
    'QUERY_FAILED',
    `the query ${queryId} ended as ${QueryStatus ?? 'UNKNOWN'}${why}`,
  );
}

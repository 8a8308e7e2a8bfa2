import { setTimeout as wait } from 'node:timers/promises';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toAwsError } from './error-map.ts';
import type { OperationName } from './operation-errors.ts';

const FIRST_WAIT_MS = 250;
/** The longest time between two questions for a query's state; our own choice. */
export const LONGEST_WAIT_MS = 5_000;
const STOP_MS = 2_000;

/** How a wait between two calls goes. */
export interface QueryWaits {
  readonly signal?: AbortSignal | undefined;
  /** Rejects if the signal is aborted. Default: the clock's. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/** One query in an engine that is asked for the query's state `S` until that is an end. */
export interface QueryRun<S> extends QueryWaits {
  /** The call that asks for the state. */
  readonly operation: OperationName;
  /** Milliseconds after which a query that is said to run is none. */
  readonly longestRun: number;
  /** Gives the query's id. */
  start(): Promise<string>;
  ask(queryId: string): Promise<S>;
  hasEnded(state: S): boolean;
  /** Undefined where it has a result. */
  toFailure(state: S, queryId: string): DeployMarkerError | undefined;
  /** Whether the same query may fare better if it is run once more. */
  isTransient(state: S): boolean;
  /** Stops the query, for its engine bills for it. */
  stop(queryId: string, signal: AbortSignal): Promise<unknown>;
}

/**
 * Runs a query to its end; it is stopped if it is given up here. A second one is begun where the first merely met a lack of resources.
 *
 * @returns the id of the query that has a result
 * @throws DeployMarkerError as the run does, and QUERY_TIMED_OUT
 */
export async function finishQuery<S>(run: QueryRun<S>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const queryId = await run.start();
    let state: S;
    try {
      state = await follow(run, queryId);
    } catch (error) {
      // As well as it can be done: what made us give up counts, not whether this worked.
      await run.stop(queryId, AbortSignal.timeout(STOP_MS)).catch(() => undefined);
      throw error;
    }
    const failure = run.toFailure(state, queryId);
    if (failure === undefined) return queryId;
    if (attempt > 1 || !run.isTransient(state)) throw failure;
  }
}

/** Asks until the query has ended, one way or another. */
async function follow<S>(run: QueryRun<S>, queryId: string): Promise<S> {
  let waited = 0;
  for (let longest = FIRST_WAIT_MS; ; longest = Math.min(LONGEST_WAIT_MS, longest * 1.6)) {
    const state = await run.ask(queryId);
    if (run.hasEnded(state)) return state;
    if (waited > run.longestRun) throw toEndless(queryId, run.longestRun);
    waited += longest;
    await pauseQuery(run, run.operation, longest);
  }
}

/**
 * Waits between half of the time and the whole, so that pipelines that began together do not ask together.
 *
 * @param operation whose error an abort is
 * @throws DeployMarkerError CANCELLED, or why else the signal was aborted
 */
export async function pauseQuery(
  { sleep = sleepUntil, signal }: QueryWaits,
  operation: OperationName,
  most: number,
): Promise<void> {
  try {
    await sleep(most * (0.5 + Math.random() / 2), signal);
  } catch (error) {
    throw toAwsError(error, { operation, signal });
  }
}

async function sleepUntil(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
}

function toEndless(queryId: string, longestRun: number): DeployMarkerError {
  const message = `the query ${queryId} has not ended after ${longestRun / 60_000} minutes`;
  return new DeployMarkerError('QUERY_TIMED_OUT', message);
}

/** Whether a query ended for want of resources, which another run may have: Lake and Athena say it in the same words. */
export function lacksResources(reason: string): boolean {
  return /exhausted resources at this scale factor/i.test(reason);
}

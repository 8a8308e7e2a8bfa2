import { describe, expect, test } from 'vitest';
import type { QueryWaits } from '../../../src/aws/answers/query-run.ts';
import { runAthenaQuery } from '../../../src/aws/athena/athena-query.ts';
import { runLakeQuery } from '../../../src/aws/cloudtrail/lake-query.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import { useAwsServer } from '../../fakes/use-aws-server.ts';
import { failureOf } from '../../integration/aws/failure-of.ts';

const STATEMENT = `SELECT uid FROM "deploys"."markers" WHERE "day" = '2026/11/28'`;

const aws = useAwsServer();
const place = () => ({ region: 'eu-west-1', env: aws.server.env(), maxAttempts: 1, maxRate: 1000 });

/** What differs between the engines, of all that is to be seen here. */
interface Engine {
  readonly calls: readonly [start: string, ask: string];
  readonly stops: 'StopQueryExecution' | 'CancelQuery';
  readonly minutes: number;
  keepRunning(times: number): void;
  run(options: QueryWaits & { readonly onProgress?: () => void }): AsyncIterable<unknown>;
  /** Whether each query was stopped. */
  stopped(): boolean[];
}

const running = (times: number) => Array.from({ length: times }, () => 'RUNNING' as const);

const ENGINES: Readonly<Record<string, Engine>> = {
  Athena: {
    calls: ['StartQueryExecution', 'GetQueryExecution'],
    stops: 'StopQueryExecution',
    minutes: 255,
    keepRunning(times) {
      aws.server.state.athena.firstStates = running(times);
    },
    run: options => runAthenaQuery({ ...place(), statement: STATEMENT, ...options }),
    stopped: () => [...aws.server.state.athena.queries.values()].map(({ stopped }) => stopped),
  },
  'CloudTrail Lake': {
    calls: ['StartQuery', 'DescribeQuery'],
    stops: 'CancelQuery',
    minutes: 75,
    keepRunning(times) {
      aws.server.state.lake.firstStates = running(times);
    },
    run: options =>
      runLakeQuery({
        ...place(),
        statement: `SELECT eventID FROM ${aws.server.state.lake.changeStoreId}`,
        ...options,
      }),
    stopped: () => [...aws.server.state.lake.queries.values()].map(({ cancelled }) => cancelled),
  },
};

async function all(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

describe.each(Object.entries(ENGINES))('a query of %s', (_, engine) => {
  test('is asked for less and less often, every five seconds at least', async () => {
    engine.keepRunning(20);
    const waits: number[] = [];
    await all(engine.run({ sleep: async milliseconds => void waits.push(milliseconds) }));
    expect(waits).toHaveLength(20);
    expect(waits[0]).toBeLessThanOrEqual(250);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(2_500);
  });

  test('is stopped there when it is given up here', async () => {
    engine.keepRunning(99);
    const stop = new AbortController();
    const reason = new DeployMarkerError('CANCELLED', 'SIGINT arrived');
    const work = all(engine.run({ signal: stop.signal, onProgress: () => stop.abort(reason) }));
    expect(await failureOf(work)).toBe(reason);
    expect(aws.server.requests.map(({ operation }) => operation)).toEqual([...engine.calls, engine.stops]);
    expect(engine.stopped()).toEqual([true]);
  });

  test('is stopped where it is said to run for ever', async () => {
    engine.keepRunning(6000);
    expect(await failureOf(all(engine.run({ sleep: async () => {} })))).toMatchObject({
      code: 'QUERY_TIMED_OUT',
      message: expect.stringContaining(`${engine.minutes} minutes`),
    });
    expect(engine.stopped()).toEqual([true]);
  });

  test('is not waited for where stopping it hangs', async () => {
    engine.keepRunning(99);
    aws.server.faults.add(engine.stops, { kind: 'hang' }, 9);
    const stop = new AbortController();
    const reason = new DeployMarkerError('CANCELLED', 'SIGINT arrived');
    const begun = performance.now();
    await failureOf(all(engine.run({ signal: stop.signal, onProgress: () => stop.abort(reason) })));
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});

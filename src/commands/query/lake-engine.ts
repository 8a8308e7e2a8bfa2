import type { LakeProgress } from '../../aws/cloudtrail/lake-query.ts';
import type { OptionValues } from '../../config/option.ts';
import { correlationSql, withoutComment } from '../../core/sql/correlation.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import type { QueryEngine, QueryRow } from './engine.ts';
import type { QUERY_FLAGS } from './query.flags.ts';
import { queryRegionOf } from './region.ts';

type QueryFlags = OptionValues<typeof QUERY_FLAGS>;

/** CloudTrail Lake, with the stores that flags name. Nothing is asked before a statement is run. */
export function openLakeEngine(flags: QueryFlags, context: CommandContext): QueryEngine {
  let last: LakeProgress | undefined;
  return {
    async toStatement(question) {
      return correlationSql({
        ...question,
        markerStore: required(flags, 'marker-store'),
        changeStore: required(flags, 'change-store'),
        eventSource: flags['event-source'],
      });
    },
    async *run(statement): AsyncGenerator<QueryRow> {
      const { out, io, redactor } = context;
      const onProgress = (progress: LakeProgress): void => {
        if (progress.state !== last?.state) out.note(describe(progress));
        last = progress;
      };
      const region = queryRegionOf(flags, context);
      const { runLakeQuery } = await import('../../aws/cloudtrail/lake-query.ts');
      const { env, signal } = io;
      yield* runLakeQuery({
        // The comment is for those who read it, and Lake need not understand it.
        statement: withoutComment(statement),
        region,
        env,
        warn: out.warn,
        learn: learnerOf(redactor),
        signal,
        onProgress,
      });
    },
    statistics: () => toStatistics(last),
  };
}

function required(flags: QueryFlags, flag: 'marker-store' | 'change-store'): string {
  const store = flags[flag];
  if (store !== undefined) return store;
  throw new DeployMarkerError('USAGE', `--${flag} is needed`, {
    hint: `pass --${flag} with the id of an event data store, from \`aws cloudtrail list-event-data-stores\`; or --engine athena with tables`,
  });
}

function describe({ queryId, state, bytesScanned }: LakeProgress): string {
  return `query ${queryId}: ${state}, ${(bytesScanned / 1e6).toFixed(1)} MB scanned`;
}

function toStatistics(progress: LakeProgress | undefined): object {
  return {
    query_id: progress?.queryId,
    bytes_scanned: progress?.bytesScanned,
    events_scanned: progress?.eventsScanned,
    events_matched: progress?.eventsMatched,
    execution_time_ms: progress?.executionTime,
  };
}

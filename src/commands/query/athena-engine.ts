import type { AthenaProgress } from '../../aws/athena/athena-query.ts';
import type { AthenaOptions } from '../../aws/athena/client.ts';
import type { OptionValues } from '../../config/option.ts';
import { athenaCorrelationSql, columnsMissedBy } from '../../core/sql/athena-correlation.ts';
import { awsRecordsLayout, markersLayout } from '../../core/sql/athena-layouts.ts';
import { parseTableName, type TableLayout, type TableName } from '../../core/sql/athena-table.ts';
import { withoutComment } from '../../core/sql/correlation.ts';
import { parseSpan } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import type { QueryEngine, QueryRow } from './engine.ts';
import type { QUERY_FLAGS } from './query.flags.ts';
import { queryRegionOf } from './region.ts';

type QueryFlags = OptionValues<typeof QUERY_FLAGS>;

/**
 * Athena, with the tables that flags name. A statement that is only printed is for tables as AWS's documentation and our template have
 * them; one that is run, for the tables as they are.
 */
export function openAthenaEngine(flags: QueryFlags, context: CommandContext): QueryEngine {
  let last: AthenaProgress | undefined;
  const { out, io } = context;
  return {
    async toStatement(question) {
      const late = parseSpan(flags.late, '--late');
      const markers = markersLayout(required(flags, 'marker-table'));
      const changes = awsRecordsLayout(required(flags, 'change-table'), flags['day-column']);
      const [markerTable, changeTable] = flags.run
        ? await readLayouts([markers, changes], flags, context)
        : [markers, changes];
      const missed = columnsMissedBy(changeTable);
      if (missed.length > 0) {
        out.warn(
          `--change-table has no ${missed.join(', ')}: what these columns tell of a change is not known`,
        );
      }
      return athenaCorrelationSql({ ...question, markerTable, changeTable, late });
    },
    async *run(statement): AsyncGenerator<QueryRow> {
      const { describeCost, runAthenaQuery } = await import('../../aws/athena/athena-query.ts');
      const onProgress = (progress: AthenaProgress): void => {
        if (progress.state !== last?.state) out.note(describeCost(progress));
        last = progress;
      };
      const plain = withoutComment(statement);
      yield* runAthenaQuery({ ...placeOf(flags, context), statement: plain, signal: io.signal, onProgress });
    },
    statistics: () => ({
      query_id: last?.queryId,
      bytes_scanned: last?.bytesScanned,
      execution_time_ms: last?.executionTime,
    }),
  };
}

async function readLayouts(
  [markers, changes]: readonly [TableLayout, TableLayout],
  flags: QueryFlags,
  context: CommandContext,
): Promise<readonly [TableLayout, TableLayout]> {
  const { readLayoutOr } = await import('../../aws/athena/table-layout.ts');
  const place = placeOf(flags, context);
  const { signal } = context.io;
  return Promise.all([readLayoutOr(markers, place, signal), readLayoutOr(changes, place, signal)]);
}

function placeOf(flags: QueryFlags, context: CommandContext): AthenaOptions {
  return {
    region: queryRegionOf(flags, context),
    env: context.io.env,
    warn: context.out.warn,
    learn: learnerOf(context.redactor),
    workGroup: flags.workgroup,
    outputLocation: flags['output-location'],
  };
}

function required(flags: QueryFlags, flag: 'marker-table' | 'change-table'): TableName {
  const table = flags[flag];
  if (table !== undefined) return parseTableName(table, `--${flag}`);
  throw new DeployMarkerError('USAGE', `--${flag} is needed`, {
    hint: `pass --${flag} DATABASE.TABLE; \`deploy-marker template athena\` makes both tables`,
  });
}

import { describeProblems } from '../../core/base/problem.ts';
import type { ChangeSource, MarkerSource, ReadOptions } from '../../core/source/source.ts';
import { awsRecordsLayout, DAY_COLUMNS, markersLayout } from '../../core/sql/athena-layouts.ts';
import { athenaMarkersSql } from '../../core/sql/athena-markers.ts';
import { leftOutBy } from '../../core/sql/athena-partitions.ts';
import { athenaRecordsSql } from '../../core/sql/athena-records.ts';
import { type TableName, titleOf } from '../../core/sql/athena-table.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import { type AthenaProgress, type AthenaRow, describeCost, runAthenaQuery } from './athena-query.ts';
import type { AthenaOptions } from './client.ts';
import { readLayoutOr } from './table-layout.ts';

/** A table of Athena, and how it is reached. */
export interface AthenaSourceOptions extends AthenaOptions {
  readonly table: TableName;
  /** Is told what a query cost. */
  readonly note?: ((text: string) => void) | undefined;
}

/** A table of CloudTrail's records. */
export interface AthenaChangesOptions extends AthenaSourceOptions {
  /** Regions and accounts whose partitions are read; empty for all. */
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  /** How much later than its call a record may be delivered, in milliseconds. */
  readonly late: number;
}

/**
 * Changes in a table over the bucket of a trail, in AWS's own form. A row that is no record is a gap, and so is a column that the table
 * lacks; partitions of Regions and accounts that are not read are told as left out.
 */
export function createAthenaChanges(options: AthenaChangesOptions): ChangeSource {
  const { table, regions, accounts, late } = options;
  const title = titleOf(table);
  return {
    title,
    kind: 'store',
    async read(query, take, readOptions) {
      const layout = await readLayoutOr(awsRecordsLayout(table, DAY_COLUMNS[0]), options, readOptions.signal);
      const statement = athenaRecordsSql(layout, { ...query, regions, accounts, late });
      const failures = new FoldedFailures('row');
      for await (const row of runQuery(options, statement, readOptions)) {
        const record = statement.toRecord(row);
        if (record !== undefined) take(record);
        else failures.add(noRecord(`${title}, event ${row['eventid'] ?? '?'}`));
      }
      for (const message of leftOutBy(layout, options))
        readOptions.onLeftOut?.({ kind: 'left-out', message });
      return [...failures.toErrors(), ...lacking(title, statement.missing)];
    },
  };
}

/** Markers in a table over the bucket that they are put into. Rows that are no markers are one gap. */
export function createAthenaMarkers(options: AthenaSourceOptions): MarkerSource {
  const title = titleOf(options.table);
  return {
    title,
    async read(range, take, readOptions) {
      const layout = await readLayoutOr(markersLayout(options.table), options, readOptions.signal);
      const statement = athenaMarkersSql(layout, range);
      const failures = new FoldedFailures('row');
      for await (const row of runQuery(options, statement, readOptions)) {
        const { value, problems } = statement.toMarker(row);
        if (value !== undefined) take(value);
        else failures.add(noMarker(`${title}, uid ${row['uid'] ?? '?'}`, describeProblems(problems)));
      }
      return [...failures.toErrors(), ...lacking(title, statement.missing)];
    },
  };
}

async function* runQuery(
  options: AthenaSourceOptions,
  { statement, columns }: { readonly statement: string; readonly columns: readonly string[] },
  { signal }: ReadOptions,
): AsyncGenerator<AthenaRow> {
  let last: AthenaProgress | undefined;
  const onProgress = (progress: AthenaProgress): void => {
    last = progress;
  };
  try {
    yield* runAthenaQuery({ ...options, statement, columns, signal, onProgress });
  } finally {
    if (last !== undefined) options.note?.(`${titleOf(options.table)}: ${describeCost(last)}`);
  }
}

function lacking(title: string, columns: readonly string[]): DeployMarkerError[] {
  if (columns.length === 0) return [];
  const message = `${title} has no ${columns.join(', ')}: what these columns tell is not known`;
  const hint =
    'make the table anew, as `deploy-marker template athena` or AWS’s documentation has it; it holds no data of its own';
  return [new DeployMarkerError('ANSWER_INCOMPLETE', message, { hint })];
}

function noRecord(place: string): DeployMarkerError {
  return new DeployMarkerError(
    'UNEXPECTED_RESPONSE',
    `${place} is no CloudTrail record: its JSON does not hold`,
    {
      hint: 'look at the record in the bucket of the trail',
    },
  );
}

function noMarker(place: string, why: string): DeployMarkerError {
  return new DeployMarkerError('MARKER_INVALID', `${place} holds no marker: ${why}`, {
    hint: 'look at the object in the bucket of the markers',
  });
}

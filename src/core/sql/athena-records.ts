import { parseJsonRecord } from '../base/json-record.ts';
import { isAll, type ServiceChoice } from '../services/choice.ts';
import type { TimeRange } from '../time/range.ts';
import { splitColumns } from './athena-columns.ts';
import { type PartitionQuery, partitionTests } from './athena-partitions.ts';
import { MANAGEMENT_COLUMN, RECORD_COLUMNS, type RecordColumn } from './athena-record-columns.ts';
import { checkAthenaStatement, quotedTable, type TableLayout } from './athena-table.ts';
import { literal, timestamp } from './lake.ts';

/** What is wanted of a table of records. */
export interface RecordsQuery extends Omit<PartitionQuery, 'range'>, TimeRange {
  /** Services without `.amazonaws.com`; or `all`. */
  readonly services: ServiceChoice;
  /** How much later than its call a record may be delivered, in milliseconds. */
  readonly late: number;
}

/** A statement, and how its rows become records. */
export interface RecordsStatement {
  readonly statement: string;
  /** The columns of its result, in their order. */
  readonly columns: readonly string[];
  /** Columns that the table lacks and that tell something of some records. */
  readonly missing: readonly string[];
  /** A row as CloudTrail wrote the record, as far as it is read; undefined if one of its texts is no JSON. */
  toRecord(row: Readonly<Record<string, string>>): object | undefined;
}

/**
 * The statement that reads records of a trail: writes of the services and what does not say that it is none, and AssumeRole calls.
 * Records lie where they were delivered, which may be on the day after their call.
 *
 * @throws DeployMarkerError TABLE_UNSUITABLE, QUERY_TOO_LONG
 */
export function athenaRecordsSql(layout: TableLayout, query: RecordsQuery): RecordsStatement {
  const { there, missing } = splitColumns(layout, RECORD_COLUMNS);
  const read = [...there, ...splitColumns(layout, [MANAGEMENT_COLUMN]).there];
  const { from, until, services, late } = query;
  const partitions = partitionTests(layout, { ...query, range: deliveryOf(query, late) });
  const time = athenaInstant('eventtime');
  const ofServices = isAll(services) ? '' : `${SERVICE} IN (${services.map(literal).join(', ')}) AND `;
  const statement = `SELECT ${read.map(column => `${expressionOf(column)} AS ${aliasOf(column)}`).join(', ')}
FROM ${quotedTable(layout)}
WHERE ${partitions.join(' AND ')}
 AND coalesce(${time} >= ${timestamp(from)} AND ${time} < ${timestamp(until)}, true)
 AND (${ofServices}coalesce(lower(CAST(readonly AS varchar)), '') <> 'true'
 OR ${SERVICE} = 'sts' AND eventname LIKE 'AssumeRole%' OR coalesce(trim(eventsource), '') = '')`;
  return {
    statement: checkAthenaStatement(statement),
    columns: read.map(aliasOf),
    missing: missing.map(({ name }) => name),
    toRecord: row => toRecord(read, row),
  };
}

/** When records of a time can have been delivered. @param late how much later than their calls, in milliseconds */
export function deliveryOf({ from, until }: TimeRange, late: number): TimeRange {
  return { from, until: until + late };
}

/** The service of a record as its reader has it: `eventSource` without its end, in China too. */
export const SERVICE = "regexp_replace(lower(trim(eventsource)), '\\.amazonaws\\.com(?:\\.cn)?$', '')";

/** A text as a time of UTC; NULL where it is none. */
export function athenaInstant(text: string): string {
  return `try(CAST(from_iso8601_timestamp(${text}) AT TIME ZONE 'UTC' AS timestamp))`;
}

function aliasOf({ name }: RecordColumn): string {
  return name.replaceAll('.', '_');
}

/** A list of structs as JSON has other forms in older engines, and a list of texts has not. */
function expressionOf({ name, as }: RecordColumn): string {
  if (as === 'resources') return 'json_format(CAST(transform(resources, r -> r.arn) AS JSON))';
  return as === 'flag' ? `CAST(${name} AS varchar)` : name;
}

function toRecord(
  columns: readonly RecordColumn[],
  row: Readonly<Record<string, string>>,
): object | undefined {
  const record: Record<string, unknown> = {};
  for (const column of columns) {
    const cell = row[aliasOf(column)];
    if (cell === undefined) continue;
    const value = toValue(column, cell);
    if (value === undefined) return undefined;
    place(record, column.field.split('.'), value);
  }
  return record;
}

/** Undefined for what cannot be read. */
function toValue({ as }: RecordColumn, cell: string): unknown {
  switch (as) {
    case 'text':
      return cell;
    case 'flag':
      return cell === 'true' || cell === 'false' ? cell === 'true' : cell;
    case 'json':
      return /^\s*(?:null)?\s*$/.test(cell) ? null : parseJsonRecord(cell);
    case 'resources':
      return parseTexts(cell)?.map(arn => ({ arn }));
  }
}

function parseTexts(cell: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function place(
  record: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    record[key] = value;
    return;
  }
  const known = record[key];
  const inner: Record<string, unknown> = typeof known === 'object' && known !== null ? { ...known } : {};
  place(inner, rest, value);
  record[key] = inner;
}

import { MARKER_FIELDS } from '../marker/marker.ts';
import { recordColumnTypes } from './athena-record-columns.ts';
import type { TableLayout, TableName } from './athena-table.ts';

/** Names that a partition by days has; the first is that of AWS's own table. */
export const DAY_COLUMNS = ['timestamp', 'day', 'date', 'dt'] as const;

/**
 * AWS's own table of CloudTrail's records, as far as it is read, for where the catalogue is not asked or does not tell.
 *
 * @param day the column that it is divided by, one of {@link DAY_COLUMNS}
 * @see https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 */
export function awsRecordsLayout(name: TableName, day: string): TableLayout {
  return {
    ...name,
    columns: recordColumnTypes(),
    ...dividedBy(day),
  };
}

/** The table of markers that the template `athena` makes, for the same. */
export function markersLayout(name: TableName): TableLayout {
  const columns = MARKER_FIELDS.map(
    field => [field, field === 'labels' ? 'map<string,string>' : 'string'] as const,
  );
  return { ...name, columns: new Map(columns), ...dividedBy('day') };
}

function dividedBy(day: string): Pick<TableLayout, 'partitions' | 'parameters'> {
  return {
    partitions: new Map([[day, 'string']]),
    parameters: new Map([[`projection.${day}.format`, 'yyyy/MM/dd']]),
  };
}

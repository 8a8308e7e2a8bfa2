import { MARKER_FIELDS } from '../marker/marker.ts';
import type { Checked } from '../marker/schema.ts';
import { parseStoredMarker, type StoredMarker } from '../marker/stored.ts';
import type { TimeRange } from '../time/range.ts';
import { splitColumns, type WantedColumn } from './athena-columns.ts';
import { partitionTests } from './athena-partitions.ts';
import { checkAthenaStatement, quotedTable, type TableLayout } from './athena-table.ts';

// The markers' table: objects of a bucket, each with one marker as JSON, by the day in their keys.

const DAY_MS = 86_400_000;
const LABELS = 'labels';
const NEEDED: readonly string[] = [
  'uid',
  'deploy_id',
  'env',
  'component',
  'git_sha',
  'status',
  'recorded_at',
];

const MARKER_COLUMNS: readonly WantedColumn[] = MARKER_FIELDS.map(name => ({
  name,
  ...(NEEDED.includes(name) ? { isNeeded: true as const } : {}),
  ...(name === LABELS ? { types: /^map<string,string>$/ } : {}),
}));

/** A statement, and how its rows become markers. */
export interface MarkersStatement {
  readonly statement: string;
  /** The columns of its result, in their order. */
  readonly columns: readonly string[];
  /** Fields of markers that the table does not have. */
  readonly missing: readonly string[];
  toMarker(row: Readonly<Record<string, string>>): Checked<StoredMarker>;
}

/**
 * The statement that reads markers. A marker lies by the day on which it was made or its deploy ended, neither of which comes before the
 * range; clocks may be a little off.
 *
 * @throws DeployMarkerError TABLE_UNSUITABLE, QUERY_TOO_LONG
 */
export function athenaMarkersSql(layout: TableLayout, range: TimeRange): MarkersStatement {
  const { there, missing } = splitColumns(layout, MARKER_COLUMNS);
  const shown = there.map(({ name }) =>
    name === LABELS ? `json_format(CAST("${LABELS}" AS JSON)) AS "${LABELS}"` : `"${name}"`,
  );
  const statement = `SELECT ${shown.join(', ')}
FROM ${quotedTable(layout)}
WHERE ${markerPartitions(layout, range)}`;
  return {
    statement: checkAthenaStatement(statement),
    columns: there.map(({ name }) => name),
    missing: missing.map(({ name }) => name),
    toMarker: ({ [LABELS]: labels, ...fields }) =>
      parseStoredMarker({ ...fields, ...(labels === undefined ? {} : { labels: parse(labels) }) }),
  };
}

/** What leads to the days in which markers of a time lie. @throws DeployMarkerError TABLE_UNSUITABLE */
export function markerPartitions(layout: TableLayout, { from, until }: TimeRange): string {
  const range = { from: from - DAY_MS, until: until + DAY_MS };
  return partitionTests(layout, { range, regions: [], accounts: [] }).join(' AND ');
}

/** The fields of a marker that a table has; those that it lacks are as if no marker had them. @throws DeployMarkerError TABLE_UNSUITABLE */
export function markerFieldsOf(layout: TableLayout): readonly string[] {
  return splitColumns(layout, MARKER_COLUMNS)
    .there.map(({ name }) => name)
    .filter(name => name !== LABELS);
}

/** As it stands where it is no JSON, which no check of a marker passes. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

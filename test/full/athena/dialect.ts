import { DuckDBInstance } from '@duckdb/node-api';
import type { Marker } from '../../../src/core/marker/marker.ts';
import type { TableLayout } from '../../../src/core/sql/athena-table.ts';
import { CHANGE_TABLE, MARKER_TABLE } from '../../fakes/athena/athena-tables.ts';
import { DIALECT, insert, lowerKeys, type Row } from '../lake/dialect.ts';

/** What DuckDB has under other names, besides what it has so for Lake. */
const MORE: readonly string[] = [
  `json_extract_scalar(j, p) AS CASE WHEN json_valid(j) THEN
    CASE WHEN json_type(j, p) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN json_extract_string(j, p) END END`,
];

/** Tables of Athena in DuckDB. */
export interface AthenaTables {
  readonly markerTable: TableLayout;
  readonly changeTable: TableLayout;
  addMarkers(markers: readonly Marker[]): Promise<void>;
  /** Takes records as CloudTrail writes them; each lies in the partition of `deliveredAt`, by default of its own day. */
  addChanges(records: readonly object[], deliveredAt?: string): Promise<void>;
  /** Runs a statement that is written for Athena. */
  run(statement: string): Promise<Row[]>;
}

/** Opens a database with AWS's own table of records, and ours of markers. */
export async function openAthenaTables(): Promise<AthenaTables> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of [...DIALECT.map(([each]) => each), ...MORE])
    await connection.run(`CREATE MACRO ${macro}`);
  await connection.run('CREATE SCHEMA deploys');
  const [markers, changes] = [MARKER_TABLE, CHANGE_TABLE].map(table => ({
    name: `"${table.database}"."${table.table}"`,
    columns: columnsOf(table),
  }));
  if (markers === undefined || changes === undefined) throw new Error('no tables');
  for (const { name, columns } of [markers, changes])
    await connection.run(`CREATE TABLE ${name} (${columns})`);
  return {
    markerTable: MARKER_TABLE,
    changeTable: CHANGE_TABLE,
    addMarkers: rows => insert(connection, markers.name, markers.columns, rows.map(toMarkerRow)),
    addChanges: (rows, deliveredAt) =>
      insert(
        connection,
        changes.name,
        changes.columns,
        rows.map(row => toChangeRow(row, deliveredAt)),
      ),
    async run(statement) {
      const own = statement.replaceAll('(transform(', '(list_transform(');
      return (await connection.runAndReadAll(own)).getRowObjectsJS();
    },
  };
}

function columnsOf({ columns, partitions }: TableLayout): string {
  return [...columns, ...partitions].map(([name, type]) => `"${name}" ${toDuckType(type)}`).join(', ');
}

function toDuckType(type: string): string {
  return type
    .replace(/array<(.*)>$/, '$1[]')
    .replace(/map<string,string>/g, 'MAP(VARCHAR, VARCHAR)')
    .replace(/struct</g, 'STRUCT(')
    .replace(/>/g, ')')
    .replace(/(\w+):/g, '"$1" ')
    .replace(/\bstring\b/g, 'VARCHAR');
}

function toMarkerRow(marker: Marker): object {
  return { ...marker, day: (marker.deployed_at ?? marker.recorded_at).slice(0, 10).replaceAll('-', '/') };
}

/** As the reader of CloudTrail's logs gives a record: objects as JSON in a text, flags as texts. */
function toChangeRow(record: object, deliveredAt?: string): object {
  const row = lowerKeys(record);
  const day = deliveredAt ?? String(row['eventtime']).slice(0, 10);
  return {
    ...row,
    useridentity: lowerDeep(row['useridentity']),
    resources: lowerDeep(row['resources']),
    requestparameters: toJson(row['requestparameters']),
    responseelements: toJson(row['responseelements']),
    additionaleventdata: toJson(row['additionaleventdata']),
    readonly: toJson(row['readonly']),
    timestamp: day.replaceAll('-', '/'),
  };
}

function toJson(value: unknown): string | null {
  return value === undefined || value === null
    ? null
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}

function lowerDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerDeep);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key.toLowerCase(), lowerDeep(field)]),
  );
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type JS } from '@duckdb/node-api';
import { toAuditEvent } from '../../../src/core/marker/event.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';

/**
 * Trino's functions where DuckDB has others under their names: all that is rewritten, besides the quotes that DuckDB wants
 * around the store ids. A macro takes the place of the built-in function.
 */
export const DIALECT: readonly (readonly [macro: string, why: string])[] = [
  ['element_at(m, k) AS map_extract_value(m, k)', 'there it gives a list for a map'],
  ["date_add(unit, n, t) AS t + n * CAST(concat('1 ', unit) AS INTERVAL)", 'there it takes an interval'],
  [
    `regexp_extract(s, p) AS nullif(system.main.regexp_extract(s, p), ''),
      (s, p, g) AS nullif(system.main.regexp_extract(s, p, g), '')`,
    'there it gives an empty text where nothing matches',
  ],
  [
    "regexp_replace(s, p, r) AS system.main.regexp_replace(s, p, replace(r, '$', '\\'))",
    'groups are $1 here',
  ],
  ['regexp_like(s, p) AS regexp_matches(s, p)', 'it is not there'],
  ['from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)', 'it is not there'],
  ['arrays_overlap(a, b) AS list_has_any(a, b)', 'it is not there'],
  ['json_format(j) AS CAST(j AS VARCHAR)', 'it is not there'],
];

/** Source of both: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html */
const TABLES = {
  markers: `eventtime TIMESTAMP, awsregion VARCHAR, recipientaccountid VARCHAR, eventid VARCHAR, eventcategory VARCHAR,
    addendum STRUCT(reason VARCHAR, updatedfields VARCHAR, originaluid VARCHAR, originaleventid VARCHAR),
    metadata STRUCT(ingestiontime VARCHAR, channelarn VARCHAR),
    eventdata STRUCT("version" VARCHAR, useridentity STRUCT("type" VARCHAR, principalid VARCHAR, details MAP(VARCHAR, VARCHAR)),
      useragent VARCHAR, eventsource VARCHAR, eventname VARCHAR, eventtime VARCHAR, uid VARCHAR,
      requestparameters MAP(VARCHAR, VARCHAR), responseelements MAP(VARCHAR, VARCHAR), errorcode VARCHAR,
      errormssage VARCHAR, sourceipaddress VARCHAR, recipientaccountid VARCHAR, additionaleventdata MAP(VARCHAR, VARCHAR))`,
  changes: `eventversion VARCHAR, useridentity STRUCT("type" VARCHAR, principalid VARCHAR, arn VARCHAR, accountid VARCHAR,
      accesskeyid VARCHAR, username VARCHAR, invokedby VARCHAR),
    eventtime TIMESTAMP, eventsource VARCHAR, eventname VARCHAR, awsregion VARCHAR, sourceipaddress VARCHAR,
    useragent VARCHAR, errorcode VARCHAR, errormessage VARCHAR, requestparameters MAP(VARCHAR, VARCHAR),
    responseelements MAP(VARCHAR, VARCHAR), eventid VARCHAR, readonly BOOLEAN, managementevent BOOLEAN,
    recipientaccountid VARCHAR, eventcategory VARCHAR, sessioncredentialfromconsole VARCHAR, eventjson VARCHAR`,
} as const;

/** A row with its columns by name. */
export type Row = Readonly<Record<string, JS>>;

/** Two event data stores in DuckDB. */
export interface LakeTables {
  readonly markerStore: string;
  readonly changeStore: string;
  addMarkers(markers: readonly Marker[]): Promise<void>;
  /** Takes records as CloudTrail writes them. */
  addChanges(records: readonly object[]): Promise<void>;
  /** Runs a statement that is written for Lake, or one of DuckDB's own. */
  run(statement: string): Promise<Row[]>;
}

/** Opens a database whose tables have the columns of event data stores. */
export async function openLakeTables(): Promise<LakeTables> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const stores = {
    markers: 'aaaaaaaa-0000-4000-8000-000000000001',
    changes: 'bbbbbbbb-0000-4000-8000-000000000002',
  };
  await connection.run("SET TimeZone = 'UTC'");
  for (const [macro] of DIALECT) await connection.run(`CREATE MACRO ${macro}`);
  for (const [name, id] of Object.entries(stores)) {
    await connection.run(`CREATE TABLE "${id}" (${name === 'markers' ? TABLES.markers : TABLES.changes})`);
  }
  return {
    markerStore: stores.markers,
    changeStore: stores.changes,
    addMarkers: markers =>
      insert(connection, `"${stores.markers}"`, TABLES.markers, markers.map(toMarkerRow)),
    addChanges: records =>
      insert(connection, `"${stores.changes}"`, TABLES.changes, records.map(toChangeRow)),
    async run(statement) {
      const quoted = statement.replace(
        /(?<!["'\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!["'\w-])/g,
        '"$&"',
      );
      return (await connection.runAndReadAll(quoted)).getRowObjectsJS();
    },
  };
}

/** Through a file: DuckDB then reads structs and maps by itself. */
export async function insert(
  connection: DuckDBConnection,
  table: string,
  columns: string,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'lake-'));
  try {
    const file = join(folder, 'rows.json');
    await writeFile(file, rows.map(row => JSON.stringify(row)).join('\n'));
    await connection.run(`CREATE TEMP TABLE shape (${columns})`);
    const types = await connection.runAndReadAll("SELECT name, type FROM pragma_table_info('shape')");
    const shape = types.getRowObjectsJS().map(({ name, type }) => `'${name}': '${type}'`);
    await connection.run(
      `INSERT INTO ${table} SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${shape.join(', ')}})`,
    );
    await connection.run('DROP TABLE shape');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toMarkerRow(marker: Marker): object {
  const event = toAuditEvent(marker, {
    userAgent: 'deploy-marker/0 test',
    recipientAccountId: '123456789012',
  });
  const { UID: uid, userIdentity, ...rest } = event;
  return {
    eventtime: event.eventTime,
    eventcategory: 'ActivityAuditLog',
    recipientaccountid: event.recipientAccountId,
    eventdata: {
      ...lowerKeys(rest),
      uid,
      useridentity: lowerKeys(userIdentity),
    },
  };
}

function toChangeRow(record: object): object {
  const row = lowerKeys(record);
  return {
    ...row,
    eventjson: JSON.stringify(record),
    useridentity: lowerKeys(row['useridentity']),
    requestparameters: toTexts(row['requestparameters']),
    responseelements: toTexts(row['responseelements']),
  };
}

/** Columns of structs are in lower case. */
export function lowerKeys(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]));
}

/** A map holds texts only. */
function toTexts(value: unknown): Record<string, string> | null {
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      field === null ? [] : [[key, typeof field === 'string' ? field : JSON.stringify(field)]],
    ),
  );
}

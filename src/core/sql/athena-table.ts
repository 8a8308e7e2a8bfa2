import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';

/**
 * Letters, digits and `_` are what Athena supports in names; others use `-`, which it takes between quotes.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
 */
const NAME = /^([a-z0-9_-]{1,255})\.([a-z0-9_-]{1,255})$/;

/** Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html (QueryString) */
const MOST_CHARACTERS = 262_144;

/** A table of Athena's, by its name. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** A table with what its catalogue tells of it; all names are in lower case. */
export interface TableLayout extends TableName {
  /** Type of each column as Hive writes it, for example `struct<type:string>`. */
  readonly columns: ReadonlyMap<string, string>;
  /** The same of the partition columns. */
  readonly partitions: ReadonlyMap<string, string>;
  /** Properties of the table, such as those of partition projection. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads `DATABASE.TABLE`. The names stand in statements between quotes, so that nothing but letters, digits, `_` and `-` passes.
 *
 * @param flag what names it, for messages
 * @throws DeployMarkerError USAGE
 */
export function parseTableName(text: string, flag: string): TableName {
  const [, database, table] = NAME.exec(text.toLowerCase()) ?? [];
  if (database !== undefined && table !== undefined) return { database, table };
  throw new DeployMarkerError('USAGE', `${flag} must be DATABASE.TABLE, got ${quote(text)}`, {
    hint: 'name a table of the catalogue AwsDataCatalog, for example deploy_marker.cloudtrail',
  });
}

/** The table for people. */
export function titleOf({ database, table }: TableName): string {
  return `athena:${database}.${table}`;
}

/** The table in a statement. */
export function quotedTable({ database, table }: TableName): string {
  return `"${database}"."${table}"`;
}

/** @throws DeployMarkerError QUERY_TOO_LONG if Athena takes no statement of this length */
export function checkAthenaStatement(statement: string): string {
  const { length } = statement;
  if (length <= MOST_CHARACTERS) return statement;
  throw new DeployMarkerError(
    'QUERY_TOO_LONG',
    `the statement has ${length} characters; Athena takes at most ${MOST_CHARACTERS}`,
  );
}

/** The error for a table that is none of those that we can read. */
export function unsuitable(table: TableName, why: string): DeployMarkerError {
  return new DeployMarkerError('TABLE_UNSUITABLE', `${titleOf(table)} ${why}`);
}

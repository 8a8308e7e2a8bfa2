import { GetTableMetadataCommand } from '@aws-sdk/client-athena';
import { type TableLayout, type TableName, titleOf } from '../../core/sql/athena-table.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { GET_TABLE_METADATA } from '../answers/shapes.ts';
import { type AthenaOptions, CATALOG, openAthena } from './client.ts';

/**
 * What the catalogue tells of a table: columns, partitions, and how partitions are projected.
 *
 * @throws DeployMarkerError TABLE_NOT_FOUND, ACCESS_DENIED, or as any call to AWS
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_GetTableMetadata.html
 */
export async function readTableLayout(
  options: AthenaOptions,
  { database, table }: TableName,
  signal: AbortSignal | undefined,
): Promise<TableLayout> {
  const { client, send } = openAthena(options);
  const command = new GetTableMetadataCommand({
    CatalogName: CATALOG,
    DatabaseName: database,
    TableName: table,
  });
  try {
    const { TableMetadata: found } = await send({
      operation: 'GetTableMetadata',
      signal,
      shape: GET_TABLE_METADATA,
      send: settings => client.send(command, settings),
    });
    return {
      database,
      table,
      columns: toTypes(found.Columns),
      partitions: toTypes(found.PartitionKeys),
      parameters: new Map(Object.entries(found.Parameters ?? {})),
    };
  } finally {
    client.destroy();
  }
}

/** Failures that say nothing of the table: who may run queries may not be allowed to ask for it, or it cannot be asked here. */
const UNTOLD: readonly ErrorCode[] = ['ACCESS_DENIED', 'AWS_REJECTED', 'AWS_UNAVAILABLE'];

/**
 * The same, or the table as it is documented where the catalogue does not tell. If it is another then, the query fails, or finds no record
 * at all, which is never taken for an answer.
 *
 * @throws DeployMarkerError as {@link readTableLayout}, where that says something of the table or ends all
 */
export async function readLayoutOr(
  documented: TableLayout,
  options: AthenaOptions,
  signal: AbortSignal | undefined,
): Promise<TableLayout> {
  try {
    return await readTableLayout(options, documented, signal);
  } catch (error) {
    if (!isDeployMarkerError(error) || !UNTOLD.includes(error.code)) throw error;
    const day = [...documented.partitions.keys()].join();
    options.warn?.(
      `${titleOf(documented)} is taken for a table as it is documented, divided by ${day}: ${error.message}`,
    );
    return documented;
  }
}

function toTypes(
  columns: readonly { readonly Name: string; readonly Type?: string | undefined }[] = [],
): ReadonlyMap<string, string> {
  return new Map(columns.map(({ Name, Type = '' }) => [Name.toLowerCase(), Type.toLowerCase()]));
}

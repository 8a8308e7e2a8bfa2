import { GetTableMetadataCommand } from '@aws-sdk/client-athena';
import type { TableLayout, TableName } from '../../core/sql/athena-table.ts';
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

function toTypes(
  columns: readonly { readonly Name: string; readonly Type?: string | undefined }[] = [],
): ReadonlyMap<string, string> {
  return new Map(columns.map(({ Name, Type = '' }) => [Name.toLowerCase(), Type.toLowerCase()]));
}

import { denied, type ErrorMeaning, toTable } from './error-table.ts';

/** The calls of Athena; CloudTrail Lake has a GetQueryResults, too. */
export type AthenaOperation =
  | 'StartQueryExecution'
  | 'GetQueryExecution'
  | 'StopQueryExecution'
  | 'athena:GetQueryResults'
  | 'GetTableMetadata';

/** Errors that are told by the call of Athena that met them. */
export const ATHENA_ERRORS: Readonly<Record<AthenaOperation, ReadonlyMap<string, ErrorMeaning>>> = {
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
  StartQueryExecution: toTable([
    [
      ['InvalidRequestException'],
      {
        code: 'QUERY_FAILED',
        hint: 'check --workgroup, and name a place for results with --output-location',
      },
    ],
    denied('athena:StartQueryExecution on the workgroup'),
  ]),
  GetQueryExecution: toTable([denied('athena:GetQueryExecution on the workgroup')]),
  StopQueryExecution: toTable([denied('athena:StopQueryExecution on the workgroup')]),
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
  'athena:GetQueryResults': toTable([
    denied('athena:GetQueryResults on the workgroup, and s3:GetObject on its results'),
  ]),
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_GetTableMetadata.html
  GetTableMetadata: toTable([
    [
      ['MetadataException'],
      {
        code: 'TABLE_NOT_FOUND',
        hint: 'check Region, database and table, and allow glue:GetDatabase and glue:GetTable on them',
      },
    ],
    denied('athena:GetTableMetadata on the data catalogue, and glue:GetDatabase and glue:GetTable'),
  ]),
};

import { randomUUID } from 'node:crypto';
import {
  checkMembers,
  createJsonResponse,
  type JsonInput,
  readJsonInput,
  readText,
} from '../aws-json-input.ts';
import type { AwsState } from '../aws-state.ts';
import { isJsonObject } from '../http-message.ts';
import { type Call, type Operation, placeOf } from '../operation.ts';
import { ATHENA, athenaRefusal, athenaViolation } from './athena-input.ts';
import type { AthenaQuery, AthenaState } from './athena-state.ts';
import { checkStatement } from './athena-statement.ts';
import type { AthenaTable } from './athena-tables.ts';

const CATALOG = 'AwsDataCatalog';

/** A member that is a structure, with none but the members `known`. */
function readStructure(input: JsonInput, name: string, known: readonly string[]): JsonInput {
  const value = input[name];
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw athenaViolation(`${name} must be a structure.`);
  checkMembers(value, known, name);
  return value;
}

/** Where a result goes; without a place for it no query starts. */
function readOutput(athena: AthenaState, input: JsonInput, workGroup: string): string {
  const group = athena.workGroups.get(workGroup);
  if (group === undefined) throw athenaRefusal(`WorkGroup ${workGroup} is not found.`);
  const location =
    readText(readStructure(input, 'ResultConfiguration', ['OutputLocation']), 'OutputLocation') ??
    group.outputLocation;
  if (location === undefined) {
    throw athenaRefusal(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  }
  if (!/^s3:\/\/[a-z0-9.-]{3,63}(?:\/.*)?$/.test(location))
    throw athenaRefusal('outputLocation is not a valid S3 path.');
  return location;
}

/** StartQueryExecution, of a statement over tables that are there; what it answers, the test says with `answerQuery`. */
export const START_QUERY_EXECUTION: Operation = {
  ...ATHENA,
  name: 'StartQueryExecution',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'QueryString',
      'ClientRequestToken',
      'QueryExecutionContext',
      'ResultConfiguration',
      'WorkGroup',
    ]);
    const statement = readText(input, 'QueryString') ?? '';
    if (statement.length < 1 || statement.length > 262_144)
      throw athenaViolation(`QueryString has ${statement.length} characters, not 1 to 262144.`);
    const token = readText(input, 'ClientRequestToken');
    if (token === undefined || token.length < 32 || token.length > 128)
      throw athenaViolation(
        'ClientRequestToken must have 32 to 128 characters; without it a repeat runs twice.',
      );
    const context = readStructure(input, 'QueryExecutionContext', ['Database', 'Catalog']);
    if ((readText(context, 'Catalog') ?? CATALOG) !== CATALOG)
      throw athenaRefusal('The catalog is not found.');
    const workGroup = readText(input, 'WorkGroup') ?? 'primary';
    const place = placeOf(call);
    return () => {
      const { athena } = state;
      const known = [...athena.queries.values()].find(
        query => query.token === token && query.place === place,
      );
      if (known !== undefined) return createJsonResponse({ QueryExecutionId: known.id });
      const outputLocation = readOutput(athena, input, workGroup);
      checkStatement(athena, statement);
      const id = randomUUID();
      athena.queries.set(id, {
        id,
        place,
        statement,
        workGroup,
        outputLocation,
        token,
        createdAt: state.now(),
        answer: athena.answerQuery(statement),
        ahead: [...athena.firstStates],
        stopped: false,
      });
      return createJsonResponse({ QueryExecutionId: id });
    };
  },
};

function readQuery(state: AwsState, call: Call, input: JsonInput): AthenaQuery {
  const id = readText(input, 'QueryExecutionId') ?? '';
  const query = state.athena.queries.get(id);
  if (query === undefined || query.place !== placeOf(call))
    throw athenaRefusal(`QueryExecution ${id} was not found`);
  return query;
}

function stateOf({ stopped, ahead: [next], answer }: AthenaQuery): string {
  if (stopped) return 'CANCELLED';
  return next ?? ('status' in answer ? answer.status : 'SUCCEEDED');
}

function reasonOf({ answer, stopped }: AthenaQuery, seen: string): Record<string, unknown> {
  if (stopped || seen === 'QUEUED' || seen === 'RUNNING' || !('status' in answer)) return {};
  const { reason, retryable = false } = answer;
  return {
    ...(reason === undefined ? {} : { StateChangeReason: reason }),
    AthenaError: { ErrorCategory: 2, ErrorType: 1, Retryable: retryable },
  };
}

/** GetQueryExecution: QUEUED, RUNNING, then how it ended, one step for each call. */
export const GET_QUERY_EXECUTION: Operation = {
  ...ATHENA,
  name: 'GetQueryExecution',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryExecutionId']);
    return () => {
      const query = readQuery(state, call, input);
      const seen = stateOf(query);
      query.ahead.shift();
      return createJsonResponse({
        QueryExecution: {
          QueryExecutionId: query.id,
          Query: query.statement,
          StatementType: 'DML',
          ResultConfiguration: { OutputLocation: `${query.outputLocation}${query.id}.csv` },
          WorkGroup: query.workGroup,
          Status: { State: seen, SubmissionDateTime: query.createdAt / 1000, ...reasonOf(query, seen) },
          Statistics:
            seen === 'QUEUED' ? {} : { DataScannedInBytes: 4_096_000, TotalExecutionTimeInMillis: 1500 },
        },
      });
    };
  },
};

function readMaxResults(input: JsonInput): number {
  const { MaxResults: most = 1000 } = input;
  if (typeof most !== 'number' || !Number.isSafeInteger(most) || most < 1 || most > 1000)
    throw athenaViolation('MaxResults must be between 1 and 1000.');
  return most;
}

/** GetQueryResults: a page of rows, of which the very first has the names of the columns. */
export const GET_ATHENA_RESULTS: Operation = {
  ...ATHENA,
  name: 'athena:GetQueryResults',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryExecutionId', 'NextToken', 'MaxResults']);
    const limit = readMaxResults(input);
    return () => {
      const query = readQuery(state, call, input);
      const seen = stateOf(query);
      if (seen !== 'SUCCEEDED' || 'status' in query.answer)
        throw athenaRefusal(`Query has not yet finished. Current state: ${seen}`);
      const { columns, rows } = query.answer;
      const token = readText(input, 'NextToken') ?? `${query.id}/0`;
      const [id, offset = ''] = token.split('/');
      if (id !== query.id || !/^\d{1,9}$/.test(offset))
        throw athenaViolation('The token is not of this query.');
      const from = Number(offset);
      const all = [columns, ...rows];
      return createJsonResponse({
        UpdateCount: 0,
        ResultSet: {
          Rows: all.slice(from, from + limit).map(cells => ({
            Data: cells.map(cell => (cell === null ? {} : { VarCharValue: cell })),
          })),
          ResultSetMetadata: {
            ColumnInfo: columns.map(Name => ({ CatalogName: 'hive', Name, Type: 'varchar' })),
          },
        },
        ...(from + limit < all.length ? { NextToken: `${query.id}/${from + limit}` } : {}),
      });
    };
  },
};

/** StopQueryExecution: of a query that is over, nothing happens, as with Athena. */
export const STOP_QUERY_EXECUTION: Operation = {
  ...ATHENA,
  name: 'StopQueryExecution',
  prepare(state, call) {
    const input = readJsonInput(call, ['QueryExecutionId']);
    return () => {
      const query = readQuery(state, call, input);
      if (query.ahead.length > 0) query.stopped = true;
      return createJsonResponse({});
    };
  },
};

function toColumns(types: AthenaTable['columns']): { Name: string; Type: string }[] {
  return [...types].map(([Name, Type]) => ({ Name, Type }));
}

/** GetTableMetadata, of the catalogue AwsDataCatalog. */
export const GET_TABLE_METADATA: Operation = {
  ...ATHENA,
  name: 'GetTableMetadata',
  prepare(state, call) {
    const input = readJsonInput(call, ['CatalogName', 'DatabaseName', 'TableName', 'WorkGroup']);
    const [catalog, database, name] = ['CatalogName', 'DatabaseName', 'TableName'].map(member => {
      const text = readText(input, member);
      if (text === undefined || text === '') throw athenaViolation(`${member} is missing.`);
      return text;
    });
    return () => {
      const table = catalog === CATALOG ? state.athena.tables.get(`${database}.${name}`) : undefined;
      if (table === undefined)
        throw athenaRefusal(
          `EntityNotFoundException: Entity ${database}.${name} not found`,
          'MetadataException',
        );
      return createJsonResponse({
        TableMetadata: {
          Name: table.table,
          TableType: 'EXTERNAL_TABLE',
          Columns: toColumns(table.columns),
          PartitionKeys: toColumns(table.partitions),
          Parameters: Object.fromEntries(table.parameters),
        },
      });
    };
  },
};

/** The operations of Athena that the server knows. */
export const ATHENA_OPERATIONS: readonly Operation[] = [
  START_QUERY_EXECUTION,
  GET_QUERY_EXECUTION,
  GET_ATHENA_RESULTS,
  STOP_QUERY_EXECUTION,
  GET_TABLE_METADATA,
];

/** The operation that an `X-Amz-Target` header names. */
export function findAthenaOperation(target: string): Operation | undefined {
  return ATHENA_OPERATIONS.find(({ name }) => target === `AmazonAthena.${name.replace('athena:', '')}`);
}

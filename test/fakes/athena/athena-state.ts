import { type AthenaTable, CHANGE_TABLE, MARKER_TABLE } from './athena-tables.ts';

/** What becomes of a query: its result, or how it ends without one. */
export type AthenaAnswer =
  | {
      readonly columns: readonly string[];
      /** Cells in the order of the columns; null for NULL. */
      readonly rows: readonly (readonly (string | null)[])[];
    }
  | { readonly status: 'FAILED' | 'CANCELLED'; readonly reason?: string; readonly retryable?: boolean };

/** A query that was started. */
export interface AthenaQuery {
  readonly id: string;
  /** `ACCOUNT/REGION` it runs in. */
  readonly place: string;
  readonly statement: string;
  readonly workGroup: string;
  readonly outputLocation: string;
  /** The client's, by which a repeated request is known. */
  readonly token: string | undefined;
  readonly createdAt: number;
  readonly answer: AthenaAnswer;
  /** States it still has to be seen in before it ends. */
  readonly ahead: ('QUEUED' | 'RUNNING')[];
  stopped: boolean;
}

/** Athena as the server knows it. */
export interface AthenaState {
  /** By `database.table`, all in the catalogue AwsDataCatalog. */
  readonly tables: Map<string, AthenaTable>;
  /** By name, with where results go unless a request says so. */
  readonly workGroups: Map<string, { readonly outputLocation?: string }>;
  /** By id, in the order they were started. */
  readonly queries: Map<string, AthenaQuery>;
  /** Answers a statement; there is no SQL engine here. Default: no rows of one column. */
  answerQuery: (statement: string) => AthenaAnswer;
  /** The states that a new query is seen in first, one per GetQueryExecution. */
  firstStates: readonly ('QUEUED' | 'RUNNING')[];
}

/** AWS's own table of records and ours of markers, and a workgroup that knows where results go. */
export function createAthenaState(): AthenaState {
  const tables = [CHANGE_TABLE, MARKER_TABLE].map((table): [string, AthenaTable] => [
    `${table.database}.${table.table}`,
    table,
  ]);
  return {
    tables: new Map(tables),
    workGroups: new Map([['primary', { outputLocation: 's3://results/' }]]),
    queries: new Map(),
    answerQuery: statement => ({ columns: columnsOf(statement), rows: [] }),
    firstStates: ['QUEUED', 'RUNNING'],
  };
}

/** The names that the outermost SELECT gives its columns, for statements that name each by AS or as a plain column. */
export function columnsOf(statement: string): string[] {
  const [, list = ''] = /^SELECT\s+([\s\S]*?)\s+FROM\s/.exec(statement) ?? [];
  const columns: string[] = [];
  let depth = 0;
  let column = '';
  for (const char of `${list},`) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) {
      columns.push((/(\w+)"?\s*$/.exec(column)?.[1] ?? '_col0').toLowerCase());
      column = '';
    } else column += char;
  }
  return columns;
}

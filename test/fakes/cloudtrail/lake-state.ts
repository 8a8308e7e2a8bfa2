/** An event data store of CloudTrail Lake. */
export interface EventDataStore {
  /** `arn:aws:cloudtrail:REGION:ACCOUNT:eventdatastore/ID` */
  readonly arn: string;
  /** False: it waits for its deletion, and cannot be queried. */
  readonly active?: boolean;
  /** Default `ENABLED`, or `PENDING_DELETION` if it is not active. */
  readonly status?: string;
  /** Default `deploys`. */
  readonly name?: string;
  /** Default false. */
  readonly multiRegion?: boolean;
  /** Default 366. */
  readonly retentionDays?: number;
  /** Default true. */
  readonly terminationProtected?: boolean;
}

/** A row of a result: what each column has, in order. CloudTrail Lake writes every value as a string. */
export type LakeRow = Readonly<Record<string, string | null>>;

/** What becomes of a query: its rows, or how it ends without them. A query that timed out may have rows all the same. */
export type LakeAnswer =
  | { readonly rows: readonly LakeRow[] }
  | {
      readonly status: 'FAILED' | 'CANCELLED' | 'TIMED_OUT';
      readonly message?: string;
      readonly rows?: readonly LakeRow[];
    };

/** A query that was started. */
export interface LakeQuery {
  readonly id: string;
  /** `ACCOUNT/REGION` it runs in. */
  readonly place: string;
  readonly statement: string;
  readonly createdAt: number;
  readonly answer: LakeAnswer;
  /** States it still has to be seen in before it ends. */
  readonly ahead: ('QUEUED' | 'RUNNING')[];
  cancelled: boolean;
}

/** CloudTrail Lake as the server knows it. */
export interface LakeState {
  /** By id. */
  readonly stores: Map<string, EventDataStore>;
  /** A store of activity outside of AWS, for markers. */
  readonly markerStoreId: string;
  /** A store of management events. */
  readonly changeStoreId: string;
  /** By id, in the order they were started. */
  readonly queries: Map<string, LakeQuery>;
  /** Answers a statement; there is no SQL engine here. Default: no rows. */
  answerQuery: (statement: string) => LakeAnswer;
  /** The states that a new query is seen in first, one per DescribeQuery or GetQueryResults. */
  firstStates: readonly ('QUEUED' | 'RUNNING')[];
}

/** Two stores of one account and region, and no query yet. */
export function createLakeState(accountId: string, region: string): LakeState {
  const markerStoreId = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';
  const changeStoreId = 'a1b2c3d4-0002-4a5b-8c6d-7e8f90a1b2c3';
  const toStore = (id: string): [string, EventDataStore] => [
    id,
    { arn: `arn:aws:cloudtrail:${region}:${accountId}:eventdatastore/${id}` },
  ];
  return {
    stores: new Map([markerStoreId, changeStoreId].map(toStore)),
    markerStoreId,
    changeStoreId,
    queries: new Map(),
    answerQuery: () => ({ rows: [] }),
    firstStates: ['QUEUED', 'RUNNING'],
  };
}

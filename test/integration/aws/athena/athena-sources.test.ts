import { beforeEach, describe, expect, test } from 'vitest';
import { createAthenaChanges, createAthenaMarkers } from '../../../../src/aws/athena/athena-sources.ts';
import { MARKER_FIELDS } from '../../../../src/core/marker/marker.ts';
import type { LeftOut } from '../../../../src/core/source/gap.ts';
import { parseTableName } from '../../../../src/core/sql/athena-table.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { type AthenaState, columnsOf } from '../../../fakes/athena/athena-state.ts';
import { type AthenaTable, CHANGE_TABLE } from '../../../fakes/athena/athena-tables.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';
import { sampleMarker } from '../../../unit/core/marker/sample-marker.ts';

const HOUR = 3_600_000;
const RANGE = { from: Date.parse('2025-12-14T08:00:00Z'), until: Date.parse('2025-12-14T20:00:00Z') };

const aws = useAwsServer();
let athena: AthenaState;
beforeEach(() => {
  athena = aws.server.state.athena;
  athena.firstStates = [];
});

/** Answers with rows that have these cells, by the names that the statement gives its columns. */
function answerRows(...rows: readonly Readonly<Record<string, string>>[]): void {
  athena.answerQuery = statement => {
    const columns = columnsOf(statement);
    return { columns, rows: rows.map(row => columns.map(column => row[column] ?? null)) };
  };
}

function table(change: Partial<AthenaTable>): void {
  athena.tables.set('deploys.t', { ...CHANGE_TABLE, table: 't', ...change });
}

async function readChanges(name = 'deploys.cloudtrail_logs_pp', more = {}) {
  const notes: string[] = [];
  const leftOut: LeftOut[] = [];
  const source = createAthenaChanges({
    table: parseTableName(name, '--changes'),
    region: 'eu-west-1',
    env: aws.server.env(),
    maxAttempts: 1,
    regions: [],
    accounts: [],
    late: 6 * HOUR,
    note: note => notes.push(note),
    ...more,
  });
  const records: unknown[] = [];
  const errors: DeployMarkerError[] = [];
  const query = { ...RANGE, services: ['lambda', 's3'], component: undefined };
  try {
    errors.push(
      ...(await source.read(query, each => records.push(each), {
        signal: new AbortController().signal,
        onLeftOut: each => leftOut.push(each),
      })),
    );
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    errors.push(error);
  }
  const [query1] = athena.queries.values();
  return { records, errors, notes, leftOut, statement: query1?.statement ?? '' };
}

describe('changes in a table of Athena', () => {
  test('are records again, and tell what they cost', async () => {
    answerRows({
      eventid: 'e1',
      eventtime: '2025-12-14T08:10:00Z',
      eventsource: 'lambda.amazonaws.com',
      readonly: 'false',
      requestparameters: '{"functionName":"a","n":{"x":[1]}}',
      responseelements: 'null',
      useridentity_type: 'AssumedRole',
      useridentity_sessioncontext_sessionissuer_username: 'deploy',
      resources: '["arn:aws:lambda:eu-west-1:1:function:a",null]',
    });
    const { records, errors, notes } = await readChanges();
    expect(errors).toEqual([]);
    expect(records).toEqual([
      {
        eventID: 'e1',
        eventTime: '2025-12-14T08:10:00Z',
        eventSource: 'lambda.amazonaws.com',
        readOnly: false,
        requestParameters: { functionName: 'a', n: { x: [1] } },
        responseElements: null,
        userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'deploy' } } },
        resources: [{ arn: 'arn:aws:lambda:eu-west-1:1:function:a' }, { arn: null }],
      },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/^athena:deploys\.cloudtrail_logs_pp: query \S{36}: SUCCEEDED, 4\.1 MB scanned$/),
    ]);
  });

  test('are asked for by day, those after it too, and by nothing but what is read', async () => {
    const { statement } = await readChanges();
    expect(statement).toContain(`"timestamp" BETWEEN '2025/12/14' AND '2025/12/15'`);
    expect(statement).toContain(`< timestamp '2025-12-14 20:00:00'`);
    expect(statement).not.toContain('useragent');
    expect(statement).not.toContain('*');
  });

  test.each([
    [0, '2025/12/14'],
    [4 * HOUR, '2025/12/14'],
    [4 * HOUR + 1, '2025/12/15'],
    [30 * HOUR, '2025/12/16'],
  ])('that come %i ms late lie up to the day %s', async (late, last) => {
    const { statement } = await readChanges('deploys.cloudtrail_logs_pp', { late });
    expect(statement).toContain(`"timestamp" BETWEEN '2025/12/14' AND '${last}'`);
  });

  test.each([
    ['without a partition', { partitions: new Map() }, 'is not divided by days: its partitions are none'],
    ['divided otherwise', { partitions: new Map([['hour', 'string']]) }, 'its partitions are hour'],
    [
      'of days in another form',
      { parameters: new Map([['projection.timestamp.format', 'dd.MM.yyyy']]) },
      'dd.MM.yyyy',
    ],
    [
      'that wants an account named',
      {
        partitions: new Map([...CHANGE_TABLE.partitions, ['account', 'string']]),
        parameters: new Map([...CHANGE_TABLE.parameters, ['projection.account.type', 'injected']]),
      },
      'to be named, with --account',
    ],
    ['without errorcode', { columns: without('errorcode') }, 'has no column errorcode'],
    [
      'with a map',
      { columns: new Map([...CHANGE_TABLE.columns, ['requestparameters', 'map<string,string>']]) },
      'map<',
    ],
    [
      'with the identity as text',
      { columns: new Map([...CHANGE_TABLE.columns, ['useridentity', 'string']]) },
      'useridentity.type',
    ],
  ] as const)('of a table %s are refused', async (_, change, message) => {
    table(change);
    const { errors } = await readChanges('deploys.t');
    expect(errors).toMatchObject([
      { code: 'TABLE_UNSUITABLE', exitCode: 7, message: expect.stringContaining(message) },
    ]);
    expect(athena.queries.size).toBe(0);
  });

  test('of an older table are read, and incomplete', async () => {
    table({ columns: without('sessioncredentialfromconsole', 'sharedeventid') });
    answerRows({ eventid: 'e1' });
    const { records, errors } = await readChanges('deploys.t');
    expect(records).toHaveLength(1);
    expect(errors).toMatchObject([
      {
        code: 'ANSWER_INCOMPLETE',
        message: expect.stringContaining('has no sharedeventid, sessioncredentialfromconsole'),
      },
    ]);
  });

  test('are read in the Regions and accounts that are named, which is told', async () => {
    table({
      partitions: new Map([
        ['account', 'string'],
        ['region', 'string'],
        ['day', 'string'],
      ]),
    });
    const { statement, leftOut } = await readChanges('deploys.t', {
      regions: ["eu'1", 'us-east-1'],
      accounts: ['111122223333'],
    });
    expect(statement).toContain(`"region" IN ('eu''1', 'us-east-1')`);
    expect(statement).toContain(`"account" IN ('111122223333')`);
    expect(leftOut.map(({ kind, message }) => [kind, message])).toEqual([
      ['left-out', "Regions other than eu'1, us-east-1 (--region) were not read"],
      ['left-out', 'accounts other than 111122223333 (--account) were not read'],
    ]);
    expect((await readChanges(undefined, { regions: ['eu-west-1'] })).leftOut).toEqual([]);
  });

  test('are none of Regions that the table does not know, which is told', async () => {
    table({
      partitions: new Map([...CHANGE_TABLE.partitions, ['region', 'string']]),
      parameters: new Map([...CHANGE_TABLE.parameters, ['projection.region.values', 'eu-west-1,us-east-1']]),
    });
    expect((await readChanges('deploys.t')).leftOut).toEqual([
      {
        kind: 'left-out',
        message: 'Regions other than eu-west-1, us-east-1 are not in the table (projection.region.values)',
      },
    ]);
  });

  test('whose JSON does not hold are counted and named, and the rest is read', async () => {
    answerRows(
      { eventid: 'e1', requestparameters: '{"functionName":' },
      { eventid: 'e2', requestparameters: '' },
      { eventid: 'e3', resources: 'x' },
    );
    const { records, errors } = await readChanges();
    expect(records).toMatchObject([{ eventID: 'e2', requestParameters: null }]);
    expect(errors).toMatchObject([
      {
        code: 'UNEXPECTED_RESPONSE',
        message: expect.stringMatching(/event e1 is no CloudTrail record.* 1 more row$/),
      },
    ]);
  });

  test('of a table that is not there', async () => {
    expect((await readChanges('deploys.none')).errors).toMatchObject([
      { code: 'TABLE_NOT_FOUND', exitCode: 5 },
    ]);
  });

  test.each([
    '{}',
    'null',
    '{"TableMetadata":{}}',
    '{"TableMetadata":{"Name":"t"}}',
    '{"TableMetadata":{"Name":"t","Columns":[{}]}}',
  ])('of a table of which the catalogue says %s are none', async body => {
    aws.server.faults.add('GetTableMetadata', { kind: 'answer', body });
    expect((await readChanges()).errors).toMatchObject([{ code: 'UNEXPECTED_RESPONSE' }]);
  });
});

describe('a table of which the catalogue does not tell', () => {
  test.each([
    { kind: 'denied' },
    { kind: 'error', status: 400, code: 'UnknownOperationException' },
    { kind: 'error500' },
  ] as const)('by %o is taken for AWS’s own, which is told', async fault => {
    aws.server.faults.add('GetTableMetadata', fault);
    const told: string[] = [];
    answerRows({ eventid: 'e1', resources: '["arn"]' });
    const { records, errors, statement } = await readChanges(undefined, {
      warn: (text: string) => told.push(text),
    });
    expect(errors).toEqual([]);
    expect(records).toEqual([{ eventID: 'e1', resources: [{ arn: 'arn' }] }]);
    expect(statement).toContain(`"timestamp" BETWEEN`);
    expect(told).toEqual([
      expect.stringMatching(
        /^athena:deploys\.cloudtrail_logs_pp is taken for .* divided by timestamp: GetTableMetadata/,
      ),
    ]);
  });

  test('is no reason to go on where nothing can be asked', async () => {
    aws.server.faults.add('GetTableMetadata', { kind: 'expired' }, 9);
    expect((await readChanges()).errors).toMatchObject([{ code: 'CREDENTIALS_EXPIRED' }]);
    expect(athena.queries.size).toBe(0);
  });
});

describe('markers in a table of Athena', () => {
  const { labels: _, ...plain } = sampleMarker();

  async function readMarkers(range = RANGE) {
    const source = createAthenaMarkers({
      table: parseTableName('Deploys.Markers', '--markers'),
      region: 'eu-west-1',
      env: aws.server.env(),
    });
    const markers: unknown[] = [];
    const errors = await source.read(range, each => markers.push(each), {
      signal: new AbortController().signal,
    });
    return { markers, errors };
  }

  test('are markers again, without a time of their store', async () => {
    const cells: Record<string, string> = {};
    for (const name of MARKER_FIELDS) {
      const value = sampleMarker()[name];
      if (typeof value === 'string') cells[name] = value;
    }
    answerRows(
      { ...cells, labels: '{"team":"billing"}' },
      { ...cells, git_sha: 'main' },
      { ...cells, labels: '{' },
    );
    const { markers, errors } = await readMarkers();
    expect(markers).toEqual([{ ...plain, labels: { team: 'billing' } }]);
    expect(errors).toMatchObject([
      { code: 'MARKER_INVALID', message: expect.stringMatching(/git_sha.* 1 more row$/) },
    ]);
    const [query] = athena.queries.values();
    expect(query?.statement).toContain(`"day" BETWEEN '2025/12/13' AND '2025/12/15'`);
  });
});

function without(...names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...CHANGE_TABLE.columns].filter(([name]) => !names.includes(name)));
}

import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { sendSigned } from '../../fakes/signed-client.ts';

const DAY = `"day" = '2026/11/28'`;
const TOKEN = 'a'.repeat(36);

let server: AwsServer;
let client: AthenaClient;
beforeEach(async () => {
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  client = new AthenaClient({ maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  vi.unstubAllEnvs();
  await server.close();
});

const start = (QueryString: string, more = {}) =>
  client.send(new StartQueryExecutionCommand({ QueryString, ...more }));

/** Sends a body as it is, which the SDK would not. */
function send(operation: string, body: unknown) {
  const headers: [string, string][] = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['x-amz-target', `AmazonAthena.${operation}`],
  ];
  return sendSigned(server, { target: '/', headers, body: JSON.stringify(body) }, { service: 'athena' });
}

describe('a query', () => {
  afterEach(() => expect(server.violations).toEqual([]));

  test('that is sent twice with one token runs once', async () => {
    const statement = `SELECT "uid" FROM "deploys"."markers" WHERE ${DAY}`;
    const ids = [];
    for (let time = 0; time < 2; time += 1)
      ids.push((await start(statement, { ClientRequestToken: TOKEN })).QueryExecutionId);
    expect(new Set(ids).size).toBe(1);
    expect(server.state.athena.queries.size).toBe(1);
  });

  test('has no rows before it has ended', async () => {
    const { QueryExecutionId } = await start(`SELECT "uid" FROM "deploys"."markers" WHERE ${DAY}`);
    await expect(client.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'Query has not yet finished. Current state: QUEUED',
    });
    await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.Rows).toEqual([{ Data: [{ VarCharValue: 'uid' }] }]);
  });

  test('over a table that is not there is refused', async () => {
    await expect(start(`SELECT "uid" FROM "deploys"."none" WHERE ${DAY}`)).rejects.toThrow('TABLE_NOT_FOUND');
  });
});

describe('no correct client', () => {
  afterEach(() => expect(server.violations).toHaveLength(1));

  test.each([
    ['changes anything', 'DROP TABLE markers'],
    ['sends two statements', `SELECT 1 FROM "deploys"."markers" WHERE ${DAY}; SELECT 2`],
    ['leaves a literal open', `SELECT 1 FROM "deploys"."markers" WHERE ${DAY} AND a = 'x`],
    ['leaves a bracket open', `SELECT (1 FROM "deploys"."markers" WHERE ${DAY}`],
    ['names no table', 'SELECT 1'],
    ['reads a table as a whole', 'SELECT "uid" FROM "deploys"."markers"'],
  ])('%s', async (_, statement) => {
    await expect(start(statement)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test.each([
    ['StartQueryExecution', { QueryString: 'SELECT 1' }],
    ['StartQueryExecution', { QueryString: '', ClientRequestToken: TOKEN }],
    ['StartQueryExecution', { QueryString: 'x', ClientRequestToken: TOKEN, Workgroup: 'x' }],
    ['StartQueryExecution', { QueryString: 'x', ClientRequestToken: TOKEN, ResultConfiguration: 's3://x' }],
    ['GetQueryResults', { QueryExecutionId: 'x', MaxResults: 1001 }],
    ['GetTableMetadata', { CatalogName: 'AwsDataCatalog', DatabaseName: 'x' }],
  ])('sends %s %j', async (operation, body) => {
    expect((await send(operation, body)).status).toBe(400);
  });
});

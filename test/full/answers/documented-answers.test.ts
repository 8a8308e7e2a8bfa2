import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStackDrift } from '../../../src/aws/cloudformation/stack-drift.ts';
import { openStackResources } from '../../../src/aws/cloudformation/stack-resources.ts';
import { readChannelStatus } from '../../../src/aws/cloudtrail/channel-status.ts';
import { createEventHistory } from '../../../src/aws/cloudtrail/event-history.ts';
import { checkHistoryAccess } from '../../../src/aws/cloudtrail/history-access.ts';
import { runLakeQuery } from '../../../src/aws/cloudtrail/lake-query.ts';
import { readStoreStatus } from '../../../src/aws/cloudtrail/store-status.ts';
import { createLakeSink } from '../../../src/aws/cloudtrail-data/lake-sink.ts';
import { createConfigPace, openConfigHistory } from '../../../src/aws/config/config-history.ts';
import { readRoleTrust } from '../../../src/aws/iam/role-trust.ts';
import { readLogGroupStatus } from '../../../src/aws/logs/group-status.ts';
import { createLogMarkers } from '../../../src/aws/logs/log-markers.ts';
import { createLogsSink } from '../../../src/aws/logs/logs-sink.ts';
import { openStateObject } from '../../../src/aws/s3/state-object.ts';
import { createSnsNotice } from '../../../src/aws/sns/sns-notice.ts';
import { readCallerIdentity } from '../../../src/aws/sts/caller-identity.ts';
import { assumeRole } from '../../../src/aws/sts/sts.ts';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import type { OperationName } from '../../fakes/faults.ts';
import { listenOnLoopback } from '../../fakes/loopback-port.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';

const REGION = 'eu-west-1';
const TOPIC = `arn:aws:sns:${REGION}:111122223333:deploys`;
const RANGE = { from: Date.now() - 3_600_000, until: Date.now() };

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer({ logGroups: ['/deploys'] });
  server.state.logGroups.get('/deploys')?.streams.set('s', []);
  server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
  server.state.topics.add(TOPIC);
  server.state.buckets.set('acme-audit', { objects: new Map() });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

const place = () => ({ region: REGION, env: server.env(), maxAttempts: 1 });
const signal = new AbortController().signal;

function freshMarker() {
  const { started_at: _, ...marker } = sampleMarker({ uid: 'a' });
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  return { ...marker, deployed_at: now, recorded_at: now };
}

async function readHistory(role = {}): Promise<unknown> {
  const options = { ...place(), ...role, account: 'this account', maxPages: 20, now: Date.now };
  const query = { ...RANGE, services: ['lambda'], component: undefined };
  return createEventHistory(options).read(query, () => {}, { signal });
}

async function runQuery(): Promise<unknown> {
  const rows: unknown[] = [];
  const statement = `SELECT eventID AS event_id FROM ${server.state.lake.changeStoreId}`;
  for await (const row of runLakeQuery({ ...place(), statement })) rows.push(row);
  return rows;
}

function openState() {
  return openStateObject({ ...place(), address: { bucket: 'acme-audit', key: 'state.json' } });
}

const JSON_BODIES = ['', 'null', '[]', '"x"', '{}', 'true', '[{}]', '{"message":null}'];
const XML_BODIES = ['', 'null', '[]', '"x"', '{}', '<html></html>', '<a/>'];

/** The answer of an operation of the query protocol with this result. */
function result(operation: string, inner: string): string {
  return `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`;
}

const KEYS = '<AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken>';
const EXPIRY = '<Expiration>2099-01-01T00:00:00Z</Expiration>';

interface Row {
  readonly ask: () => Promise<unknown>;
  /** What is wrong with this operation alone. */
  readonly wrong: readonly string[];
}

const JSON_ROWS: Partial<Record<OperationName, Row>> = {
  LookupEvents: {
    ask: () => readHistory(),
    wrong: [
      '{"Events":{}}',
      '{"Events":"x"}',
      '{"Events":null}',
      '{"events":[]}',
      '{"Events":[null]}',
      '{"Events":["x"]}',
      '{"Events":[{}]}',
      '{"Events":[{"CloudTrailEvent":{}}]}',
      '{"Events":[{"CloudTrailEvent":""}]}',
      '{"Events":[{"CloudTrailEvent":"null"}]}',
      '{"Events":[{"CloudTrailEvent":"[]"}]}',
      '{"Events":[{"CloudTrailEvent":"{}","EventTime":"today"}]}',
      '{"Events":[],"NextToken":""}',
      '{"Events":[],"NextToken":5}',
    ],
  },
  StartQuery: { ask: runQuery, wrong: ['{"QueryId":5}', '{"QueryId":""}', '{"QueryId":["x"]}'] },
  DescribeQuery: {
    ask: runQuery,
    wrong: [
      '{"QueryStatus":5}',
      '{"QueryStatus":{}}',
      '{"QueryStatus":"RUNNING","QueryStatistics":"x"}',
      '{"QueryStatus":"FINISHED","ErrorMessage":"a part was left out"}',
    ],
  },
  GetQueryResults: {
    ask: runQuery,
    wrong: [
      '{"QueryStatus":"FINISHED"}',
      '{"QueryResultRows":[]}',
      '{"QueryStatus":"RUNNING","QueryResultRows":[]}',
      '{"QueryStatus":"FINISHED","QueryResultRows":{}}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[{"a":"b"}]}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[["a"]]}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[[{"a":5}]]}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[],"NextToken":""}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[],"QueryStatistics":{"TotalResultsCount":3}}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[],"QueryStatistics":{"TotalResultsCount":"0"}}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[],"QueryStatistics":{"ResultsCount":3}}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[],"ErrorMessage":"a part was left out"}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[[{"a":"b"},{"a":"c"}]]}',
      '{"QueryStatus":"FINISHED","QueryResultRows":[[{"a":null,"b":"c"},{"b":null}]]}',
    ],
  },
  FilterLogEvents: {
    ask: () => createLogMarkers({ ...place(), logGroup: '/deploys' }).read(RANGE, () => {}, { signal }),
    wrong: [
      '{"events":{}}',
      '{"Events":[]}',
      '{"events":[{}]}',
      '{"events":[{"message":5}]}',
      '{"events":[],"nextToken":""}',
    ],
  },
  PutLogEvents: {
    ask: () => createLogsSink({ ...place(), logGroup: '/deploys', logStream: 's' }).deliver([freshMarker()]),
    wrong: [
      '{"nextSequenceToken":""}',
      '{"rejectedLogEventsInfo":"x"}',
      '{"nextSequenceToken":"1","rejectedLogEventsInfo":{"tooOldLogEventEndIndex":"1"}}',
    ],
  },
  PutAuditEvents: {
    ask: () =>
      createLakeSink({ ...place(), channelArn: server.state.defaultChannelArn }).deliver([freshMarker()]),
    wrong: [
      '{"successful":[]}',
      '{"failed":[]}',
      '{"successful":{},"failed":{}}',
      '{"successful":[],"failed":[]}',
      '{"successful":[{"id":"a"}],"failed":[]}',
      '{"successful":[{"id":"a","eventID":""}],"failed":[]}',
      '{"successful":[{"id":"a","eventID":"e"}]}',
      '{"successful":[{"id":"b","eventID":"e"}],"failed":[]}',
    ],
  },
  GetChannel: {
    ask: () => readChannelStatus({ ...place(), channelArn: server.state.defaultChannelArn }, undefined),
    wrong: ['{"Source":"Custom"}', '{"Source":5,"Destinations":[]}', '{"Source":"Custom","Destinations":{}}'],
  },
  GetEventDataStore: {
    ask: () => readStoreStatus({ ...place(), store: server.state.lake.markerStoreId }, undefined),
    wrong: ['{"EventDataStoreArn":"x"}', '{"EventDataStoreArn":"x","Status":[]}'],
  },
  DescribeLogGroups: {
    ask: () => readLogGroupStatus({ ...place(), logGroup: '/deploys' }, undefined),
    wrong: ['{"logGroups":{}}', '{"logGroups":[{"logGroupName":"/deploys"}]}', '{"logGroups":[null]}'],
  },
  GetResourceConfigHistory: {
    ask: () =>
      config().read({
        ...ITEM,
        first: RANGE.from,
        last: RANGE.from,
        through: RANGE.from,
        until: RANGE.until,
        signal,
      }),
    wrong: [
      '{"configurationItems":[{}]}',
      '{"configurationItems":[{"configurationItemStatus":"OK"}]}',
      '{"configurationItems":[{"configurationItemCaptureTime":1,"configurationItemStatus":"OK","configuration":{}}]}',
    ],
  },
  ListDiscoveredResources: {
    ask: () => config().findId(ITEM.type, 'a', signal),
    wrong: ['{"resourceIdentifiers":[{}]}', '{"resourceIdentifiers":[{"resourceId":""}]}'],
  },
};

const ITEM = { type: 'AWS::Lambda::Function', resourceId: 'a' };
const config = () => openConfigHistory(place(), createConfigPace());
const drift = () => openStackDrift(place());

const XML_ROWS: Partial<Record<OperationName, Row>> = {
  DescribeStackResources: {
    ask: () => drift().describe('billing', signal),
    wrong: ['', '<StackResources><member/></StackResources>'],
  },
  DescribeStackResourceDrifts: {
    ask: () => drift().readDrifts('billing', undefined, signal),
    wrong: ['', '<StackResourceDrifts><member/></StackResourceDrifts>'],
  },
  DetectStackDrift: {
    ask: () => drift().detect('billing', [], signal),
    wrong: ['', '<StackDriftDetectionId/>'],
  },
  ListStackResources: {
    ask: () => openStackResources(place())('billing', undefined),
    wrong: [
      '',
      '<StackResourceSummaries><member/></StackResourceSummaries>',
      '<StackResourceSummaries><member><ResourceType>x</ResourceType></member></StackResourceSummaries>',
    ],
  },
  Publish: {
    ask: () => createSnsNotice({ ...place(), topicArn: TOPIC })({ subject: 's', text: 't' }, undefined),
    wrong: ['', '<MessageId/>'],
  },
  GetRole: {
    ask: () => readRoleTrust({ ...place(), roleArn: server.state.defaultRoleArn }, undefined),
    wrong: ['', '<Role/>', '<Role><Arn>x</Arn></Role>'],
  },
  GetCallerIdentity: {
    ask: () => readCallerIdentity(place(), undefined),
    wrong: ['', '<Arn>x</Arn>', '<Arn>x</Arn><Account>us</Account>', '<Account>111122223333</Account>'],
  },
  AssumeRole: {
    ask: () =>
      readHistory({ role: { roleArn: server.state.defaultRoleArn, sessionName: 'dm', region: REGION } }),
    wrong: [
      '',
      `<Credentials>${KEYS}</Credentials>`,
      `<Credentials>${EXPIRY}</Credentials>`,
      '<Credentials/>',
    ],
  },
  AssumeRoleWithWebIdentity: {
    ask: () =>
      assumeRole({
        roleArn: server.state.defaultRoleArn,
        sessionName: 'ci-prod-deploy-a1b2c3d',
        webIdentityToken: mintToken(),
        env: server.env(),
      }),
    wrong: [
      '',
      `<Credentials>${KEYS}${EXPIRY}</Credentials>`,
      `<AssumedRoleUser><Arn>x</Arn></AssumedRoleUser><Credentials>${KEYS}</Credentials>`,
      `<AssumedRoleUser><Arn>x</Arn></AssumedRoleUser><Credentials>${KEYS}<Expiration>soon</Expiration></Credentials>`,
    ],
  },
};

const S3_ROWS: Partial<Record<OperationName, Row>> = {
  GetObject: { ask: () => openState().read(), wrong: ['{"version":1}'] },
  PutObject: { ask: () => openState().write('{}'), wrong: ['<html></html>'] },
};

function isOperation(name: string): name is OperationName {
  return name in JSON_ROWS || name in XML_ROWS || name in S3_ROWS;
}

function rowsOf(table: Partial<Record<OperationName, Row>>, toBodies: (name: string, row: Row) => string[]) {
  return Object.entries(table).flatMap(([name, row]) =>
    toBodies(name, row).map(body => [name, body, row.ask] as const),
  );
}

const CASES = [
  ...rowsOf(JSON_ROWS, (_, { wrong }) => [...JSON_BODIES, ...wrong]),
  ...rowsOf(XML_ROWS, (name, { wrong }) => [...XML_BODIES, ...wrong.map(inner => result(name, inner))]),
  ...rowsOf(S3_ROWS, (_, { wrong }) => [...JSON_BODIES, ...wrong]),
];

describe('HTTP 200 with a body that is not the documented one is no answer', () => {
  test.each(CASES)('%s: %s', async (operation, body, ask) => {
    if (!isOperation(operation)) throw new Error(operation);
    server.faults.add(operation, { kind: 'answer', body }, Number.POSITIVE_INFINITY);
    await expect(ask()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE', exitCode: 4 });
    expect(server.requests.filter(request => request.operation === operation)).toHaveLength(1);
  });

  test('what reads no event looks at the form all the same', async () => {
    server.faults.add('LookupEvents', { kind: 'answer', body: '{}' });
    await expect(checkHistoryAccess(place(), undefined)).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'LookupEvents answered HTTP 200, but not as documented: Events is missing',
    });
  });

  test.each([
    ['{"Events":[{"CloudTrailEvent":5}]}', 'Events[0].CloudTrailEvent is no text'],
    ['{"Events":[{"CloudTrailEvent":""}]}', 'Events[0].CloudTrailEvent is empty'],
    ['{"Events":{}}', 'Events is no list'],
  ])('%s is told: %s', async (body, why) => {
    server.faults.add('LookupEvents', { kind: 'answer', body });
    const message = expect.stringMatching(new RegExp(`${why.replace(/[[\]]/g, '.')}$`));
    await expect(readHistory()).rejects.toMatchObject({ message });
  });
});

describe('an answer in its documented form', () => {
  test('may be empty', async () => {
    server.faults.add('LookupEvents', { kind: 'answer', body: '{"Events":[]}' }, 2);
    server.faults.add('FilterLogEvents', { kind: 'answer', body: '{"events":[],"nextToken":null}' });
    expect(await readHistory()).toEqual([]);
    expect(await JSON_ROWS.FilterLogEvents?.ask()).toEqual([]);
  });

  test('that names an event as stored and as refused is a refusal', async () => {
    const both = (errorCode: string): string =>
      `{"successful":[{"id":"a","eventID":"e"}],"failed":[{"id":"a","errorCode":"${errorCode}","errorMessage":"no"}]}`;
    server.faults.add('PutAuditEvents', { kind: 'answer', body: both('InvalidData') });
    await expect(JSON_ROWS.PutAuditEvents?.ask()).rejects.toMatchObject({
      code: 'EVENTS_REJECTED',
      exitCode: 9,
      delivery: { delivered: [], failed: [{ errorCode: 'InvalidData' }] },
    });
    server.faults.add('PutAuditEvents', { kind: 'answer', body: both('Throttling') });
    expect(await JSON_ROWS.PutAuditEvents?.ask()).toMatchObject({ failed: [] });
    expect(server.requests).toHaveLength(3);
  });

  test('that says something hostile is told on one harmless line', async () => {
    const forged = 'x\n::add-mask::prod\r::error::y\u001b[2J\u009b2J\u202e\u2028z';
    const harmless = 'x ::add-mask::prod ::error::y\\u001b[2J\\u009b2J\\u202e z';
    const stored = JSON.stringify({ successful: [{ id: 'a', eventID: forged }], failed: [] });
    server.faults.add('PutAuditEvents', { kind: 'answer', body: stored });
    expect(await JSON_ROWS.PutAuditEvents?.ask()).toMatchObject({ delivered: [{ eventId: harmless }] });
    const failed = [{ id: 'a', errorCode: forged, errorMessage: forged }];
    server.faults.add('PutAuditEvents', { kind: 'answer', body: JSON.stringify({ successful: [], failed }) });
    await expect(JSON_ROWS.PutAuditEvents?.ask()).rejects.toMatchObject({
      delivery: { failed: [{ errorCode: harmless, errorMessage: harmless }] },
    });
  });

  test('may hold more than is known today', async () => {
    const body = '{"successful":[{"id":"a","eventID":"e","new":[1]}],"failed":[],"also":{"new":1}}';
    server.faults.add('PutAuditEvents', { kind: 'answer', body });
    expect(await JSON_ROWS.PutAuditEvents?.ask()).toMatchObject({ delivered: [{ eventId: 'e' }] });
  });
});

test.each([
  ['LookupEvents', 'CLOUDTRAIL', '{"Events":[],"NextToken":"t"}'],
  ['FilterLogEvents', 'CLOUDWATCH_LOGS', '{"events":[],"nextToken":"t"}'],
  ['DescribeLogGroups', 'CLOUDWATCH_LOGS', '{"logGroups":[],"nextToken":"t"}'],
] as const)('%s that gives the same token for ever ends', async (operation, service, body) => {
  let requests = 0;
  const other = createServer((request, reply) => {
    requests += 1;
    request.resume().once('end', () => reply.end(body));
  });
  vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, `http://127.0.0.1:${await listenOnLoopback(other)}`);
  await expect(JSON_ROWS[operation]?.ask()).rejects.toMatchObject({
    code: 'UNEXPECTED_RESPONSE',
    message: expect.stringContaining('never end'),
  });
  expect(requests).toBe(2);
  other.closeAllConnections();
  other.close();
});

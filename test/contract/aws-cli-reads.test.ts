import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { createConfigState } from '../fakes/config/config-state.ts';
import type { OperationName } from '../fakes/faults.ts';
import { type AwsCliResult, findAwsCli, runAwsCli } from './aws-cli.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: cloudtrail, cloudformation, sns, s3api and logs filter-log-events: ${cli}`);
});

describe.runIf(typeof cli !== 'string')('the AWS CLI is accepted by the fake server', () => {
  let server: AwsServer;
  let folder: string;
  beforeEach(async () => {
    server = await startAwsServer({ logGroups: ['/deploys'] });
    server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
    server.state.buckets.set('state', { objects: new Map() });
    folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
    expect(server.violations).toEqual([]);
  });

  function aws(...args: string[]): Promise<AwsCliResult> {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, args);
  }

  /** What the CLI prints as JSON. */
  async function read(...args: string[]) {
    const result = await aws(...args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(result.stdout);
  }

  async function refusal(...args: string[]): Promise<string> {
    const result = await aws(...args);
    expect(result.code).not.toBe(0);
    return result.stderr.trim();
  }

  const topic = 'arn:aws:sns:eu-west-1:111122223333:deploys';

  test('cloudtrail lookup-events goes through all pages', async () => {
    const time = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    const toRecord = (index: number) => ({
      eventID: `e${index}`,
      eventTime: time,
      eventSource: index === 0 ? 'sts.amazonaws.com' : 'lambda.amazonaws.com',
      eventName: 'PublishVersion20150331',
      readOnly: false,
      requestParameters: { functionName: 'größe' },
    });
    const records = [0, 1, 2, 3].map(toRecord);
    server.state.histories.set('111122223333/eu-west-1', records);
    const attribute = 'AttributeKey=EventSource,AttributeValue=lambda.amazonaws.com';
    const times = ['--start-time', new Date(Date.now() - 3_600_000).toISOString()];
    const lookup = ['cloudtrail', 'lookup-events', '--lookup-attributes', attribute, ...times];
    const { Events } = await read(...lookup, '--page-size', '2');
    expect(Events).toHaveLength(3);
    expect(Events[0]).toMatchObject({
      EventId: 'e1',
      ReadOnly: 'false',
      EventSource: 'lambda.amazonaws.com',
      Resources: [{ ResourceType: 'AWS::Lambda::Function', ResourceName: 'größe' }],
      CloudTrailEvent: JSON.stringify(records[1]),
    });
    // Version 1 prints seconds, version 2 a date.
    const { EventTime } = Events[0];
    const printed = new Date(typeof EventTime === 'number' ? EventTime * 1000 : EventTime);
    expect(printed).toEqual(new Date(time));
    expect(server.requests.map(({ errorCode }) => errorCode)).toEqual([undefined, undefined]);
  });

  test('cloudtrail start-query, describe-query, get-query-results and cancel-query', async () => {
    const { lake } = server.state;
    lake.firstStates = ['RUNNING'];
    lake.answerQuery = () => ({ rows: [{ eventID: 'e1', eventJson: '{"a":"größe"}' }] });
    const statement = `SELECT eventID, eventJson FROM ${lake.changeStoreId}`;
    const started = await read('cloudtrail', 'start-query', '--query-statement', statement);
    const id = ['--query-id', started.QueryId];
    const running = await read('cloudtrail', 'describe-query', ...id);
    expect(running).toMatchObject({ QueryString: statement, QueryStatus: 'RUNNING' });
    expect(await read('cloudtrail', 'get-query-results', ...id)).toMatchObject({
      QueryStatus: 'FINISHED',
      QueryStatistics: { ResultsCount: 1, TotalResultsCount: 1 },
      QueryResultRows: [[{ eventID: 'e1' }, { eventJson: '{"a":"größe"}' }]],
    });
    const again = await read('cloudtrail', 'start-query', '--query-statement', statement);
    const cancelled = await read('cloudtrail', 'cancel-query', '--query-id', again.QueryId);
    expect(cancelled).toEqual({ QueryId: again.QueryId, QueryStatus: 'CANCELLED' });
  });

  test('cloudformation list-stack-resources goes through all pages', async () => {
    const resources = Array.from({ length: 101 }, (_, index) => ({
      logicalId: `Function${index}`,
      physicalId: `app-<&>-${index}`,
      type: 'AWS::Lambda::Function',
    }));
    server.state.stacks.set('app', { resources });
    const { StackResourceSummaries } = await read(
      'cloudformation',
      'list-stack-resources',
      '--stack-name',
      'app',
    );
    expect(StackResourceSummaries).toHaveLength(101);
    expect(StackResourceSummaries[100]).toMatchObject({
      LogicalResourceId: 'Function100',
      PhysicalResourceId: 'app-<&>-100',
      ResourceType: 'AWS::Lambda::Function',
      ResourceStatus: 'CREATE_COMPLETE',
    });
  });

  test('configservice get-resource-config-history, list-discovered-resources and the recorder', async () => {
    const now = Date.now();
    const item = (capturedAt: number, timeout: number) => ({
      resourceType: 'AWS::Lambda::Function',
      resourceId: 'größe',
      resourceName: 'größe',
      capturedAt,
      configuration: { timeout },
      supplementaryConfiguration: { Policy: { a: 1 } },
      tags: { team: 'a' },
    });
    const items = [1, 2, 3, 4, 5].map(rank => item(now - rank * 60_000, rank));
    server.state.configs.set('111122223333/eu-west-1', createConfigState(items));
    const which = ['--resource-type', 'AWS::Lambda::Function'];
    const span = ['--earlier-time', String((now - 86_400_000) / 1000), '--later-time', String(now / 1000)];
    const history = ['configservice', 'get-resource-config-history', ...which, '--resource-id', 'größe'];
    const { configurationItems } = await read(...history, ...span, '--chronological-order', 'Forward');
    expect(configurationItems).toHaveLength(5);
    expect(configurationItems[0]).toMatchObject({
      configurationItemStatus: 'OK',
      configuration: '{"timeout":5}',
      supplementaryConfiguration: { Policy: '{"a":1}' },
      tags: { team: 'a' },
      recordingFrequency: 'CONTINUOUS',
    });
    const list = ['configservice', 'list-discovered-resources', ...which, '--resource-name', 'größe'];
    const { resourceIdentifiers } = await read(...list, '--include-deleted-resources');
    expect(resourceIdentifiers).toMatchObject([{ resourceId: 'größe' }]);
    const { ConfigurationRecorders } = await read('configservice', 'describe-configuration-recorders');
    expect(ConfigurationRecorders).toMatchObject([{ recordingGroup: { allSupported: true } }]);
    const { ConfigurationRecordersStatus } = await read(
      'configservice',
      'describe-configuration-recorder-status',
    );
    expect(ConfigurationRecordersStatus).toEqual([{ name: 'default', recording: true }]);
    server.state.configs.clear();
    expect(await refusal(...history, ...span)).toContain('(NoAvailableConfigurationRecorderException)');
  });

  test('cloudformation drift, from the resource to its differences', async () => {
    const differences = [{ path: '/Timeout', expected: '30', actual: '<300>' }];
    const resources = ['A', 'B', 'C'].map(logicalId => ({
      logicalId,
      physicalId: `app-${logicalId}`,
      type: 'AWS::Lambda::Function',
      drift: { status: 'MODIFIED', differences },
    }));
    server.state.stacks.set('app', { resources });
    const cfn = (...args: string[]) => ['cloudformation', ...args];
    const { StackResources } = await read(
      ...cfn('describe-stack-resources', '--physical-resource-id', 'app-B'),
    );
    expect(StackResources[1]).toMatchObject({
      StackName: 'app',
      LogicalResourceId: 'B',
      DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
    });
    const only = ['--stack-name', 'app', '--logical-resource-ids', 'A', 'B', 'C'];
    const { StackDriftDetectionId: id } = await read(...cfn('detect-stack-drift', ...only));
    expect(await refusal(...cfn('detect-stack-drift', ...only))).toContain('already in progress');
    const look = () =>
      read(...cfn('describe-stack-drift-detection-status', '--stack-drift-detection-id', id));
    expect(await look()).toMatchObject({ DetectionStatus: 'DETECTION_IN_PROGRESS' });
    expect(await look()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
    });
    const filters = ['--stack-resource-drift-status-filters', 'MODIFIED'];
    const first = await read(...cfn('describe-stack-resource-drifts', '--stack-name', 'app', ...filters));
    expect(first.StackResourceDrifts).toHaveLength(2);
    expect(first.StackResourceDrifts[0]).toMatchObject({
      LogicalResourceId: 'A',
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        { PropertyPath: '/Timeout', ExpectedValue: '30', ActualValue: '<300>', DifferenceType: 'NOT_EQUAL' },
      ],
    });
    expect(first.NextToken).toBe('app#2');
  });

  test('sns publish', async () => {
    server.state.topics.add(topic);
    const message = ['--subject', 'Deploys: 1 new finding', '--message', 'größe/𝛼\n&<>+ %'];
    const { MessageId } = await read('sns', 'publish', '--topic-arn', topic, ...message);
    expect(server.state.published).toEqual([
      { messageId: MessageId, topicArn: topic, subject: message[1], message: message[3] },
    ]);
  });

  test('s3api put-object and get-object, with and without conditions', async () => {
    const path = (name: string) => join(folder, name);
    const file = Buffer.from([0, 255, 10, 13, 128]);
    await writeFile(path('a'), file);
    await writeFile(path('b'), 'b');
    const object = ['--bucket', 'state', '--key', "a b/größe=+(f')"];
    const put = (name: string, ...more: string[]) => [
      's3api',
      'put-object',
      ...object,
      '--body',
      path(name),
      ...more,
    ];
    const first = await read(...put('a', '--if-none-match', '*'));
    expect(await refusal(...put('b', '--if-none-match', '*'))).toContain(
      '(PreconditionFailed) when calling the PutObject',
    );
    const got = await read('s3api', 'get-object', ...object, path('c'));
    expect(got).toMatchObject({ ETag: first.ETag, ContentLength: 5 });
    expect(await readFile(path('c'))).toEqual(file);
    await read(...put('b', '--if-match', first.ETag));
    expect(await refusal(...put('a', '--if-match', first.ETag))).toContain('(PreconditionFailed)');
    expect([...(server.state.buckets.get('state')?.objects.keys() ?? [])]).toEqual(["a b/größe=+(f')"]);
  });

  test('s3api put-object makes a marker as we do: new, and with its SHA-256', async () => {
    const bucket = { objectLock: true, takesNewOnly: true, objects: new Map() };
    server.state.buckets.set('acme-deploys', bucket);
    const body = join(folder, 'marker.json');
    await writeFile(body, '{}\n');
    const put = ['s3api', 'put-object', '--bucket', 'acme-deploys', '--key', 'markers/2026/01/02/a.json'];
    put.push('--body', body, '--content-type', 'application/json', '--checksum-algorithm', 'SHA256');
    expect(await refusal(...put)).toContain('(AccessDenied)');
    expect(await read(...put, '--if-none-match', '*')).toHaveProperty('ETag');
    expect(await refusal(...put, '--if-none-match', '*')).toContain('(PreconditionFailed)');
    const { headers: sent = {} } = server.requests.at(-1) ?? {};
    const { PutClient } = await import('../../src/aws/s3/put-client.ts');
    const { createBucketHome } = await import('../../src/aws/s3/bucket-region.ts');
    const { createRequestHandler } = await import('../../src/aws/client/request-handler.ts');
    const { id, secret, sessionToken } = server.state.defaultKey;
    const client = new PutClient({
      home: createBucketHome(server.state.region),
      options: { env: server.env() },
      requestHandler: createRequestHandler(server.env(), () => {}),
      credentials: async () => ({
        accessKeyId: id,
        secretAccessKey: secret,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      }),
    });
    await client.putNew({ bucket: 'acme-deploys', key: 'markers/2026/01/02/b.json', body: '{}\n' });
    const { headers: own = {} } = server.requests.at(-1) ?? {};
    for (const name of [
      'if-none-match',
      'x-amz-checksum-sha256',
      'x-amz-sdk-checksum-algorithm',
      'content-type',
    ])
      expect(own[name], name).toBe(sent[name]);
    expect(bucket.objects.size).toBe(2);
  });

  test('s3api list-objects-v2 goes through all pages, folds and begins where it is told to', async () => {
    const objects = server.state.buckets.get('state')?.objects;
    const stored = { body: Buffer.from('x'), contentType: 'text/plain', etag: '"e"', modifiedAt: 0 };
    const keys = ['a/1', "a/größe=+ (f')", 'a/<&>', 'b', 'c/d/e'];
    for (const key of keys) objects?.set(key, stored);
    const list = ['s3api', 'list-objects-v2', '--bucket', 'state'];
    const names = (each: { Key: string }) => each.Key;
    const { Contents: all } = await read(...list, '--page-size', '2');
    expect(all.map(names)).toEqual(['a/1', 'a/<&>', "a/größe=+ (f')", 'b', 'c/d/e']);
    expect(all[0]).toMatchObject({ ETag: '"e"', Size: 1 });
    expect(server.requests).toHaveLength(3);
    const folded = await read(...list, '--delimiter', '/', '--page-size', '1');
    expect(folded.Contents.map(names)).toEqual(['b']);
    expect(folded.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'c/' }]);
    const below = await read(...list, '--prefix', 'a/', '--start-after', 'a/1');
    expect(below.Contents.map(names)).toEqual(['a/<&>', "a/größe=+ (f')"]);
    expect(await refusal('s3api', 'list-objects-v2', '--bucket', 'nobody')).toContain('(NoSuchBucket)');
  });

  test('logs filter-log-events with the pattern of a marker', async () => {
    const event = (message: string) => ({ eventId: '1', timestamp: Date.now(), ingestionTime: 1, message });
    const marker = JSON.stringify({ eventName: 'DeployMarker' });
    server.state.logGroups.get('/deploys')?.streams.set('s', [event('x'), event('{}'), event(marker)]);
    const filter = ['--log-group-name', '/deploys', '--filter-pattern', '{ $.eventName = "DeployMarker" }'];
    const { events } = await read('logs', 'filter-log-events', ...filter, '--page-size', '1');
    expect(events).toMatchObject([{ message: marker }]);
    expect(server.requests).toHaveLength(3);
  });

  const id = '01234567-89ab-4cde-8f01-23456789abcd';
  const unknown: [string[], string][] = [
    [['cloudtrail', 'describe-query', '--query-id', id], '(QueryIdNotFoundException)'],
    [
      ['cloudtrail', 'start-query', '--query-statement', `SELECT 1 FROM ${id}`],
      '(EventDataStoreNotFoundException)',
    ],
    [
      ['cloudformation', 'list-stack-resources', '--stack-name', 'x'],
      '(ValidationError) when calling the ListStackResources operation: Stack with id x does not exist',
    ],
    [['sns', 'publish', '--topic-arn', topic, '--message', 'x'], '(NotFound)'],
    [
      ['sns', 'publish', '--topic-arn', topic.replace('1111', '9999'), '--message', 'x'],
      '(AuthorizationError)',
    ],
    [['s3api', 'get-object', '--bucket', 'state', '--key', 'x', '/dev/null'], '(NoSuchKey)'],
    [['s3api', 'get-object', '--bucket', 'nobody', '--key', 'x', '/dev/null'], '(NoSuchBucket)'],
  ];
  test.each(unknown)('%j: %s', async (args, expected) => {
    expect(await refusal(...args)).toContain(expected);
  });

  const throttled: [OperationName, string[], string][] = [
    ['LookupEvents', ['cloudtrail', 'lookup-events'], '(ThrottlingException)'],
    ['ListStackResources', ['cloudformation', 'list-stack-resources', '--stack-name', 'x'], '(Throttling)'],
    ['GetObject', ['s3api', 'get-object', '--bucket', 'state', '--key', 'x', '/dev/null'], '(SlowDown)'],
  ];
  test.each(throttled)('a throttled %s', async (operation, args, expected) => {
    server.faults.add(operation, { kind: 'throttle' });
    expect(await refusal(...args)).toContain(expected);
  });
});

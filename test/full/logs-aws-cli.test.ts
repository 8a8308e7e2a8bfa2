import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsCliResult, findAwsCli, runAwsCli } from '../contract/aws-cli.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { listLogMessages } from '../fakes/logs/logs-state.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: requests and answers of CloudWatch Logs: ${cli}`);
});

describe.runIf(typeof cli !== 'string')('the AWS CLI is accepted by the fake CloudWatch Logs', () => {
  let server: AwsServer;
  beforeEach(async () => {
    server = await startAwsServer();
  });
  afterEach(async () => {
    await server.close();
    expect(server.violations).toEqual([]);
  });

  function logs(...args: string[]): Promise<AwsCliResult> {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, ['logs', ...args]);
  }

  async function read(...args: string[]): Promise<unknown> {
    const result = await logs(...args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return result.stdout === '' ? undefined : JSON.parse(result.stdout);
  }

  const group = ['--log-group-name', '/deploys'];
  const stream = [...group, '--log-stream-name', 'größe/2026-11-22'];

  test('makes a group and a stream, puts events, and reads back what it put', {
    timeout: 60_000,
  }, async () => {
    const now = Date.now();
    const events = [
      { timestamp: now - 1, message: `{"ref":"größe/𝛼","reason":"'\\"$(x)"}` },
      { timestamp: now, message: 'line 1\nline 2' },
    ];
    await read('create-log-group', ...group);
    await read('create-log-stream', ...stream);
    expect(await read('put-log-events', ...stream, '--log-events', JSON.stringify(events))).toEqual({
      nextSequenceToken: expect.stringMatching(/^\d{56}$/),
    });
    expect(listLogMessages(server.state.logGroups)).toMatchObject(events);
    expect(await read('describe-log-groups', '--log-group-name-prefix', '/dep')).toMatchObject({
      logGroups: [{ logGroupName: '/deploys' }],
    });
    expect(await read('describe-log-streams', ...group)).toMatchObject({
      logStreams: [{ logStreamName: 'größe/2026-11-22', lastEventTimestamp: now }],
    });
    expect(await read('filter-log-events', ...group, '--page-size', '1')).toMatchObject({ events });
    expect(await read('get-log-events', ...stream, '--start-from-head')).toMatchObject({ events });
    expect(
      server.requests.map(({ operation, scope, status }) => [operation, scope?.service, status]),
    ).toEqual(
      [
        'CreateLogGroup',
        'CreateLogStream',
        'PutLogEvents',
        'DescribeLogGroups',
        'DescribeLogStreams',
        'FilterLogEvents',
        'FilterLogEvents',
        'GetLogEvents',
      ].map(operation => [operation, 'logs', 200]),
    );
  });

  test('put-log-events ends with 0 although the service took nothing, which deploy-marker must not', async () => {
    server.state.logGroups.set('/deploys', { streams: new Map([['größe/2026-11-22', []]]) });
    const result = await read('put-log-events', ...stream, '--log-events', 'timestamp=1,message=old');
    expect(result).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
    expect(listLogMessages(server.state.logGroups)).toEqual([]);
  });

  test('reads our errors as the service’s', async () => {
    const result = await logs('create-log-stream', ...stream);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(
      '(ResourceNotFoundException) when calling the CreateLogStream operation: The specified log group does not exist.',
    );
  });
});

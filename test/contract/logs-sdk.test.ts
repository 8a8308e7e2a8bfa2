import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import type { Fault } from '../fakes/faults.ts';
import { listLogMessages } from '../fakes/logs/logs-state.ts';
import { findAwsCli, runAwsCli } from './aws-cli.ts';
import { normalizeRequest } from './normalize-request.ts';

const names = { logGroupName: '/deploys', logStreamName: 'acme/2026-11-22' };
const cli = findAwsCli(process.env);

let server: AwsServer;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  server = await startAwsServer({ logGroups: ['/deploys'] });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  // Nothing but the environment says where the service is.
  client = new CloudWatchLogsClient({ maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

function put(timestamp = Date.now()): Promise<unknown> {
  return client.send(new PutLogEventsCommand({ ...names, logEvents: [{ timestamp, message: 'größe/𝛼' }] }));
}

test('the SDK finds the server by AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, creates, puts and reads back', async () => {
  await client.send(new CreateLogStreamCommand(names));
  const now = Date.now();
  expect(await put(now)).toMatchObject({ nextSequenceToken: expect.stringMatching(/^\d{56}$/) });
  const found = await client.send(new FilterLogEventsCommand({ logGroupName: '/deploys' }));
  expect(found.events).toMatchObject([{ timestamp: now, message: 'größe/𝛼' }]);
});

test('the SDK reads rejectedLogEventsInfo', async () => {
  await client.send(new CreateLogStreamCommand(names));
  expect(await put(1)).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
  expect(listLogMessages(server.state.logGroups)).toEqual([]);
});

test('the SDK reads our errors as the service’s', async () => {
  await expect(put()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  await client.send(new CreateLogStreamCommand(names));
  await expect(client.send(new CreateLogStreamCommand(names))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  });
});

const faults: [Fault, object][] = [
  [{ kind: 'throttle' }, { name: 'ThrottlingException', message: 'Rate exceeded' }],
  [{ kind: 'error500' }, { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
  [{ kind: 'error503' }, { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } }],
  [{ kind: 'denied' }, { name: 'AccessDeniedException' }],
  [{ kind: 'expired' }, { name: 'ExpiredTokenException' }],
  [{ kind: 'reset' }, { code: 'ECONNRESET' }],
  [{ kind: 'resetAfterStore' }, { code: 'ECONNRESET' }],
];
test.each(faults)('the SDK sees %o', async (fault, error) => {
  await client.send(new CreateLogStreamCommand(names));
  server.faults.add('PutLogEvents', fault);
  await expect(put()).rejects.toMatchObject(error);
  expect(listLogMessages(server.state.logGroups)).toHaveLength(fault.kind === 'resetAfterStore' ? 1 : 0);
});

test('the SDK cannot read a garbage body, and says so', async () => {
  await client.send(new CreateLogStreamCommand(names));
  server.faults.add('PutLogEvents', { kind: 'garbage' });
  await expect(put()).rejects.toMatchObject({ name: 'SyntaxError', $metadata: { httpStatusCode: 200 } });
});

describe.runIf(typeof cli !== 'string')('one intent, two clients', () => {
  test('put-log-events and PutLogEventsCommand send the same', async () => {
    if (typeof cli === 'string') throw new Error(cli);
    await client.send(new CreateLogStreamCommand(names));
    const now = Date.now();
    await put(now);
    const events = JSON.stringify([{ timestamp: now, message: 'größe/𝛼' }]);
    const where = ['--log-group-name', '/deploys', '--log-stream-name', names.logStreamName];
    const result = await runAwsCli(cli, server, ['logs', 'put-log-events', ...where, '--log-events', events]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [ours, theirs] = server.requests.slice(1).map(request => ({
      ...normalizeRequest(request),
      target: request.headers['x-amz-target'],
      type: request.headers['content-type'],
    }));
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({
      target: 'Logs_20140328.PutLogEvents',
      type: 'application/x-amz-json-1.1',
      signing: { service: 'logs', region: 'eu-west-1' },
    });
  });
});

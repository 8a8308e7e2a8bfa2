import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { sendCloudTrail } from '../../fakes/cloudtrail/cloudtrail-client.ts';
import type { Fault, OperationName } from '../../fakes/faults.ts';
import { sendS3 } from '../../fakes/s3/s3-client.ts';
import { type Answer, sendSigned } from '../../fakes/signed-client.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:deploys';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
  const { state } = server;
  state.topics.add(TOPIC);
  state.stacks.set('app', { resources: [] });
  const object = { body: Buffer.from('x'), contentType: 'text/plain', etag: '"e"', modifiedAt: 0 };
  state.buckets.set('state', { objects: new Map([['a', object]]) });
});
afterEach(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});

function sendQuery(service: string, parameters: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams(parameters).toString();
  const headers = [['content-type', 'application/x-www-form-urlencoded']] as const;
  return sendSigned(server, { target: '/', headers, body }, { service });
}

interface Target {
  readonly operation: OperationName;
  readonly send: () => Promise<Answer>;
  /** What the service calls a throttled call, an internal error, a denied call and an expired key. */
  readonly names: readonly [throttle: string, internal: string, denied: string, expired: string];
}

const targets: Target[] = [
  {
    operation: 'LookupEvents',
    send: () => sendCloudTrail(server, 'LookupEvents', {}),
    names: [
      '400 ThrottlingException',
      '500 InternalFailure',
      '400 AccessDeniedException',
      '400 ExpiredTokenException',
    ],
  },
  {
    operation: 'StartQuery',
    send: () =>
      sendCloudTrail(server, 'StartQuery', {
        QueryStatement: `SELECT 1 FROM ${server.state.lake.markerStoreId}`,
      }),
    names: [
      '400 ThrottlingException',
      '500 InternalFailure',
      '400 AccessDeniedException',
      '400 ExpiredTokenException',
    ],
  },
  {
    operation: 'ListStackResources',
    send: () =>
      sendQuery('cloudformation', { Action: 'ListStackResources', Version: '2010-05-15', StackName: 'app' }),
    names: ['400 Throttling', '500 InternalFailure', '403 AccessDenied', '403 ExpiredToken'],
  },
  {
    operation: 'DescribeStackResources',
    send: () =>
      sendQuery('cloudformation', {
        Action: 'DescribeStackResources',
        Version: '2010-05-15',
        StackName: 'app',
      }),
    names: ['400 Throttling', '500 InternalFailure', '403 AccessDenied', '403 ExpiredToken'],
  },
  {
    operation: 'Publish',
    send: () => sendQuery('sns', { Action: 'Publish', Version: '2010-03-31', TopicArn: TOPIC, Message: 'm' }),
    names: ['400 Throttling', '500 InternalFailure', '403 AuthorizationError', '403 ExpiredToken'],
  },
  {
    operation: 'GetObject',
    send: () => sendS3(server, { method: 'GET', target: '/state/a' }),
    names: ['503 SlowDown', '500 InternalError', '403 AccessDenied', '400 ExpiredToken'],
  },
  {
    operation: 'PutObject',
    send: () => sendS3(server, { method: 'PUT', target: '/state/b', body: 'x' }),
    names: ['503 SlowDown', '500 InternalError', '403 AccessDenied', '400 ExpiredToken'],
  },
];

function nameOf({ status, text }: Answer): string {
  const code = text.startsWith('{') ? JSON.parse(text).__type : /<Code>(.*)<\/Code>/.exec(text)?.[1];
  return `${status} ${code}`;
}

describe.each(targets)('$operation', ({ operation, send, names }) => {
  test('fails as its service does, as often as asked, then works', async () => {
    const kinds = ['throttle', 'error500', 'denied', 'expired'] as const;
    for (const [index, kind] of kinds.entries()) {
      server.faults.add(operation, { kind }, 2);
      expect([nameOf(await send()), nameOf(await send())]).toEqual([names[index], names[index]]);
    }
    expect((await send()).status).toBe(200);
  });

  test('fails with any other error, late, cut off or never', async () => {
    const fault: Fault = { kind: 'error', status: 409, code: 'Conflict' };
    server.faults.add(operation, fault);
    expect(nameOf(await send())).toBe('409 Conflict');
    server.faults.add(operation, { kind: 'error503', retryAfterSeconds: 7 });
    expect((await send()).headers['retry-after']).toBe('7');
    server.faults.add(operation, { kind: 'reset' });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    server.faults.add(operation, { kind: 'slow', pieces: 2, pauseMs: 5 });
    expect((await send()).status).toBe(200);
    server.faults.add(operation, { kind: 'hang' });
    const pause = new Promise(resolve => setTimeout(resolve, 50, 'waiting'));
    expect(await Promise.race([send().catch(() => 'cut'), pause])).toBe('waiting');
  });
});

test('a message that was published before the connection was cut is published', async () => {
  server.faults.add('Publish', { kind: 'resetAfterStore' });
  const parameters = { Action: 'Publish', Version: '2010-03-31', TopicArn: TOPIC, Message: 'm' };
  await expect(sendQuery('sns', parameters)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(server.state.published).toMatchObject([{ topicArn: TOPIC, message: 'm', subject: undefined }]);
});

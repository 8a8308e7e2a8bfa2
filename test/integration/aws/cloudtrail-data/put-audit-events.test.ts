import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { createRequestHandler } from '../../../../src/aws/client/request-handler.ts';
import { CloudTrailDataClient } from '../../../../src/aws/cloudtrail-data/client.ts';
import { createCredentials } from '../../../../src/aws/credentials/credentials.ts';
import { resolveEndpoint } from '../../../../src/aws/plain/endpoint.ts';
import { ServiceException } from '../../../../src/aws/plain/service-exception.ts';
import { VERSION } from '../../../../src/version.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const aws = useAwsServer();

function createClient(overrides: Partial<ConstructorParameters<typeof CloudTrailDataClient>[0]> = {}) {
  const env = aws.server.env();
  return new CloudTrailDataClient({
    region: aws.server.state.region,
    requestHandler: createRequestHandler(env, () => {}),
    credentials: createCredentials({ env, now: Date.now }).provider,
    ...overrides,
  });
}

function toEntry(id: string) {
  const eventData = JSON.stringify({
    version: '1.0',
    UID: id,
    userIdentity: { type: 'CustomUserIdentity', principalId: 'circleci' },
    eventSource: 'deploymarker.internal',
    eventName: 'DeployMarker',
    eventTime: '2025-12-14T08:12:34Z',
    recipientAccountId: aws.server.state.accountId,
    requestParameters: { component: 'lambda:größe' },
  });
  return {
    id,
    eventData,
    eventDataChecksum: createHash('sha256').update(eventData, 'utf8').digest('base64'),
  };
}

function put(client = createClient(), externalId?: string, signal?: AbortSignal): Promise<object> {
  const body = JSON.stringify({ auditEvents: [toEntry('a'), toEntry('b')] });
  return client.putAuditEvents({ channelArn: aws.server.state.defaultChannelArn, body, externalId }, signal);
}

describe('PutAuditEvents', () => {
  test('is signed, has the model’s form and gives what the service answered', async () => {
    expect(await put(createClient(), 'deploys+=,.@:/-')).toEqual({
      successful: [
        { id: 'a', eventID: expect.any(String) },
        { id: 'b', eventID: expect.any(String) },
      ],
      failed: [],
      $metadata: { httpStatusCode: 200, attempts: 1, requestId: expect.any(String) },
    });
    const [request] = aws.server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/PutAuditEvents',
      scope: { service: 'cloudtrail-data', region: 'eu-west-1' },
      query: [
        ['channelArn', aws.server.state.defaultChannelArn],
        ['externalId', 'deploys+=,.@:/-'],
      ],
    });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.headers['user-agent']).toBe(`deploy-marker/${VERSION}`);
    expect(request?.headers['amz-sdk-invocation-id']).toMatch(/^[\da-f-]{36}$/);
    expect(aws.server.state.stored.map(event => event.eventData)).toEqual([
      toEntry('a').eventData,
      toEntry('b').eventData,
    ]);
  });

  test('gives refusals of single events as data', async () => {
    aws.server.faults.add('PutAuditEvents', {
      kind: 'partial',
      code: 'InvalidData',
      message: 'no',
      ids: ['b'],
    });
    expect(await put()).toMatchObject({
      successful: [{ id: 'a' }],
      failed: [{ id: 'b', errorCode: 'InvalidData', errorMessage: 'no' }],
    });
  });

  test.each([
    { kind: 'throttle' } as const,
    { kind: 'error500' } as const,
    { kind: 'error503' } as const,
    { kind: 'reset' } as const,
  ])('is sent again after $kind', async fault => {
    aws.server.faults.add('PutAuditEvents', fault, 1);
    expect(await put()).toMatchObject({ $metadata: { attempts: 2 } });
    expect(aws.server.requests.map(request => request.headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      'attempt=2; max=3',
    ]);
  });

  test('AWS_MAX_ATTEMPTS counts', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    aws.server.faults.add('PutAuditEvents', { kind: 'error500' }, 9);
    await expect(put()).rejects.toMatchObject({ name: 'InternalFailure' });
    expect(aws.server.requests).toHaveLength(2);
  });

  test('an error of the service has its name and is not retried', async () => {
    aws.server.state.channels.clear();
    const error = await put().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceException);
    expect(error).toMatchObject({
      name: 'ChannelNotFound',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    expect(aws.server.requests).toHaveLength(1);
  });

  test('a clock that is an hour off is corrected by the aws.server’s date', async () => {
    aws.server.state.now = () => Date.now() + 3_600_000;
    expect(await put()).toMatchObject({ $metadata: { attempts: 2 } });
  });

  test('an abort ends the wait for an answer', async () => {
    aws.server.faults.add('PutAuditEvents', { kind: 'hang' });
    const call = put(createClient(), undefined, AbortSignal.timeout(50));
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(aws.server.requests).toHaveLength(1);
  });

  test('recursion is told to the service, as on Lambda', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'deployer');
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793');
    const seen = await recordHeaders();
    expect(seen['x-amzn-trace-id']).toBe('Root=1-5759e988-bd862e3fe1be46a994272793');
  });

  test('AWS_ENDPOINT_URL counts where there is no variable of the service', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', aws.server.url);
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDTRAIL_DATA', undefined);
    await put();
    expect(aws.server.requests).toHaveLength(1);
  });
});

/** The headers of one request, whatever they are; a strict aws.server would refuse a trace id. */
async function recordHeaders(): Promise<Record<string, unknown>> {
  let headers: Record<string, unknown> = {};
  const recorder = createServer((request, response) => {
    headers = request.headers;
    response.end('{"successful":[],"failed":[]}');
  });
  const port = await listenOnLoopback(recorder);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDTRAIL_DATA', `http://127.0.0.1:${port}`);
  await put();
  recorder.closeAllConnections();
  recorder.close();
  return headers;
}

describe('the endpoint', () => {
  test.each([
    [{ Region: 'eu-west-1' }, 'https://cloudtrail-data.eu-west-1.amazonaws.com/'],
    [{ Region: 'eu-west-1', UseFIPS: true }, 'https://cloudtrail-data-fips.eu-west-1.amazonaws.com/'],
    [{ Region: 'eu-west-1', UseDualStack: true }, 'https://cloudtrail-data.eu-west-1.api.aws/'],
    [
      { Region: 'us-east-1', UseDualStack: true, UseFIPS: true },
      'https://cloudtrail-data-fips.us-east-1.api.aws/',
    ],
    [{ Region: 'cn-north-1' }, 'https://cloudtrail-data.cn-north-1.amazonaws.com.cn/'],
    [{ Region: 'us-gov-west-1' }, 'https://cloudtrail-data.us-gov-west-1.amazonaws.com/'],
    [{ Region: 'eusc-de-east-1' }, 'https://cloudtrail-data.eusc-de-east-1.amazonaws.eu/'],
    [{ Region: 'eu-west-1', Endpoint: 'http://127.0.0.1:9/base' }, 'http://127.0.0.1:9/base'],
  ])('%j is %s', (parameters, url) => {
    expect(resolveEndpoint('cloudtrail-data', parameters).href).toBe(url);
  });

  test.each([
    [{}, 'Invalid Configuration: Missing Region'],
    [{ Endpoint: 'http://a', UseFIPS: true }, 'FIPS and custom endpoint'],
    [{ Endpoint: 'http://a', UseDualStack: true }, 'Dualstack and custom endpoint'],
  ])('%j is refused', (parameters, message) => {
    expect(() => resolveEndpoint('cloudtrail-data', parameters)).toThrow(message);
  });
});

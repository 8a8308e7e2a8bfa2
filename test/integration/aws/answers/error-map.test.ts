import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { toAwsError } from '../../../../src/aws/answers/error-map.ts';
import { COMMON_ERRORS } from '../../../../src/aws/answers/error-table.ts';
import { OPERATION_ERRORS } from '../../../../src/aws/answers/operation-errors.ts';
import { createRequestHandler } from '../../../../src/aws/client/request-handler.ts';
import { CloudTrailDataClient } from '../../../../src/aws/cloudtrail-data/client.ts';
import { createCredentials } from '../../../../src/aws/credentials/credentials.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';

const SESSION_TOKEN = `IQoJb3JpZ2luX2Vj${'x/+'.repeat(40)}`;
const env = {
  AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
  AWS_SESSION_TOKEN: SESSION_TOKEN,
};

// Any answer, however strange: the strict fake gives only what AWS gives.
let answer = { status: 200, body: '', headers: {} };
const server = createServer((_request, response) => {
  response.writeHead(answer.status, { 'x-amzn-requestid': 'req-1', ...answer.headers }).end(answer.body);
});
let endpoint: string;

beforeAll(async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  endpoint = `http://127.0.0.1:${await listenOnLoopback(server)}`;
});

afterEach(() => vi.stubEnv('AWS_MAX_ATTEMPTS', '1'));

afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

async function put({
  endpoint: url = endpoint,
  ...overrides
}: Partial<ConstructorParameters<typeof CloudTrailDataClient>[0]> & {
  readonly endpoint?: string;
} = {}): Promise<DeployMarkerError> {
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDTRAIL_DATA', url);
  const client = new CloudTrailDataClient({
    region: 'eu-west-1',
    requestHandler: createRequestHandler({}, () => {}, { connectTimeoutMs: 200, requestTimeoutMs: 200 }),
    credentials: createCredentials({ env, now: Date.now }).provider,
    ...overrides,
  });
  const request = {
    channelArn: 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/x',
    body: JSON.stringify({ auditEvents: [{ id: 'a', eventData: '{}' }] }),
  };
  const thrown: unknown = await client.putAuditEvents(request).catch((error: unknown) => error);
  return toAwsError(thrown, { operation: 'PutAuditEvents' });
}

function refuse(status: number, name: string, message = 'why'): void {
  answer = { status, body: JSON.stringify({ message }), headers: { 'x-amzn-errortype': name } };
}

describe('by name, over HTTP', () => {
  const rows: [string, number, string][] = [
    ['ChannelNotFound', 400, 'CHANNEL_NOT_FOUND'],
    ['InvalidChannelARN', 400, 'ARN_INVALID'],
    ['ChannelInsufficientPermission', 400, 'CHANNEL_CLOSED'],
    ['ChannelUnsupportedSchema', 400, 'CHANNEL_CLOSED'],
    ['UnsupportedOperationException', 400, 'CHANNEL_CLOSED'],
    ['OptInRequired', 403, 'CHANNEL_CLOSED'],
    ['SubscriptionRequiredException', 403, 'CHANNEL_CLOSED'],
    ['DuplicatedAuditEventId', 400, 'INTERNAL'],
    ['AccessDenied', 403, 'ACCESS_DENIED'],
    ['AccessDeniedException', 403, 'ACCESS_DENIED'],
    ['NotAuthorized', 403, 'ACCESS_DENIED'],
    ['UnrecognizedClientException', 403, 'ACCESS_DENIED'],
    ['InvalidClientTokenId', 403, 'ACCESS_DENIED'],
    ['InvalidAccessKeyId', 403, 'ACCESS_DENIED'],
    ['InvalidToken', 403, 'ACCESS_DENIED'],
    ['IncompleteSignature', 403, 'ACCESS_DENIED'],
    ['IncompleteSignatureException', 403, 'ACCESS_DENIED'],
    ['InvalidSignatureException', 403, 'ACCESS_DENIED'],
    ['SignatureDoesNotMatch', 403, 'ACCESS_DENIED'],
    ['RequestTimeTooSkewed', 403, 'ACCESS_DENIED'],
    ['ExpiredToken', 403, 'CREDENTIALS_EXPIRED'],
    ['ExpiredTokenException', 403, 'CREDENTIALS_EXPIRED'],
    ['RequestExpired', 400, 'CREDENTIALS_EXPIRED'],
    ['MissingAuthenticationToken', 403, 'CREDENTIALS_MISSING'],
    ['MissingAuthenticationTokenException', 403, 'CREDENTIALS_MISSING'],
    ['Throttling', 400, 'AWS_THROTTLED'],
    ['ThrottlingException', 400, 'AWS_THROTTLED'],
    ['ThrottledException', 400, 'AWS_THROTTLED'],
    ['RequestThrottled', 400, 'AWS_THROTTLED'],
    ['RequestThrottledException', 400, 'AWS_THROTTLED'],
    ['RequestLimitExceeded', 400, 'AWS_THROTTLED'],
    ['TooManyRequestsException', 429, 'AWS_THROTTLED'],
    ['SlowDown', 503, 'AWS_THROTTLED'],
    ['InternalFailure', 500, 'AWS_UNAVAILABLE'],
    ['InternalError', 500, 'AWS_UNAVAILABLE'],
    ['InternalServerError', 500, 'AWS_UNAVAILABLE'],
    ['InternalServerException', 500, 'AWS_UNAVAILABLE'],
    ['ServiceUnavailable', 503, 'AWS_UNAVAILABLE'],
    ['ServiceUnavailableException', 503, 'AWS_UNAVAILABLE'],
    ['RequestTimeout', 408, 'AWS_UNAVAILABLE'],
    ['RequestTimeoutException', 408, 'AWS_UNAVAILABLE'],
    ['RequestEntityTooLargeException', 413, 'EVENT_TOO_LARGE'],
    ['ValidationError', 400, 'AWS_REJECTED'],
    ['SomethingNew', 400, 'AWS_REJECTED'],
    ['SomethingNew', 413, 'EVENT_TOO_LARGE'],
    ['SomethingNew', 429, 'AWS_THROTTLED'],
    ['SomethingNew', 507, 'AWS_UNAVAILABLE'],
  ];

  test.each(rows)('%s (HTTP %i) is %s', async (name, status, code) => {
    refuse(status, name);
    const error = await put();
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(`PutAuditEvents failed: ${name}: why`);
    expect(error.message).toContain(`HTTP ${status}, request id req-1`);
  });

  test('every row of the table is in the list above', () => {
    const own = ['CredentialsProviderError', 'TokenProviderError', 'ChecksumMismatch'];
    const names = [...COMMON_ERRORS.keys(), ...OPERATION_ERRORS.PutAuditEvents.keys()];
    expect(new Set(names)).toEqual(
      new Set([...rows.map(([name]) => name).filter(name => names.includes(name)), ...own]),
    );
  });

  test('a closed account is told that Lake takes no new customers', async () => {
    refuse(400, 'UnsupportedOperationException');
    expect((await put()).message).toContain('CloudTrail Lake takes no new customers since 2026-05-31');
  });

  test('the number of attempts is told', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    refuse(500, 'InternalFailure');
    expect((await put()).message).toContain('2 attempts');
  });
});

describe('answers that are none', () => {
  test.each([
    ['a page', { status: 200, body: '<html>Wi-Fi</html>', headers: {} }, 'UNEXPECTED_RESPONSE'],
    ['half of an answer', { status: 200, body: '{"successful":[', headers: {} }, 'UNEXPECTED_RESPONSE'],
    ['a page of a load balancer', { status: 502, body: '<html>', headers: {} }, 'AWS_UNAVAILABLE'],
    ['a page of a firewall', { status: 403, body: '<html>', headers: {} }, 'UNEXPECTED_RESPONSE'],
    ['a page that says 413', { status: 413, body: '<html>', headers: {} }, 'EVENT_TOO_LARGE'],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: 'https://login.example' } },
      'UNEXPECTED_RESPONSE',
    ],
  ])('%s', async (_title, given, code) => {
    answer = given;
    const error = await put();
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('hidden field');
  });
});

describe('connections', () => {
  test('nobody listens', async () => {
    const error = await put({ endpoint: 'http://127.0.0.1:1' });
    expect(error).toMatchObject({
      code: 'NETWORK',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('the connection is cut', async () => {
    const cutting = createServer(request => request.socket.destroy());
    const port = await listenOnLoopback(cutting);
    expect((await put({ endpoint: `http://127.0.0.1:${port}` })).code).toBe('NETWORK');
    cutting.close();
  });

  test('no answer in time', async () => {
    const silent = createServer(() => {});
    const port = await listenOnLoopback(silent);
    const error = await put({ endpoint: `http://127.0.0.1:${port}` });
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('no answer for 0.2 s') });
    silent.closeAllConnections();
    silent.close();
  });

  test('the other side does not speak TLS', async () => {
    expect((await put({ endpoint: endpoint.replace('http:', 'https:') })).code).toBe('NETWORK');
  });

  test.each([
    ['ENOTFOUND'],
    ['EAI_AGAIN'],
    ['EHOSTUNREACH'],
    ['ENETUNREACH'],
    ['EPIPE'],
    ['CERT_HAS_EXPIRED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s', code => {
    // As Node.js gives it after trying several addresses.
    const thrown = new AggregateError([], 'to be emptied');
    thrown.message = '';
    expect(toAwsError(Object.assign(thrown, { code }), { operation: 'PutAuditEvents' })).toMatchObject({
      code: 'NETWORK',
      message: `PutAuditEvents failed: AggregateError: ${code}`,
    });
  });
});

describe('everything else', () => {
  const operation = 'PutAuditEvents';

  test('our own errors pass', () => {
    const own = new DeployMarkerError('FILE_UNWRITABLE', 'no');
    expect(toAwsError(own, { operation })).toBe(own);
  });

  test('an abort is what its reason says, wherever the SDK leaves it', () => {
    const reason = new DeployMarkerError('TIMEOUT', 'late');
    const abort = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    expect(toAwsError(abort, { operation, signal: AbortSignal.abort(reason) })).toBe(reason);
    expect(
      toAwsError(Object.assign(new Error('x', { cause: reason }), { name: 'AbortError' }), { operation }),
    ).toBe(reason);
    expect(toAwsError(abort, { operation }).code).toBe('CANCELLED');
  });

  test('an endpoint variable that is no URL', async () => {
    expect((await put({ endpoint: 'no url' })).code).toBe('CONFIG_INVALID');
  });

  test('a Region that is no host name', async () => {
    expect((await put({ region: 'eu west' })).code).toBe('CONFIG_INVALID');
  });

  test('a bug of ours is INTERNAL', () => {
    expect(toAwsError(new TypeError('x is not a function'), { operation }).code).toBe('INTERNAL');
    expect(toAwsError('thrown text', { operation })).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('thrown text'),
    });
  });

  test('a given secret is taken out, also in the form it has in a URL', () => {
    const thrown = new Error('got opaque+secret/1 and opaque%2Bsecret%2F1');
    const error = toAwsError(thrown, { operation, secrets: ['opaque+secret/1'] });
    expect(error.message).toBe('PutAuditEvents failed: got *** and ***');
  });

  test('the signed request that AWS repeats is not told, nor kept in a cause', async () => {
    refuse(
      403,
      'SignatureDoesNotMatch',
      `The signature does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:${SESSION_TOKEN}\n'`,
    );
    const error = await put();
    expect(error.message).toContain('The signature does not match.');
    const all = inspect(error, { depth: 9, showHidden: true });
    expect(all).not.toContain(SESSION_TOKEN.slice(0, 30));
    expect(all).not.toContain('Canonical');
  });
});

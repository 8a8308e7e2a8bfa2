import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import { toAwsError } from '../../../../src/aws/answers/error-map.ts';
import { createCredentials } from '../../../../src/aws/credentials/credentials.ts';
import { openS3Object } from '../../../../src/aws/s3/s3-object.ts';
import { createS3Requester } from '../../../../src/aws/s3/s3-request.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';

const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

/** The request as it leaves for AWS itself, where no test may go. */
async function requestFor(bucket: string, key: string, region = 'eu-west-1'): Promise<HttpRequest> {
  const sent: HttpRequest[] = [];
  const request = createS3Requester({
    address: { bucket, key },
    region,
    env: {},
    maxAttempts: 1,
    credentials: createCredentials({ env: KEYS, now: () => Date.now() }),
    requestHandler: {
      async handle(each) {
        sent.push(each);
        return { response: new HttpResponse({ statusCode: 200, body: Readable.from([]) }) };
      },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
  });
  await request({ method: 'GET', headers: {}, signal: undefined });
  const [first] = sent;
  if (first === undefined) throw new Error('nothing was sent');
  return first;
}

describe('a request to S3 itself', () => {
  test.each([
    ['acme', 'a/b c+d.json', 'eu-west-1', 'acme.s3.eu-west-1.amazonaws.com', '/a/b%20c%2Bd.json'],
    ['acme', "ü!'()*~", 'cn-north-1', 'acme.s3.cn-north-1.amazonaws.com.cn', '/%C3%BC%21%27%28%29%2A~'],
    // A dot more would not be covered by the certificate of *.s3.REGION.amazonaws.com.
    ['acme.audit', 'x', 'eu-west-1', 's3.eu-west-1.amazonaws.com', '/acme.audit/x'],
  ])('for %s/%s goes to the host of its Region', async (bucket, key, region, hostname, path) => {
    const request = await requestFor(bucket, key, region);
    expect(request).toMatchObject({ method: 'GET', protocol: 'https:', hostname, path });
    expect(request.headers).toMatchObject({
      host: hostname,
      'x-amz-security-token': 'token',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      authorization: expect.stringContaining(`/${region}/s3/aws4_request`),
    });
  });
});

test('that nobody answers is given up after 10 s for each attempt, and says how many there were', async () => {
  const limits: unknown[] = [];
  const request = createS3Requester({
    address: { bucket: 'acme', key: 'x' },
    region: 'eu-west-1',
    env: {},
    maxAttempts: 2,
    credentials: createCredentials({ env: KEYS, now: () => Date.now() }),
    requestHandler: {
      async handle(_, options) {
        limits.push(options?.requestTimeout);
        throw Object.assign(new Error('no answer for 10 s'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
      },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
  });
  const thrown: unknown = await request({ method: 'GET', headers: {}, signal: undefined }).catch(
    each => each,
  );
  expect(limits).toEqual([10_000, 10_000]);
  expect(toAwsError(thrown, { operation: 'GetObject' })).toMatchObject({
    code: 'NETWORK',
    message: 'GetObject failed: TimeoutError: no answer for 10 s (2 attempts)',
  });
});

describe('a bucket in another Region', () => {
  test('is asked there, for this request and those after it, but is not followed in a circle', async () => {
    const scopes: string[] = [];
    let home = 'ap-south-1';
    const server = createServer((request, reply) => {
      const scope = /\/([a-z0-9-]+)\/s3\/aws4_request/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      scopes.push(scope);
      if (scope === home) return reply.writeHead(200, { etag: '"e"' }).end('text');
      return reply
        .writeHead(301, { 'x-amz-bucket-region': home })
        .end('<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>');
    });
    const port = await listenOnLoopback(server);
    try {
      const env = { ...KEYS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
      const state = openS3Object({ address: { bucket: 'acme', key: 'x' }, region: 'us-east-1', env });
      expect(await state.read()).toBe('text');
      expect(await state.read()).toBe('text');
      expect(scopes).toEqual(['us-east-1', 'ap-south-1', 'ap-south-1']);
      home = 'eu-west-3';
      await expect(state.read()).rejects.toMatchObject({
        code: 'UNEXPECTED_RESPONSE',
        message: 'GetObject failed: PermanentRedirect: elsewhere (HTTP 301)',
      });
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  test.each(['evil.example/', 'evil', 'eu-west-1.evil.example'])(
    'is not asked in %j, which is no Region',
    async region => {
      let requests = 0;
      const server = createServer((_request, reply) => {
        requests += 1;
        reply.writeHead(301, { 'x-amz-bucket-region': region }).end();
      });
      const port = await listenOnLoopback(server);
      const env = { ...KEYS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
      const state = openS3Object({ address: { bucket: 'acme', key: 'x' }, region: 'us-east-1', env });
      await expect(state.read()).rejects.toMatchObject({
        code: 'UNEXPECTED_RESPONSE',
        message: `S3 answered with the Region "${region}"`,
      });
      expect(requests).toBe(1);
      server.closeAllConnections();
      server.close();
    },
  );
});

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openS3 } from '../../../../src/aws/s3/client.ts';
import { readPart, type WriteCondition, writeObject } from '../../../../src/aws/s3/object.ts';
import { openStateObject } from '../../../../src/aws/s3/state-object.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';

const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};
const ABSENT = { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' };

beforeEach(() => {
  for (const [name, value] of Object.entries(ABSENT)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** S3 itself, where no test may go: what leaves for it is kept, and answered. */
function openKept(region: string, answer: () => HttpResponse, maxAttempts = 1) {
  const sent: HttpRequest[] = [];
  const service = openS3({ region, env: { ...KEYS, ...ABSENT }, maxAttempts });
  service.client.middlewareStack.add(
    () => async args => {
      if (!HttpRequest.isInstance(args.request)) throw new Error('no request');
      sent.push(args.request);
      return { response: answer(), output: { $metadata: {} } };
    },
    { step: 'deserialize', priority: 'low', name: 'kept' },
  );
  return { service, sent };
}

const found = () =>
  new HttpResponse({ statusCode: 200, headers: { etag: '"e"' }, body: Readable.from([Buffer.from('text')]) });

describe('a request to S3 itself', () => {
  test.each<[WriteCondition | undefined, Record<string, string>]>([
    ['absent', { 'if-none-match': '*' }],
    [{ etag: '"e"' }, { 'if-match': '"e"' }],
    [undefined, {}],
  ])(
    'that writes on the condition %j sends the body as it is, with its checksum',
    async (condition, headers) => {
      const { service, sent } = openKept('eu-west-1', found);
      const write = { body: '{}', contentType: 'application/json', condition };
      const etag = await writeObject({ bucket: 'acme', key: 'x' }, write, { service, signal: undefined });
      expect(etag).toBe('"e"');
      const [request] = sent;
      const conditions = Object.entries(request?.headers ?? {}).filter(([name]) => name.startsWith('if-'));
      expect(Object.fromEntries(conditions)).toEqual(headers);
      expect(request).toMatchObject({
        method: 'PUT',
        body: '{}',
        headers: {
          'content-length': '2',
          'content-type': 'application/json',
          'x-amz-checksum-crc32': 'o6a/Qw==',
          'x-amz-sdk-checksum-algorithm': 'CRC32',
        },
      });
      expect(request?.headers).not.toHaveProperty('content-encoding');
      expect(request?.headers).not.toHaveProperty('x-amz-trailer');
    },
  );

  test('has no Region that is a host', () => {
    expect(() => openS3({ region: 'evil.example/' })).toThrow(/is no Region/);
  });
});

test('an answer that stops in the middle of its body is asked for again', async () => {
  let asked = 0;
  const { state, close } = await openBeside((_request, reply) => {
    asked += 1;
    reply.writeHead(200, { etag: '"e"', 'content-length': '4' });
    if (asked > 1) return reply.end('text');
    return reply.write('te', () => reply.destroy());
  });
  expect(await state.read()).toBe('text');
  expect(asked).toBe(2);
  await close();
});

test('a server that knows no ranges is told from S3 before its answer counts twice', async () => {
  const { env, close } = await openBeside((_request, reply) => {
    reply.writeHead(200, { etag: '"e"' }).end('text');
  });
  const service = openS3({ region: 'us-east-1', env });
  const read = (last: number) =>
    readPart({ bucket: 'acme', key: 'x', range: [0, last] }, { service, signal: undefined });
  expect(Buffer.from((await read(3)).body).toString()).toBe('text');
  await expect(read(2)).rejects.toMatchObject({
    code: 'UNEXPECTED_RESPONSE',
    message: 'GetObject answered with more than the part of the object that it was asked for',
  });
  service.client.destroy();
  await close();
});

/** A state in a bucket that answers as it likes. */
async function openBeside(listener: RequestListener) {
  const server = createServer(listener);
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  vi.stubEnv('AWS_ENDPOINT_URL_S3', url);
  const env = { ...KEYS, ...ABSENT, AWS_ENDPOINT_URL_S3: url };
  const state = openStateObject({ address: { bucket: 'acme', key: 'x' }, region: 'us-east-1', env });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { state, env, close };
}

describe('a bucket in another Region', () => {
  test('is asked there, for this request and those after it, but is not followed in a circle', async () => {
    const scopes: string[] = [];
    let home = 'ap-south-1';
    const { state, close } = await openBeside((request, reply) => {
      const scope = /\/([a-z0-9-]+)\/s3\/aws4_request/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      scopes.push(scope);
      if (scope === home) return reply.writeHead(200, { etag: '"e"' }).end('text');
      return reply
        .writeHead(301, { 'x-amz-bucket-region': home })
        .end('<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>');
    });
    expect(await state.read()).toBe('text');
    expect(await state.read()).toBe('text');
    expect(scopes).toEqual(['us-east-1', 'ap-south-1', 'ap-south-1']);
    home = 'eu-west-3';
    await expect(state.read()).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'GetObject failed: PermanentRedirect: elsewhere (HTTP 301)',
      hint: expect.stringContaining('--region'),
    });
    await close();
  });

  test.each([
    [307, 'TemporaryRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
  ])('is asked there after %s %s', async (status, code) => {
    const { state, close } = await openBeside((request, reply) => {
      if (request.headers.authorization?.includes('/eu-central-1/'))
        return reply.writeHead(200, { etag: '"e"' }).end('text');
      return reply
        .writeHead(status, { 'x-amz-bucket-region': 'eu-central-1' })
        .end(`<Error><Code>${code}</Code><Message>elsewhere</Message><Region>eu-central-1</Region></Error>`);
    });
    expect(await state.read()).toBe('text');
    await close();
  });

  test.each(['evil.example/', 'evil', 'eu-west-1.evil.example', 'cn-north-1'])(
    'is not asked in %j, which is no Region there',
    async region => {
      let requests = 0;
      const { state, close } = await openBeside((_request, reply) => {
        requests += 1;
        reply.writeHead(301, { 'x-amz-bucket-region': region }).end();
      });
      await expect(state.read()).rejects.toMatchObject({
        code: 'UNEXPECTED_RESPONSE',
        message: `S3 answered with the Region "${region}"`,
      });
      expect(requests).toBe(1);
      await close();
    },
  );
});

describe('a refusal without a body', () => {
  test.each([
    [403, 'AWS_REJECTED'],
    [404, 'AWS_REJECTED'],
    [500, 'AWS_UNAVAILABLE'],
  ])('of HTTP %s is told by its status: %s', async (status, code) => {
    const { state, close } = await openBeside((_request, reply) => {
      reply.writeHead(status).end();
    });
    await expect(state.write('x')).rejects.toMatchObject({ code });
    await close();
  });
});

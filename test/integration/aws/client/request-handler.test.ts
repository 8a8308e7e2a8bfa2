import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HttpRequest } from '@smithy/core/protocols';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createRequestHandler,
  type RequestHandlerOptions,
} from '../../../../src/aws/client/request-handler.ts';
import type { Env } from '../../../../src/io/io.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';
import { startProxy } from '../../../fakes/proxy.ts';
import { createTestCertificates } from '../../../fakes/tls.ts';

const STS_HOST = 'sts.eu-west-1.amazonaws.com';
const certificates = createTestCertificates([STS_HOST, '127.0.0.1']);

let folder: string;
let bundle: string;
let secure: AwsServer;
const cleanups: (() => Promise<unknown> | unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-handler-'));
  bundle = join(folder, 'ca.pem');
  await writeFile(bundle, certificates.ca);
  secure = await startAwsServer({ tls: certificates });
  cleanups.push(
    () => rm(folder, { recursive: true }),
    () => secure.close(),
  );
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function get(url: string, env: Env, options: RequestHandlerOptions = {}) {
  const notes: string[] = [];
  const handler = createRequestHandler(env, note => notes.push(note), options);
  const { protocol, hostname, port, pathname } = new URL(url);
  const request = new HttpRequest({
    method: 'GET',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    headers: { host: new URL(url).host },
  });
  try {
    const { response } = await handler.handle(request);
    for await (const _chunk of response.body);
    return { status: response.statusCode, notes };
  } finally {
    handler.destroy?.();
  }
}

describe('AWS_CA_BUNDLE', () => {
  test('is the set of trusted certificates', async () => {
    expect((await get(secure.url, { AWS_CA_BUNDLE: bundle })).status).toBe(404);
    await expect(get(secure.url, {})).rejects.toMatchObject({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  });

  test('counts through a tunnel too, and the proxy sees the host only', async () => {
    const proxy = await startProxy({
      auth: { user: 'me', password: 'p@ss' },
      routes: { [`${STS_HOST}:443`]: secure.port },
    });
    cleanups.push(() => proxy.close());
    const env = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: bundle };
    expect((await get(`https://${STS_HOST}/`, env)).status).toBe(404);
    expect(proxy.requests).toEqual([
      expect.objectContaining({ kind: 'connect', target: `${STS_HOST}:443`, status: 200 }),
    ]);
    await expect(get(`https://${STS_HOST}/`, { https_proxy: proxy.url })).rejects.toMatchObject({
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
  });

  test.each([
    ['absent.pem', /AWS_CA_BUNDLE names ".*absent\.pem", which cannot be read \(ENOENT\)/],
    ['.', /AWS_CA_BUNDLE names ".*", which cannot be read \(EISDIR\)/],
    ['empty.pem', /AWS_CA_BUNDLE names ".*empty\.pem", which holds no PEM certificate/],
  ])('%s is refused', async (name, message) => {
    await writeFile(join(folder, 'empty.pem'), '');
    await expect(get(secure.url, { AWS_CA_BUNDLE: join(folder, name) })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
  });
});

describe('proxies', () => {
  test('plain requests go through HTTP_PROXY, unless NO_PROXY names the host', async () => {
    const plain = await startAwsServer();
    const proxy = await startProxy();
    cleanups.push(
      () => plain.close(),
      () => proxy.close(),
    );
    await get(plain.url, { HTTP_PROXY: proxy.url });
    expect(proxy.requests).toHaveLength(1);
    await get(plain.url, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    await get(plain.url, { HTTPS_PROXY: proxy.url });
    expect(proxy.requests).toHaveLength(1);
    expect(plain.requests).toHaveLength(3);
  });

  test('a refused tunnel is told as the proxy’s doing', async () => {
    const proxy = await startProxy({ auth: { user: 'me', password: 'secret-of-proxy' } });
    cleanups.push(() => proxy.close());
    const error = await get(`https://${STS_HOST}/`, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'NETWORK',
      message: 'the proxy refused the connection with HTTP 407',
    });
  });

  test('a proxy that is no URL is refused without showing it', async () => {
    const env = { HTTPS_PROXY: 'socks5://user:hunter2hunter2@127.0.0.1:1' };
    const error = await get(`https://${STS_HOST}/`, env).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(error)).not.toContain('hunter2');
  });

  test.each(['https', 'http'])(
    'for %s whose password has a bare percent sign is refused unseen',
    async scheme => {
      const proxy = 'http://user:hunter2%zz@127.0.0.1:1';
      const error = await get(`${scheme}://${STS_HOST}/`, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        code: 'CONFIG_INVALID',
        hint: "percent-encode the proxy's user and password",
      });
      expect(String(error)).not.toContain('hunter2');
    },
  );
});

describe('time limits', () => {
  test('a server that never answers', async () => {
    const silent = createServer(() => {});
    const port = await listenOnLoopback(silent);
    cleanups.push(
      () => silent.closeAllConnections(),
      () => silent.close(),
    );
    await expect(get(`http://127.0.0.1:${port}/`, {}, { requestTimeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ETIMEDOUT',
    });
  });

  test('an answer that stops half-way', async () => {
    const half = createServer((_request, response) =>
      response.writeHead(200, { 'content-length': 9 }).write('x'),
    );
    const port = await listenOnLoopback(half);
    cleanups.push(
      () => half.closeAllConnections(),
      () => half.close(),
    );
    await expect(get(`http://127.0.0.1:${port}/`, {}, { requestTimeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('an answer that comes slowly, but comes, is waited for', async () => {
    const slow = createServer(async (_request, response) => {
      for (let part = 0; part < 6; part += 1) {
        response.write('x');
        await sleep(50);
      }
      response.end();
    });
    const port = await listenOnLoopback(slow);
    cleanups.push(() => slow.close());
    expect((await get(`http://127.0.0.1:${port}/`, {}, { requestTimeoutMs: 200 })).status).toBe(200);
  });

  test('an answer that never ends, however regularly it comes', async () => {
    const dripping = createServer((_request, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(drip));
    });
    const port = await listenOnLoopback(dripping);
    cleanups.push(
      () => dripping.closeAllConnections(),
      () => dripping.close(),
    );
    const limits = { requestTimeoutMs: 5_000, exchangeTimeoutMs: 200 };
    await expect(get(`http://127.0.0.1:${port}/`, {}, limits)).rejects.toMatchObject({
      code: 'TIMEOUT',
      exitCode: 8,
      message: 'the answer had not ended after 0.2 s',
    });
    // The connection is cut, too.
    await vi.waitFor(async () => expect(await promisify(dripping.getConnections.bind(dripping))()).toBe(0));
  });

  test.each(['as long as it may be', 'a byte longer'])('an answer that is %s', async length => {
    const size = 100_000;
    const large = createServer((_request, response) => {
      response.write('x'.repeat(size));
      response.end(length === 'a byte longer' ? 'y' : '');
    });
    const port = await listenOnLoopback(large);
    cleanups.push(
      () => large.closeAllConnections(),
      () => large.close(),
    );
    const answer = get(`http://127.0.0.1:${port}/`, {}, { mostBody: size });
    if (length !== 'a byte longer') expect((await answer).status).toBe(200);
    else await expect(answer).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE', exitCode: 4 });
  });

  test('a TLS handshake that never ends', async () => {
    const mute = createTcpServer(socket => socket.on('error', () => {}));
    const port = await listenOnLoopback(mute);
    cleanups.push(() => mute.close());
    await expect(get(`https://127.0.0.1:${port}/`, {}, { requestTimeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('no more connections than allowed are open at once', async () => {
    let open = 0;
    let most = 0;
    const counting = createServer((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 10);
    });
    const port = await listenOnLoopback(counting);
    cleanups.push(
      () => counting.closeAllConnections(),
      () => counting.close(),
    );
    const handler = createRequestHandler({}, () => {}, { maxSockets: 2 });
    cleanups.push(() => handler.destroy?.());
    const request = new HttpRequest({ protocol: 'http:', hostname: '127.0.0.1', port, path: '/' });
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { response } = await handler.handle(request);
        for await (const _chunk of response.body);
      }),
    );
    expect(most).toBe(2);
  });
});

test('neither an idle connection nor a failed one keeps the process alive', async () => {
  const plain = await startAwsServer();
  cleanups.push(() => plain.close());
  const contents = `
    import { HttpRequest } from '@smithy/core/protocols';
    import { createRequestHandler } from './src/aws/client/request-handler.ts';
    const request = new HttpRequest({ protocol: 'http:', hostname: '127.0.0.1', port: ${plain.port}, path: '/' });
    const handler = createRequestHandler({}, () => {});
    handler.handle(request).then(({ response }) => response.body.resume());
    handler.handle(new HttpRequest({ ...request, port: 1 })).catch(() => {});
  `;
  const resolveDir = join(import.meta.dirname, '../../../..');
  const outfile = join(folder, 'one-request.cjs');
  await build({ stdin: { contents, resolveDir }, bundle: true, platform: 'node', format: 'cjs', outfile });
  const child = spawn(process.execPath, [outfile], { stdio: 'inherit', timeout: 4_000 });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(plain.requests).toHaveLength(1);
});

describe('clear text', () => {
  test.each(['htps:', 'wss:', 'localhost:', 'ftp:'])('%s is no way to reach AWS', async protocol => {
    const handler = createRequestHandler({}, () => {});
    const request = new HttpRequest({ protocol, hostname: '127.0.0.1', port: secure.port, path: '/' });
    await expect(handler.handle(request)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('is not an http(s) URL'),
      hint: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
    expect(secure.requests).toEqual([]);
  });

  test('without a host it is refused', async () => {
    const handler = createRequestHandler({}, () => {});
    const request = new HttpRequest({ protocol: 'https:', path: '/' });
    // The constructor would put localhost there.
    request.hostname = '';
    await expect(handler.handle(request)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('to another host it is warned about once', async () => {
    const plain = await startAwsServer();
    const proxy = await startProxy({ routes: { 'fake.test:80': plain.port } });
    cleanups.push(
      () => plain.close(),
      () => proxy.close(),
    );
    const notes: string[] = [];
    const handler = createRequestHandler({ HTTP_PROXY: proxy.url }, note => notes.push(note));
    const request = new HttpRequest({
      protocol: 'http:',
      hostname: 'fake.test',
      path: '/',
      headers: { host: 'fake.test' },
    });
    for (let count = 0; count < 2; count += 1) {
      const { response } = await handler.handle(request);
      for await (const _chunk of response.body);
    }
    handler.destroy?.();
    expect(notes).toEqual([expect.stringContaining('http://fake.test is not encrypted')]);
    expect((await get(plain.url, {})).notes).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { findOidcToken, type OidcToken } from '../../../src/ci/token/oidc-token.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import type { Env } from '../../../src/io/io.ts';
import { type GithubOidc, startGithubOidc } from '../../fakes/github-oidc.ts';
import { listenOnLoopback } from '../../fakes/loopback-port.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { startProxy } from '../../fakes/proxy.ts';

const SECRET = 'ghs-secret-of-the-request';
const closers: (() => unknown)[] = [];
const warnings: string[] = [];

afterEach(async () => {
  warnings.length = 0;
  for (const close of closers.splice(0)) await close();
});

function find(env: Env, audience?: string, signal?: AbortSignal): Promise<OidcToken> {
  return findOidcToken({
    env: { GITHUB_ACTIONS: 'true', ...env },
    now: Date.now,
    cwd: '/',
    audience,
    signal,
    warn: note => warnings.push(note),
  });
}

async function fail(env: Env, signal?: AbortSignal): Promise<DeployMarkerError> {
  const found: unknown = await find(env, undefined, signal).catch((error: unknown) => error);
  if (!(found instanceof DeployMarkerError)) throw new Error('expected a DeployMarkerError');
  const seen = [found.message, found.hint, found.stack, JSON.stringify(found.cause), ...warnings].join('\n');
  expect(seen).not.toContain(SECRET);
  expect(seen).not.toContain('eyJ');
  return found;
}

async function github(mint?: (audience: string | undefined) => string): Promise<GithubOidc> {
  const server = await startGithubOidc(mint === undefined ? {} : { mint });
  closers.push(() => server.close());
  return server;
}

/** An endpoint of our own making, for what GitHub's would never answer. */
async function endpoint(listener: RequestListener): Promise<Env> {
  const server: Server = createServer(listener);
  const port = await listenOnLoopback(server);
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return requestEnv(`http://127.0.0.1:${port}/token?api-version=2.0`);
}

function requestEnv(url: string): Env {
  return { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET };
}

describe("GitHub's token request", () => {
  test('asks for sts.amazonaws.com, or for the audience given', async () => {
    const server = await github(aud => mintToken({ aud: String(aud) }));
    const first = await find(server.env());
    expect(first.source).toBe("GitHub's token request URL");
    await find(server.env(), 'a b&c=d#é');
    expect(server.requests.map(request => [request.method, request.audience, request.status])).toEqual([
      ['GET', 'sts.amazonaws.com', 200],
      ['GET', 'a b&c=d#é', 200],
    ]);
    expect(warnings).toEqual([]);
  });

  test('server errors are tried twice more', async () => {
    const server = await github();
    server.fail(503, 2);
    expect((await find(server.env())).token).toMatch(/^eyJ/);
    expect(server.requests).toHaveLength(3);
    server.fail(500, 3);
    expect(await fail(server.env())).toMatchObject({ code: 'UNEXPECTED_RESPONSE', retryable: true });
    expect(server.requests).toHaveLength(6);
  });

  test('cut connections are tried twice more', async () => {
    let attempts = 0;
    const token = mintToken();
    const env = await endpoint((_request, reply) => {
      attempts += 1;
      if (attempts === 1) return reply.destroy();
      reply.setHeader('content-length', 100);
      if (attempts === 2) return reply.write('{"value":', () => reply.destroy());
      return reply.setHeader('content-length', token.length + 12).end(`{"value":"${token}"}`);
    });
    expect((await find(env)).token).toBe(token);
    expect(attempts).toBe(3);
  });

  test('nobody there is a network error', async () => {
    const error = await fail(requestEnv('http://127.0.0.1:1/token'));
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('ECONNREFUSED') });
  });

  test.each([403, 408, 429, 503])('HTTP %i passes, and is asked again', async status => {
    const server = await github();
    server.fail(status, 2);
    expect((await find(server.env())).token).toMatch(/^eyJ/);
    expect(server.requests).toHaveLength(3);
  });

  test('HTTP 403 that stays is a refusal, and not for want of a permission', async () => {
    const server = await github();
    server.fail(403, 3);
    const error = await fail(server.env());
    expect(error).toMatchObject({ code: 'OIDC_TOKEN_MISSING', message: expect.stringContaining('HTTP 403') });
    expect(error.hint).toContain('run the job again');
    expect(server.requests).toHaveLength(3);
  });

  test.each([400, 401, 404])('HTTP %i is a refusal and not tried again', async status => {
    const server = await github();
    server.fail(status);
    const error = await fail(server.env());
    expect(error).toMatchObject({
      code: 'OIDC_TOKEN_MISSING',
      message: expect.stringContaining(`HTTP ${status}`),
    });
    expect(error.hint).toContain('id-token: write');
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['garbage', '<html>eyJhbGciOi.x.y'],
    ['no value', '{"count":0}'],
    ['an empty value', '{"value":""}'],
    ['another type', '{"value":7}'],
    ['null', 'null'],
  ])('HTTP 200 with %s', async (_name, body) => {
    const env = await endpoint((_request, reply) => reply.end(body));
    expect(await fail(env)).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  test('HTTP 200 with a value that is no JWT', async () => {
    const env = await endpoint((_request, reply) => reply.end(JSON.stringify({ value: `${SECRET} x` })));
    expect(await fail(env)).toMatchObject({ code: 'OIDC_TOKEN_UNREADABLE' });
  });

  test('an endless answer is cut off', async () => {
    const env = await endpoint((_request, reply) => reply.end('x'.repeat(1_000_000)));
    expect(await fail(env)).toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('far too long'),
    });
  });

  test('a redirect is not followed with the secret', async () => {
    const other = await github();
    const env = await endpoint((_request, reply) => reply.writeHead(302, { location: other.url }).end());
    expect(await fail(env)).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringContaining('302'),
    });
    expect(other.requests).toEqual([]);
  });

  test.each(['http://token.example/x?secret=ghs-secret-of-the-request', 'ftp://127.0.0.1/', 'token.example'])(
    '%s is refused',
    async url => {
      const error = await fail(requestEnv(url));
      expect(error).toMatchObject({
        code: 'OIDC_TOKEN_MISSING',
        message: expect.stringContaining('needs https'),
      });
    },
  );

  test('a cancelled run ends at once, also between attempts', async () => {
    const hanging = await endpoint(() => undefined);
    expect((await fail(hanging, AbortSignal.timeout(100))).code).toBe('CANCELLED');
    const server = await github();
    server.fail(500, 9);
    expect((await fail(server.env(), AbortSignal.timeout(100))).code).toBe('CANCELLED');
    expect(server.requests.length).toBeLessThan(3);
  });
});

describe('through a proxy', () => {
  test('HTTP_PROXY is used and NO_PROXY is not', async () => {
    const server = await github();
    const proxy = await startProxy({ auth: { user: 'u', password: 'p@ss' } });
    closers.push(() => proxy.close());
    await find({ ...server.env(), HTTP_PROXY: proxy.url });
    expect(proxy.requests).toMatchObject([{ kind: 'forward', status: 200 }]);
    await find({ ...server.env(), HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    expect(proxy.requests).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  test('https goes through a tunnel', async () => {
    const proxy = await startProxy();
    closers.push(() => proxy.close());
    const error = await fail({ ...requestEnv('https://token.example/x'), HTTPS_PROXY: proxy.url });
    expect(error.exitCode).toBeGreaterThan(2);
    expect(proxy.requests[0]).toMatchObject({ kind: 'connect', target: 'token.example:443' });
  });

  test('a proxy that is no URL is a wrong setting, its password unseen', async () => {
    const error = await fail({ ...requestEnv('https://t.example/'), HTTPS_PROXY: `socks5://u:${SECRET}@h` });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each(['https://t.example/', 'http://127.0.0.1:9/'])(
    'a proxy whose password has a bare percent sign is a wrong setting for %s',
    async url => {
      const proxy = `http://u:${SECRET}%zz@127.0.0.1:9`;
      const error = await fail({ ...requestEnv(url), HTTPS_PROXY: proxy, HTTP_PROXY: proxy });
      expect(error).toMatchObject({
        code: 'CONFIG_INVALID',
        hint: "percent-encode the proxy's user and password",
      });
    },
  );

  test('a proxy on another machine gets no secret in clear', async () => {
    const server = await github();
    const error = await fail({ ...server.env(), HTTP_PROXY: 'http://proxy.invalid:3128' });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('NO_PROXY') });
    expect(server.requests).toEqual([]);
  });
});

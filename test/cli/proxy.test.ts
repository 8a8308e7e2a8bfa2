import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from '../fakes/proxy.ts';
import { createTestCertificates } from '../fakes/tls.ts';
import { emitTo, withAwsServer } from './emit/scene.ts';
import { errorOf, makeFolder, type RunOptions, runCli } from './run-cli.ts';

const HOST = 'cloudtrail-data.eu-west-1.amazonaws.com';
const { ca, ...tls } = createTestCertificates([HOST, '127.0.0.1']);

async function withProxy(options: ProxyOptions, use: (proxy: RunningProxy) => Promise<void>): Promise<void> {
  const proxy = await startProxy(options);
  try {
    await use(proxy);
  } finally {
    await proxy.close();
  }
}

/** The certificate with a trailer, X509_CERT_AUX in DER: what it is trusted and rejected for. */
function asTrusted(trailer: string): string {
  const der = Buffer.from(ca.replace(/-----.*?-----|\s/g, ''), 'base64');
  const base64 = Buffer.concat([der, Buffer.from(trailer, 'hex')]).toString('base64');
  const lines = base64.replace(/(.{64})/g, '$1\n').trim();
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${lines}\n-----END TRUSTED CERTIFICATE-----\n`;
}

async function writeBundle(): Promise<string> {
  const bundle = join(await makeFolder(), 'ca.pem');
  await writeFile(bundle, ca);
  return bundle;
}

/** The server as AWS's own host, which only a proxy leads to. */
async function withRealHost(
  options: Omit<ProxyOptions, 'routes'>,
  use: (server: AwsServer, proxy: RunningProxy, env: Record<string, string | undefined>) => Promise<void>,
): Promise<void> {
  await withAwsServer(
    async server => {
      await withProxy({ ...options, routes: { [`${HOST}:443`]: server.port } }, async proxy => {
        const env = { AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: undefined, AWS_ENDPOINT_URL_STS: undefined };
        await use(server, proxy, { ...env, AWS_CA_BUNDLE: await writeBundle() });
      });
    },
    { tls },
  );
}

describe.concurrent('an HTTPS endpoint', () => {
  test('is reached through a CONNECT proxy, with the certificates of AWS_CA_BUNDLE', () =>
    withRealHost({}, async (server, proxy, env) => {
      const result = await emitTo(server, [], { env: { ...env, HTTPS_PROXY: proxy.url } });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(server.state.stored).toHaveLength(1);
      expect(proxy.requests).toMatchObject([{ kind: 'connect', target: `${HOST}:443`, status: 200 }]);
    }));

  test('is reached through a proxy that asks for a password', () =>
    withRealHost({ auth: { user: 'ci', password: 'p@ss/word' } }, async (server, proxy, env) => {
      expect((await emitTo(server, [], { env: { ...env, https_proxy: proxy.url } })).code).toBe(0);
      expect(server.state.stored).toHaveLength(1);
    }));

  test('is not reached through a proxy that refuses us, which ends with 4', () =>
    withRealHost({ auth: { user: 'ci', password: 'right-password' } }, async (server, proxy, env) => {
      const HTTPS_PROXY = `http://ci:wrong-password@127.0.0.1:${proxy.port}`;
      const result = await emitTo(server, [], { env: { ...env, HTTPS_PROXY } });
      expect(result).toMatchObject({ code: 4, stdout: '' });
      expect(errorOf(result)).toMatchObject({ message: expect.stringContaining('407') });
      expect(result.stderr).not.toContain('wrong-password');
      expect(proxy.requests.every(({ status }) => status === 407)).toBe(true);
      expect(server.requests).toEqual([]);
    }));

  test('that nobody vouches for is refused with 4', () =>
    withRealHost({}, async (server, proxy, env) => {
      const result = await emitTo(server, [], {
        env: { ...env, AWS_CA_BUNDLE: undefined, HTTPS_PROXY: proxy.url },
      });
      expect(result.code).toBe(4);
      expect(errorOf(result).code).toBe('NETWORK');
      expect(server.requests).toEqual([]);
    }));

  test('is asked directly without a proxy', () =>
    withAwsServer(
      async server => {
        const env = { AWS_CA_BUNDLE: await writeBundle() };
        expect(await emitTo(server, [], { env })).toMatchObject({ code: 0, stderr: '' });
        expect(server.state.stored).toHaveLength(1);
      },
      { tls },
    ));

  test.each([
    ['with no word about its use', '3000', 0],
    ['for servers', '300c300a06082b06010505070301', 0],
    ['but rejected for servers', '300ca00a06082b06010505070301', 4],
  ])('takes a certificate in the trusted form of OpenSSL %s', (_use, trailer, code) =>
    withAwsServer(
      async server => {
        const bundle = join(await makeFolder(), 'trusted.pem');
        await writeFile(bundle, asTrusted(trailer));
        const result = await emitTo(server, [], { env: { AWS_CA_BUNDLE: bundle } });
        expect(result.code, result.stderr).toBe(code);
      },
      { tls },
    ),
  );

  test('needs an AWS_CA_BUNDLE that can be read', () =>
    withAwsServer(
      async server => {
        const result = await emitTo(server, [], { env: { AWS_CA_BUNDLE: '/none/ca.pem' } });
        expect(result).toMatchObject({ code: 7, stdout: '' });
        expect(errorOf(result)).toMatchObject({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('/none/ca.pem'),
        });
      },
      { tls },
    ));
});

describe.concurrent('an HTTP endpoint', () => {
  test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
    'is reached through the forward proxy of %s',
    variable =>
      withAwsServer(server =>
        withProxy({}, async proxy => {
          expect(await emitTo(server, [], { env: { [variable]: proxy.url } })).toMatchObject({ code: 0 });
          expect(proxy.requests).toMatchObject([{ kind: 'forward', method: 'POST', status: 200 }]);
          expect(server.state.stored).toHaveLength(1);
        }),
      ),
  );

  test.each(['127.0.0.1', '*', 'example.com, 127.0.0.1'])(
    'is asked directly where NO_PROXY is %s',
    exception =>
      withAwsServer(server =>
        withProxy({}, async proxy => {
          const env = { HTTP_PROXY: proxy.url, NO_PROXY: exception };
          expect((await emitTo(server, [], { env })).code).toBe(0);
          expect(proxy.requests).toEqual([]);
          expect(server.state.stored).toHaveLength(1);
        }),
      ),
  );

  test('behind a proxy that refuses us ends with 4', () =>
    withAwsServer(server =>
      withProxy({ auth: { user: 'ci', password: 'right-password' } }, async proxy => {
        const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
        const result = await emitTo(server, [], { env });
        expect(result).toMatchObject({ code: 4, stdout: '' });
        expect(errorOf(result)).toMatchObject({ message: expect.stringContaining('407') });
        expect(server.requests).toEqual([]);
      }),
    ));

  test('behind a proxy that is not there ends with 4', () =>
    withAwsServer(async server => {
      const proxy = await startProxy();
      await proxy.close();
      const result = await emitTo(server, [], { env: { HTTP_PROXY: proxy.url } });
      expect(result.code).toBe(4);
      expect(errorOf(result).code).toBe('NETWORK');
      expect(server.requests).toEqual([]);
    }));
});

test('AWS_ENDPOINT_URL counts for all services where the service has no variable of its own', async () => {
  const server = await startAwsServer();
  try {
    const env: RunOptions['env'] = {
      ...server.env(),
      AWS_ENDPOINT_URL: server.url,
      AWS_ENDPOINT_URL_STS: undefined,
      AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: undefined,
    };
    const flags = ['--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d'];
    const result = await runCli(['emit', ...flags, '--channel-arn', server.state.defaultChannelArn], { env });
    expect(result.code).toBe(0);
    expect(server.state.stored).toHaveLength(1);
    expect(server.violations).toEqual([]);
  } finally {
    await server.close();
  }
});

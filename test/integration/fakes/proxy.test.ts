import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { startProxy } from '../../fakes/proxy.ts';
import { createTestCertificates } from '../../fakes/tls.ts';

const STS_HOST = 'sts.eu-west-1.amazonaws.com';
const certificates = createTestCertificates([STS_HOST, '*.example.test', '127.0.0.1']);

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer({ tls: certificates });
});
afterEach(() => server.close());

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

async function openTunnel(
  port: number,
  target: string,
  headers = '',
): Promise<{ socket: Socket; line: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${headers}\r\n`);
  const [head] = await once(socket, 'data');
  return { socket, line: String(head).split('\r\n')[0] ?? '' };
}

async function getOverTls(socket: Socket, servername: string, ca: string): Promise<string> {
  const secure = tlsConnect({ socket, servername, ca });
  await once(secure, 'secureConnect');
  secure.write(
    `POST /nothing HTTP/1.1\r\nHost: ${servername}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  );
  return readAll(secure);
}

describe('certificates', () => {
  test('a client that trusts the CA accepts the server under each of its names, and no other', async () => {
    const cert = new X509Certificate(certificates.cert);
    const ca = new X509Certificate(certificates.ca);
    expect(cert.checkIssued(ca)).toBe(true);
    expect(cert.verify(ca.publicKey)).toBe(true);
    expect([ca.ca, cert.ca]).toEqual([true, false]);
    expect(cert.subjectAltName).toBe(`DNS:${STS_HOST}, DNS:*.example.test, IP Address:127.0.0.1`);
    expect(Date.parse(cert.validTo) - Date.parse(cert.validFrom)).toBe(25 * 3_600_000);
    const reach = (servername: string, trusted: string) =>
      getOverTls(connect(server.port, '127.0.0.1'), servername, trusted);
    expect(await reach(STS_HOST, certificates.ca)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await reach('a.example.test', certificates.ca)).toMatch(/^HTTP\/1\.1 404 /);
    await expect(reach('other.test', certificates.ca)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const stranger = createTestCertificates([STS_HOST]);
    await expect(reach(STS_HOST, stranger.ca)).rejects.toThrow(/certificate/);
  });
});

describe('CONNECT', () => {
  test('a route takes a real host name to a loopback TLS server', async () => {
    const proxy = await startProxy({ routes: { [`${STS_HOST}:443`]: server.port } });
    const { socket, line } = await openTunnel(proxy.port, `${STS_HOST}:443`);
    expect(line).toBe('HTTP/1.1 200 Connection Established');
    expect(await getOverTls(socket, STS_HOST, certificates.ca)).toContain('UnknownOperationException');
    expect(proxy.requests).toEqual([
      { kind: 'connect', target: `${STS_HOST}:443`, method: 'CONNECT', path: '', status: 200 },
    ]);
    expect(server.requests).toHaveLength(1);
    await proxy.close();
  });

  test.each(['sts.us-east-1.amazonaws.com:443', '192.0.2.1:443', '127.0.0.1:1'])(
    '%s is answered 502',
    async target => {
      const proxy = await startProxy({ routes: { [`${STS_HOST}:443`]: server.port } });
      const { line } = await openTunnel(proxy.port, target);
      expect(line).toBe('HTTP/1.1 502 Bad Gateway');
      expect(proxy.requests).toMatchObject([{ target, status: 502 }]);
      await proxy.close();
    },
  );

  test('what a client sends together with its CONNECT reaches the target', async () => {
    const plain = await startAwsServer();
    const proxy = await startProxy({ routes: { 'aws.test:80': plain.port } });
    const socket = connect(proxy.port, '127.0.0.1');
    const request =
      'POST /early HTTP/1.1\r\nHost: aws.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    socket.write(`CONNECT aws.test:80 HTTP/1.1\r\nHost: aws.test:80\r\n\r\n${request}`);
    expect(await readAll(socket)).toContain('404 Not Found');
    expect(plain.requests).toMatchObject([{ path: '/early' }]);
    await proxy.close();
    await plain.close();
  });

  test('a password, where one is required', async () => {
    const proxy = await startProxy({ auth: { user: 'me', password: 'p@ss' } });
    expect(proxy.url).toBe(`http://me:p%40ss@127.0.0.1:${proxy.port}`);
    const target = `127.0.0.1:${server.port}`;
    const basic = (text: string) => `Proxy-Authorization: Basic ${Buffer.from(text).toString('base64')}\r\n`;
    const lines = [
      (await openTunnel(proxy.port, target)).line,
      (await openTunnel(proxy.port, target, basic('me:wrong'))).line,
      (await openTunnel(proxy.port, target, basic('me:p@ss'))).line,
    ];
    expect(lines.map(line => line.split(' ')[1])).toEqual(['407', '407', '200']);
    await proxy.close();
  });
});

describe('absolute-form requests', () => {
  async function forward(
    port: number,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<[number, string]> {
    const request = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
    request.end('body');
    const [response] = await once(request, 'response');
    return [response.statusCode, await readAll(response)];
  }

  test('are passed on with their body, without the headers that are for the proxy', async () => {
    const plain = await startAwsServer();
    const proxy = await startProxy({
      auth: { user: 'me', password: 'x' },
      routes: { 'aws.test:80': plain.port },
    });
    const headers = {
      'proxy-authorization': `Basic ${Buffer.from('me:x').toString('base64')}`,
      host: 'aws.test',
    };
    const [status] = await forward(proxy.port, 'http://aws.test/a?b=c', headers);
    expect(status).toBe(404);
    expect(plain.requests[0]).toMatchObject({ path: '/a', query: [['b', 'c']], bodyText: 'body' });
    expect(plain.requests[0]?.headers).toMatchObject({ host: 'aws.test' });
    expect(plain.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(proxy.requests).toEqual([
      { kind: 'forward', target: 'aws.test:80', method: 'POST', path: '/a?b=c', status: 404 },
    ]);
    await proxy.close();
    await plain.close();
  });

  test('are refused without the password, off the loopback and in origin form', async () => {
    const proxy = await startProxy();
    const locked = await startProxy({ auth: { user: 'me', password: 'x' } });
    const statuses = [
      (await forward(locked.port, 'http://127.0.0.1:1/'))[0],
      (await forward(proxy.port, 'http://192.0.2.1/'))[0],
      (await forward(proxy.port, 'http://127.0.0.1:1/'))[0],
      (await forward(proxy.port, '/path'))[0],
    ];
    expect(statuses).toEqual([407, 502, 502, 502]);
    await proxy.close();
    await locked.close();
  });
});

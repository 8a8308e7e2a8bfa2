import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenOnLoopback } from './loopback-port.ts';

/** One request that reached the proxy. */
export interface ProxiedRequest {
  /** `forward`: an absolute-form HTTP request; `connect`: a tunnel. */
  readonly kind: 'forward' | 'connect';
  /** `host:port` as the client asked for it. */
  readonly target: string;
  readonly method: string;
  /** Path and query; empty for tunnels. */
  readonly path: string;
  /** 200 for an open tunnel, 407 without the right password, 502 for a target that is not reachable or not allowed. */
  readonly status: number;
}

/** A running proxy. */
export interface Proxy {
  /** `http://127.0.0.1:PORT`, with the user and password when one is required. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ProxiedRequest[];
  close(): Promise<void>;
}

/** How to start a proxy. */
export interface ProxyOptions {
  /** Requires `Proxy-Authorization: Basic`. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Sends `host:port` to this port of 127.0.0.1 instead. Any other target must be a loopback address. */
  readonly routes?: Readonly<Record<string, number>>;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

// Tests must never reach the network, so a target that is neither mapped nor loopback is refused.
function resolveTarget(target: string, routes: Readonly<Record<string, number>>): Target | undefined {
  const mapped = routes[target];
  if (mapped !== undefined) return { host: '127.0.0.1', port: mapped };
  const colon = target.lastIndexOf(':');
  const host = target.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(target.slice(colon + 1));
  return isLoopback(host) ? { host, port } : undefined;
}

function isAuthorized(message: IncomingMessage, auth: ProxyOptions['auth']): boolean {
  if (auth === undefined) return true;
  const expected = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
  return message.headers['proxy-authorization'] === `Basic ${expected}`;
}

function splice(left: Duplex, right: Duplex): void {
  left.pipe(right);
  right.pipe(left);
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

/** Starts a forward and CONNECT proxy on 127.0.0.1 that remembers what went through it. */
export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Duplex>();
  const routes = options.routes ?? {};

  function forward(message: IncomingMessage, reply: ServerResponse): void {
    const url = URL.canParse(message.url ?? '') ? new URL(message.url ?? '') : undefined;
    const entry = {
      kind: 'forward',
      target: url === undefined ? '' : `${url.hostname}:${url.port || '80'}`,
      method: message.method ?? '',
      path: url === undefined ? (message.url ?? '') : url.pathname + url.search,
    } as const;
    const finish = (status: number): void => {
      requests.push({ ...entry, status });
      const challenge = status === 407 ? { 'proxy-authenticate': 'Basic realm="proxy"' } : {};
      reply.writeHead(status, challenge).end();
    };
    if (!isAuthorized(message, options.auth)) {
      finish(407);
      return;
    }
    const target = url?.protocol === 'http:' ? resolveTarget(entry.target, routes) : undefined;
    if (target === undefined) {
      finish(502);
      return;
    }
    const headers = { ...message.headers };
    delete headers['proxy-authorization'];
    delete headers['proxy-connection'];
    const upstream = httpRequest({ ...target, method: entry.method, path: entry.path, headers });
    upstream.on('response', response => {
      requests.push({ ...entry, status: response.statusCode ?? 0 });
      reply.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(reply);
    });
    upstream.on('error', () => (reply.headersSent ? reply.destroy() : finish(502)));
    message.pipe(upstream);
  }

  function tunnel(message: IncomingMessage, client: Duplex, head: Buffer): void {
    sockets.add(client);
    const target = message.url ?? '';
    const finish = (status: number, line: string): void => {
      requests.push({ kind: 'connect', target, method: 'CONNECT', path: '', status });
      client.write(`HTTP/1.1 ${status} ${line}\r\n\r\n`);
    };
    client.on('error', () => client.destroy());
    if (!isAuthorized(message, options.auth)) {
      finish(
        407,
        'Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0',
      );
      client.end();
      return;
    }
    const place = resolveTarget(target, routes);
    if (place === undefined) {
      finish(502, 'Bad Gateway\r\nContent-Length: 0');
      client.end();
      return;
    }
    const upstream: Socket = connect(place.port, place.host);
    sockets.add(upstream);
    const refused = (): void => {
      finish(502, 'Bad Gateway\r\nContent-Length: 0');
      client.end();
    };
    upstream.once('error', refused);
    upstream.once('connect', () => {
      upstream.off('error', refused);
      finish(200, 'Connection Established');
      if (head.length > 0) upstream.write(head);
      splice(client, upstream);
    });
  }

  const server = createServer(forward);
  server.on('connect', tunnel);
  const port = await listenOnLoopback(server);
  const user = options.auth;
  const login =
    user === undefined ? '' : `${encodeURIComponent(user.user)}:${encodeURIComponent(user.password)}@`;
  return {
    url: `http://${login}127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      // Tunnels have left the server's own list of connections.
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

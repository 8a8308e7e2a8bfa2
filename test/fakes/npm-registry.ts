import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from './loopback-port.ts';

/** What becomes of a request: an HTTP status, no answer at all, a closed connection, or half of the file. */
export type RegistryFault = number | 'hang' | 'reset' | 'cut';

/** One request. */
export interface RegistryRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly outcome: RegistryFault;
}

/** A running registry that has tarballs and nothing else. */
export interface NpmRegistry {
  /** Its address, with a path, as mirrors have, and without a final slash. */
  readonly url: string;
  readonly requests: readonly RegistryRequest[];
  /** Serves these bytes as a version of a package, in place of those before. */
  publish(name: string, version: string, tarball: Uint8Array): void;
  /** What becomes of the next `times` (default 1) requests. */
  fail(fault: RegistryFault, times?: number): void;
  close(): Promise<void>;
}

/** How to start the registry. */
export interface NpmRegistryOptions {
  /** `user:password` that every request has to come with. */
  readonly credentials?: string;
  /** Sends every request for a tarball on to another path of the same server, as registries with a CDN do. */
  readonly redirects?: boolean;
}

const BASE = '/npm';
const FILES = '/files';

/**
 * Starts a loopback registry that serves `/<name>/-/<name>-<version>.tgz` below a path, and refuses everything else.
 *
 * Source of the path: `dist.tarball` in what npm's registry answers for a package (`npm view NAME dist.tarball`).
 */
export async function startNpmRegistry(options: NpmRegistryOptions = {}): Promise<NpmRegistry> {
  const files = new Map<string, Uint8Array>();
  const requests: RegistryRequest[] = [];
  const faults: RegistryFault[] = [];
  const base = options.redirects === true ? FILES : BASE;

  function judge({ method, url = '', headers }: IncomingMessage): number {
    const expected = `Basic ${Buffer.from(options.credentials ?? '').toString('base64')}`;
    if (method !== 'GET') return 405;
    if (options.credentials !== undefined && headers.authorization !== expected) return 401;
    if (files.has(url)) return 200;
    return options.redirects === true && files.has(url.replace(BASE, FILES)) ? 302 : 404;
  }

  const server = createServer((message, reply) => {
    const { url = '', headers } = message;
    const outcome = faults.shift() ?? judge(message);
    requests.push({ path: url, authorization: headers.authorization, outcome });
    answer(reply, outcome, files.get(url), url.replace(BASE, FILES));
  });
  const origin = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    url: `${origin}${BASE}`,
    requests,
    publish(name, version, tarball) {
      files.set(`${base}/${name}/-/${name}-${version}.tgz`, tarball);
    },
    fail(fault, times = 1) {
      for (let left = times; left > 0; left -= 1) faults.push(fault);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  reply: ServerResponse,
  outcome: RegistryFault,
  file: Uint8Array | undefined,
  elsewhere: string,
): void {
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    reply.destroy();
  } else if (outcome === 'cut') {
    const half = file?.subarray(0, file.length / 2) ?? '';
    reply.writeHead(200, { 'content-length': file?.length ?? 1 }).write(half, () => reply.destroy());
  } else if (outcome === 200) {
    reply.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
  } else if (outcome === 302) {
    reply.writeHead(302, { location: elsewhere }).end();
  } else if (outcome === 401) {
    reply.writeHead(401, { 'www-authenticate': 'Basic realm="npm"' }).end();
  } else {
    reply.writeHead(outcome).end('refused');
  }
}

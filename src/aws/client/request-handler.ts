import { Agent, type ClientRequest, type RequestOptions, request as requestPlain } from 'node:http';
import { buildQueryString, type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import { findProxy, isLoopbackHost } from '../../io/http/proxy-agent.ts';
import type { Env } from '../../io/io.ts';
import { toEndpointUrl } from './endpoint-guard.ts';
import { type Exchange, exchange } from './http-exchange.ts';
import { createConnectionAgent, readTrustedCertificates } from './secure-connection.ts';

/** How many connections to open and how long to wait, in milliseconds. */
export interface RequestHandlerOptions {
  /** Connections at once to one host; further requests wait. Default 16. */
  readonly maxSockets?: number;
  /** Time for the connection to open. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Time from a request to the head of its answer, and between two parts of the body. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Time from a request to the end of its answer. Default 45,000: what asks has its own deadline, and a little less time. */
  readonly exchangeTimeoutMs?: number;
  /** Bytes of one answer. Default 64 MB: a page of 1,000 rows of Lake has some. */
  readonly mostBody?: number;
}

/** What the SDK's clients send their requests through. */
export type AwsRequestHandler = HttpHandler;

/** Which function opens the connection for one scheme and host, and with what. */
type Transport = Pick<RequestOptions, 'agent'> & {
  readonly open: (options: RequestOptions) => ClientRequest;
  readonly ca?: string;
};

/**
 * Makes the handler that all AWS clients share, so that they also share its connections.
 *
 * It honours `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` and `AWS_CA_BUNDLE` of `env`, none of which the
 * JavaScript SDK reads. TLS and proxies are loaded with the first request that needs them: the SDK's own handler loads
 * TLS always. Idle connections do not keep the process alive. `warn` is told once of each host that is asked in
 * clear text and is not this machine.
 *
 * Its requests fail with TIMEOUT or UNEXPECTED_RESPONSE if an answer does not end or is too long, with CONFIG_INVALID if the endpoint is no http(s) URL, or a proxy or `AWS_CA_BUNDLE` cannot be used, and otherwise with what the
 * connection gives, which `toAwsError` reads.
 */
export function createRequestHandler(
  env: Env,
  warn: (note: string) => void,
  options: RequestHandlerOptions = {},
): AwsRequestHandler {
  const { maxSockets = 16, connectTimeoutMs = 5_000, requestTimeoutMs = 30_000 } = options;
  const { exchangeTimeoutMs = 45_000, mostBody = 64_000_000 } = options;
  const transports = new Map<string, Promise<Transport>>();
  const agents: Agent[] = [];
  const warned = new Set<string>();

  async function createTransport(url: URL): Promise<Transport> {
    const proxy = findProxy(env, url);
    const secure = url.protocol === 'https:';
    const ca = secure ? await readTrustedCertificates(env) : undefined;
    const settings = { keepAlive: true, maxSockets };
    const agent =
      !secure && proxy === undefined
        ? new Agent(settings)
        : await createConnectionAgent(url, { proxy, ca, settings });
    agents.push(agent);
    const open = secure ? (await import('node:https')).request : requestPlain;
    return { open, agent, ...(ca === undefined ? {} : { ca }) };
  }

  function findTransport(request: HttpRequest): Promise<Transport> {
    const url = toEndpointUrl(request);
    if (url.protocol === 'http:' && !isLoopbackHost(url.hostname) && !warned.has(url.host)) {
      warned.add(url.host);
      warn(`the endpoint ${url.origin} is not encrypted: requests to it can be read and changed on the way`);
    }
    const known = transports.get(url.origin) ?? createTransport(url);
    transports.set(url.origin, known);
    return known;
  }

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest, { abortSignal, requestTimeout }: HttpHandlerOptions = {}) {
      const { open, agent, ca } = await findTransport(request);
      const settings: Exchange = {
        open: () => open({ ...toRequestOptions(request), agent, ...(ca === undefined ? {} : { ca }) }),
        body: request.body,
        signal: abortSignal,
        connectTimeoutMs,
        requestTimeoutMs: requestTimeout ?? requestTimeoutMs,
        exchangeTimeoutMs,
        mostBody,
      };
      const answer = await exchange(settings);
      return { response: new HttpResponse(answer) };
    },
    destroy() {
      for (const agent of agents) agent.destroy();
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function toRequestOptions(request: HttpRequest): RequestOptions {
  const query = buildQueryString(request.query);
  return {
    method: request.method,
    // A bracketed IPv6 address is right in a URL and wrong for a socket.
    host: request.hostname.replace(/^\[|\]$/g, ''),
    port: request.port,
    path: query === '' ? request.path : `${request.path}?${query}`,
    headers: request.headers,
  };
}

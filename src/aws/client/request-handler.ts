import { Agent, type ClientRequest, type RequestOptions, request as requestPlain } from 'node:http';
import type { HttpHandler } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import { refusePipes } from '../../io/aws-config/files.ts';
import { findProxy, isLoopbackHost } from '../../io/http/proxy-agent.ts';
import type { Env } from '../../io/io.ts';
import { limitBody, readLimited } from '../answers/limited-body.ts';
import { toEndpointUrl } from './endpoint-guard.ts';
import { type Answer, type AnswerHead, exchange } from './http-exchange.ts';
import { type Query, toQueryText } from './query-text.ts';
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

/** A request as the SDK's clients make it. */
export interface PlainRequest {
  readonly method: string;
  /** With its colon. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query: Query;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** How one request is sent. */
export interface SendOptions {
  readonly abortSignal?: HttpHandlerOptions['abortSignal'];
  /** Milliseconds, in place of the handler's own. */
  readonly requestTimeout?: number;
}

/** What the SDK's clients send their requests through. */
export type AwsRequestHandler = HttpHandler;

/** An answer whose body is read once it is asked for. */
export interface PlainAnswer extends AnswerHead {
  /** Fails with what the connection gives, and with UNEXPECTED_RESPONSE if the body is too long. */
  readBody(): Promise<Buffer>;
}

/** What our own client sends its requests through; no value of the SDK is loaded for it. */
export interface PlainHandler {
  send(request: PlainRequest, options?: SendOptions): Promise<PlainAnswer>;
}

/** Which function opens the connection for one scheme and host, and with what. */
interface Transport {
  readonly agent: Agent;
  readonly open: (options: RequestOptions) => ClientRequest;
  readonly ca?: string;
}

/**
 * Makes the handler that all AWS clients share, so that they also share its connections.
 *
 * It honours `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` and `AWS_CA_BUNDLE` of `env`, none of which the
 * JavaScript SDK reads. TLS and proxies are loaded with the first request that needs them: the SDK's own handler loads
 * TLS always. Idle connections do not keep the process alive. `warn` is told once of each host that is asked in
 * clear text and is not this machine.
 *
 * It throws CONFIG_INVALID where one of AWS's files is a pipe.
 *
 * Its requests fail with TIMEOUT or UNEXPECTED_RESPONSE if an answer does not end or is too long, with CONFIG_INVALID if the endpoint is no http(s) URL, or a proxy or `AWS_CA_BUNDLE` cannot be used, and otherwise with what the
 * connection gives, which `toAwsError` reads.
 */
export function createRequestHandler(
  env: Env,
  warn: (note: string) => void,
  options: RequestHandlerOptions = {},
): AwsRequestHandler & PlainHandler {
  refusePipes(env);
  const { maxSockets = 16, connectTimeoutMs = 5_000, requestTimeoutMs = 30_000 } = options;
  const { exchangeTimeoutMs = 45_000, mostBody = 64_000_000 } = options;
  const transports = new Map<string, Promise<Transport>>();
  const warned = new Set<string>();

  function findTransport(request: PlainRequest): Promise<Transport> {
    const url = toEndpointUrl(request);
    if (url.protocol === 'http:' && !isLoopbackHost(url.hostname) && !warned.has(url.host)) {
      warned.add(url.host);
      warn(`the endpoint ${url.origin} is not encrypted: requests to it can be read and changed on the way`);
    }
    const known = transports.get(url.origin) ?? createTransport(url, env, maxSockets);
    transports.set(url.origin, known);
    return known;
  }

  async function open(request: PlainRequest, settings: SendOptions = {}): Promise<Answer> {
    const { open: connect, agent, ca } = await findTransport(request);
    return exchange({
      open: () => connect({ ...toRequestOptions(request), agent, ...(ca === undefined ? {} : { ca }) }),
      body: request.body,
      signal: settings.abortSignal,
      connectTimeoutMs,
      requestTimeoutMs: settings.requestTimeout ?? requestTimeoutMs,
      exchangeTimeoutMs,
    });
  }

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async send(request, options) {
      const { body, ...head } = await open(request, options);
      return { ...head, readBody: () => readLimited(body, mostBody) };
    },
    async handle(request, options) {
      const { body, ...head } = await open(request, options);
      // The SDK tells an answer by its members, not by its class.
      return { response: { ...head, body: limitBody(body, mostBody) } };
    },
    destroy() {
      for (const transport of transports.values())
        transport.then(
          ({ agent }) => agent.destroy(),
          () => {},
        );
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

async function createTransport(url: URL, env: Env, maxSockets: number): Promise<Transport> {
  const proxy = findProxy(env, url);
  const secure = url.protocol === 'https:';
  const ca = secure ? await readTrustedCertificates(env) : undefined;
  const settings = { keepAlive: true, maxSockets };
  const agent =
    !secure && proxy === undefined
      ? new Agent(settings)
      : await createConnectionAgent(url, { proxy, ca, settings });
  const open = secure ? (await import('node:https')).request : requestPlain;
  return { open, agent, ...(ca === undefined ? {} : { ca }) };
}

function toRequestOptions(request: PlainRequest): RequestOptions {
  const query = toQueryText(request.query);
  return {
    method: request.method,
    // A bracketed IPv6 address is right in a URL and wrong for a socket.
    host: request.hostname.replace(/^\[|\]$/g, ''),
    port: request.port,
    path: query === '' ? request.path : `${request.path}?${query}`,
    headers: request.headers,
  };
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Handled, handle } from './aws-handler.ts';
import { type AwsState, type AwsStateOptions, createAwsState, type Violation } from './aws-state.ts';
import type { Fault, FaultQueue } from './faults.ts';
import { type HttpRequest, type HttpResponse, type Pair, pairHeaders, parseTarget } from './http-message.ts';
import { listenOnLoopback } from './loopback-port.ts';
import type { CredentialScope } from './sigv4.ts';

/** One request as it was received, and how it was answered. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly Pair[];
  /** Names in lower case; of a repeated header the last value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  /** JSON value, or object of form fields; undefined when it is neither. */
  readonly parsedBody: unknown;
  readonly service: string | undefined;
  readonly operation: string | undefined;
  /** Undefined unless the signature was verified. */
  readonly accessKeyId: string | undefined;
  readonly scope: CredentialScope | undefined;
  /** The server's clock when the request was complete, in milliseconds. */
  readonly time: number;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly fault: Fault['kind'] | undefined;
}

/** A running server. */
export interface AwsServer {
  /** `http://127.0.0.1:PORT`, or `https://…` with `tls`. */
  readonly url: string;
  readonly port: number;
  readonly state: AwsState;
  /** Every request in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** What no correct client sends; a test of a client ends with `expect(server.violations).toEqual([])`. */
  readonly violations: readonly Violation[];
  readonly faults: FaultQueue;
  /** The variables that point an AWS client here and away from the developer's own configuration. */
  env(): Record<string, string>;
  /** Stops listening and cuts what is still open. */
  close(): Promise<void>;
}

/** How to start a server. */
export interface AwsServerOptions extends AwsStateOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Serve HTTPS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called after each request. */
  readonly onRequest?: (request: RecordedRequest) => void;
}

async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return {
    method: message.method ?? '',
    ...parseTarget(message.url ?? ''),
    headers: pairHeaders(message.rawHeaders),
    body: Buffer.concat(chunks),
  };
}

async function writeResponse(reply: ServerResponse, response: HttpResponse): Promise<void> {
  const { delivery } = response;
  if (delivery.kind === 'hang') return;
  if (delivery.kind === 'reset') {
    reply.socket?.resetAndDestroy();
    return;
  }
  const body = typeof response.body === 'string' ? Buffer.from(response.body) : response.body;
  if (delivery.kind === 'slow' && body.length === 0) {
    // What has no body can still be long in ending: it is sent in chunks, of which the last one is late.
    reply.writeHead(response.status, response.headers).flushHeaders();
    await sleep(delivery.pieces * delivery.pauseMs);
    reply.end();
    return;
  }
  reply.writeHead(response.status, { ...response.headers, 'content-length': body.length });
  if (delivery.kind === 'cut') {
    reply.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.destroy());
    return;
  }
  if (delivery.kind !== 'slow') {
    reply.end(body);
    return;
  }
  const step = Math.ceil(body.length / delivery.pieces);
  for (let from = 0; from < body.length && !reply.destroyed; from += step) {
    reply.write(body.subarray(from, from + step));
    await sleep(delivery.pauseMs);
  }
  reply.end();
}

function record(request: HttpRequest, handled: Handled, time: number): RecordedRequest {
  return {
    method: request.method,
    path: request.path,
    query: request.query,
    headers: Object.fromEntries(request.headers),
    bodyText: request.body.toString(),
    parsedBody: handled.parsedBody,
    service: handled.operation?.service,
    operation: handled.operation?.name,
    accessKeyId: handled.caller?.key.id,
    scope: handled.caller?.scope,
    time,
    status: handled.response.status,
    errorCode: handled.errorCode,
    fault: handled.fault?.kind,
  };
}

function createEnv(url: string, state: AwsState): Record<string, string> {
  const absent = join(tmpdir(), 'deploy-marker-no-such-folder');
  const { id, secret, sessionToken } = state.defaultKey;
  return {
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_IAM: url,
    AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: url,
    AWS_ENDPOINT_URL_CLOUDTRAIL: url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: url,
    AWS_ENDPOINT_URL_CONFIG_SERVICE: url,
    AWS_ENDPOINT_URL_SNS: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
    AWS_ENDPOINT_URL_ATHENA: url,
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_REGION: state.region,
    AWS_DEFAULT_REGION: state.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(absent, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(absent, 'credentials'),
  };
}

/** Starts the strict AWS server on 127.0.0.1, with the operations that README.md lists. */
export async function startAwsServer(options: AwsServerOptions = {}): Promise<AwsServer> {
  const state = createAwsState(options);
  const requests: RecordedRequest[] = [];

  async function answer(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    const time = state.now();
    const handled = handle(state, request);
    const recorded = record(request, handled, time);
    requests.push(recorded);
    options.onRequest?.(recorded);
    await writeResponse(reply, handled.response);
  }

  function listener(message: IncomingMessage, reply: ServerResponse): void {
    answer(message, reply).catch((error: unknown) => {
      // A client that hung up while sending is its own affair; anything else is a bug in this server.
      if (!message.complete) return;
      state.violations.push({ operation: 'server', message: `bug in the fake: ${String(error)}` });
      reply.destroy();
    });
  }

  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  const port = await listenOnLoopback(server, options.port);
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    url,
    port,
    state,
    requests,
    violations: state.violations,
    faults: state.faults,
    env: () => createEnv(url, state),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

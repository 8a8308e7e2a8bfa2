import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isJsonObject } from './http-message.ts';
import { listenOnLoopback } from './loopback-port.ts';

/** What the webhook answers to a correct message in place of `ok`; `hang`: nothing, `reset`: it cuts the connection. */
export type WebhookFault =
  | { readonly status: number; readonly text?: string; readonly retryAfterSeconds?: number }
  | 'hang'
  | 'reset';

/** One message. */
export interface WebhookMessage {
  readonly body: Readonly<Record<string, unknown>>;
  /** What was answered, or became of it. */
  readonly outcome: number | 'hang' | 'reset';
}

/** A running webhook. */
export interface WebhookServer {
  /** The address of the webhook, whose path is the secret. */
  readonly url: string;
  /** Every correct message in the order of arrival, also those that were not answered with `ok`. */
  readonly messages: readonly WebhookMessage[];
  /** What no correct client sends; a test of a client ends with `expect(webhook.violations).toEqual([])`. */
  readonly violations: readonly string[];
  /** What becomes of the next `times` (default 1, `Infinity` for always) messages. */
  fail(fault: WebhookFault, times?: number): void;
  close(): Promise<void>;
}

/** How to start a webhook. */
export interface WebhookServerOptions {
  /** Serve HTTPS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
}

const PATH = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';

// What Slack says: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
const TEXTS: Readonly<Record<number, string>> = {
  403: 'invalid_token',
  404: 'no_service',
  410: 'channel_is_archived',
  429: 'rate_limited',
  500: 'rollup_error',
};
// https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages
const MAX_TEXT = 40_000;

interface Refusal {
  readonly status: number;
  readonly text: string;
}

function parseMessage(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The message, or why it is none. */
function judge(
  { method, url, headers }: IncomingMessage,
  text: string,
): Refusal | { body: Record<string, unknown> } {
  if (url !== PATH) return { status: 404, text: 'no_service' };
  if (method !== 'POST') return { status: 405, text: 'method_not_allowed' };
  if (!/^application\/json(?:;|$)/.test(headers['content-type'] ?? ''))
    return { status: 400, text: 'invalid_payload' };
  if (headers['content-length'] === undefined) return { status: 411, text: 'length_required' };
  const body = parseMessage(text);
  if (body === undefined) return { status: 400, text: 'invalid_payload' };
  if (typeof body['text'] !== 'string' || body['text'].trim() === '') return { status: 400, text: 'no_text' };
  if (body['text'].length > MAX_TEXT) return { status: 400, text: 'msg_too_long' };
  return { body };
}

function answer(reply: ServerResponse, fault: WebhookFault): void {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    reply.socket?.resetAndDestroy();
    return;
  }
  const {
    status,
    text = TEXTS[status] ?? (status === 200 ? 'ok' : 'error'),
    retryAfterSeconds: wait,
  } = fault;
  const headers = wait === undefined ? {} : { 'retry-after': String(wait) };
  reply.writeHead(status, { 'content-type': 'text/html', ...headers }).end(text);
}

/** Starts a webhook on 127.0.0.1 that answers as Slack's incoming webhooks do, without any of their formatting. */
export async function startWebhookServer(options: WebhookServerOptions = {}): Promise<WebhookServer> {
  const messages: WebhookMessage[] = [];
  const violations: string[] = [];
  let faults: { readonly fault: WebhookFault; left: number }[] = [];

  function takeFault(): WebhookFault {
    const next = faults[0];
    if (next === undefined) return { status: 200 };
    next.left -= 1;
    if (next.left <= 0) faults = faults.slice(1);
    return next.fault;
  }

  async function receive(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(Buffer.from(chunk));
    const verdict = judge(message, Buffer.concat(chunks).toString());
    if (!('body' in verdict)) {
      violations.push(`${message.method} ${verdict.status} ${verdict.text}`);
      answer(reply, verdict);
      return;
    }
    const fault = takeFault();
    messages.push({ body: verdict.body, outcome: typeof fault === 'string' ? fault : fault.status });
    answer(reply, fault);
  }

  function listener(message: IncomingMessage, reply: ServerResponse): void {
    receive(message, reply).catch((error: unknown) => {
      // A client that hung up while sending is its own affair; anything else is a bug in this server.
      if (message.complete) violations.push(`bug in the fake: ${String(error)}`);
      reply.destroy();
    });
  }

  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  const port = await listenOnLoopback(server);
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${PATH}`,
    messages,
    violations,
    fail(fault, times = 1) {
      faults.push({ fault, left: times });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

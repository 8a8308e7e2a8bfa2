import type { IncomingMessage, RequestOptions } from 'node:http';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from '../io/io.ts';
import { createProxyAgent, isReadOnTheWay } from '../io/proxy-agent.ts';
import { throwIfCancelled } from './cancellation.ts';

/** Time for one whole exchange. */
const TIMEOUT_MS = 10_000;

/** A token answer has a few kilobytes. */
const MAX_BODY_LENGTH = 100_000;

/** The answer to one request. */
export interface TextResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * One GET request; any HTTP status is an answer, redirects are not followed.
 *
 * @throws DeployMarkerError CONFIG_INVALID if a proxy cannot be used, or another machine would read the headers on the way,
 * NETWORK if no whole answer came, CANCELLED (or the signal's own) when the signal aborts
 */
export type FetchText = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) => Promise<TextResponse>;

/** A {@link FetchText} over node:http and node:https that goes through the environment's proxy. */
export function createFetchText(env: Env): FetchText {
  return async (url, headers, signal) => {
    throwIfCancelled(signal);
    if (isReadOnTheWay(env, url)) {
      throw new DeployMarkerError(
        'CONFIG_INVALID',
        `the request to ${url.host} would show its secret to another machine in clear text`,
        { hint: `use https, or for this machine name ${url.hostname} in NO_PROXY` },
      );
    }
    const agent = await createProxyAgent(env, url);
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    const options: RequestOptions = {
      headers: { ...headers },
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      // One request: a socket kept alive would only keep the process from ending.
      agent: agent ?? false,
    };
    try {
      return await request(url, options);
    } catch (error) {
      throwIfCancelled(signal);
      const why = deadline.aborted ? `no answer in ${TIMEOUT_MS / 1000} s` : describeFault(error);
      throw new DeployMarkerError('NETWORK', `the request to ${url.host} failed: ${why}`, {
        hint: 'check the network, HTTPS_PROXY and NO_PROXY of this job',
        cause: error,
      });
    }
  };
}

async function request(url: URL, options: RequestOptions): Promise<TextResponse> {
  const { get } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, options, resolve).on('error', reject);
  });
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > MAX_BODY_LENGTH) throw new Error('the answer is far too long');
  }
  return { status: response.statusCode ?? 0, body };
}

function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Connecting to several addresses gives an AggregateError without a message.
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

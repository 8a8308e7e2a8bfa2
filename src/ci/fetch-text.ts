import type { RequestOptions } from 'node:http';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { createProxyAgent, isReadOnTheWay } from '../io/http/proxy-agent.ts';
import { describeFault, requestText, type TextResponse } from '../io/http/text-request.ts';
import type { Env } from '../io/io.ts';
import { throwIfCancelled } from './cancellation.ts';

/** Time for one whole exchange. */
const TIMEOUT_MS = 10_000;

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
      return await requestText(url, options);
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

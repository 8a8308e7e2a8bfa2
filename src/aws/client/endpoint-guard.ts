import type { Pluggable } from '@smithy/types';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isLoopbackHost, isReadOnTheWay } from '../../io/http/proxy-agent.ts';
import type { Env } from '../../io/io.ts';

/**
 * Refuses to send a request in clear text to another machine, wherever the endpoint was configured, and to this machine by
 * way of a proxy on another one. Only `https:` and, within this machine, `http:` pass.
 *
 * The request fails with CONFIG_INVALID before any part of it is sent. For calls that carry a secret in their body.
 *
 * @param env where the proxy is read from
 */
export function createEndpointGuard<I extends object, O extends object>(
  service: string,
  env: Env,
): Pluggable<I, O> {
  return {
    applyToStack(stack) {
      stack.add(
        next => async args => {
          const endpoint = readEndpoint(args.request);
          if (endpoint !== undefined) checkSecrecy(toEndpointUrl(endpoint), service, env);
          return next(args);
        },
        { step: 'build', name: 'deployMarkerEndpointGuard' },
      );
    },
  };
}

/** What of a request says where it goes. */
export interface Endpoint {
  /** With its colon. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

/**
 * The URL of an endpoint without its path.
 *
 * @throws DeployMarkerError CONFIG_INVALID if it is not reached by HTTP, as a misspelt scheme or none at all makes of it
 */
export function toEndpointUrl({ protocol, hostname, port }: Endpoint): URL {
  const text = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
  if (/^https?:$/.test(protocol) && hostname !== '' && URL.canParse(text)) return new URL(text);
  throw new DeployMarkerError('CONFIG_INVALID', `the endpoint ${quote(text)} is not an http(s) URL`, {
    hint: 'make AWS_ENDPOINT_URL and its variants whole URLs that begin with https://, or unset them',
  });
}

/**
 * Checks that nobody else can read what is sent to an endpoint.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function checkSecrecy(url: URL, service: string, env: Env): void {
  if (!isReadOnTheWay(env, url)) return;
  const hint = `use https:// in AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_${service}, or unset them`;
  if (isLoopbackHost(url.hostname)) {
    throw new DeployMarkerError(
      'CONFIG_INVALID',
      `HTTP_PROXY leads to another machine, which would see the token for the ${service} endpoint ${url.origin} in clear text`,
      { hint: `name ${url.hostname} in NO_PROXY` },
    );
  }
  throw new DeployMarkerError(
    'CONFIG_INVALID',
    `the ${service} endpoint ${url.protocol}//${url.hostname} is not encrypted; the token would be sent in clear text`,
    { hint },
  );
}

function readEndpoint(request: unknown): Endpoint | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  if (!('protocol' in request) || !('hostname' in request)) return undefined;
  const port = 'port' in request && typeof request.port === 'number' ? request.port : undefined;
  return { protocol: String(request.protocol), hostname: String(request.hostname), port };
}

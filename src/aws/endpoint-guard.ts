import type { Pluggable } from '@smithy/types';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';

/** Whether a host name or address means this machine: `localhost`, `*.localhost`, 127.0.0.0/8 or ::1 (RFC 6761, RFC 1122). */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isLoopbackIpv4(host);
}

function isLoopbackIpv4(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses to send a request in clear text to another machine, wherever the endpoint was configured.
 *
 * The request fails with CONFIG_INVALID before any part of it is sent. For calls that carry a secret in their body.
 */
export function createEndpointGuard<I extends object, O extends object>(service: string): Pluggable<I, O> {
  return {
    applyToStack(stack) {
      stack.add(
        next => async args => {
          const endpoint = readEndpoint(args.request);
          if (endpoint?.protocol === 'http:' && !isLoopbackHost(endpoint.hostname)) {
            throw new DeployMarkerError(
              'CONFIG_INVALID',
              `the ${service} endpoint ${endpoint.protocol}//${endpoint.hostname} is not encrypted; the token would be sent in clear text`,
              { hint: `use https:// in AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_${service}, or unset them` },
            );
          }
          return next(args);
        },
        { step: 'build', name: 'deployMarkerEndpointGuard' },
      );
    },
  };
}

function readEndpoint(
  request: unknown,
): { readonly protocol: string; readonly hostname: string } | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  if (!('protocol' in request) || !('hostname' in request)) return undefined;
  return { protocol: String(request.protocol), hostname: String(request.hostname) };
}

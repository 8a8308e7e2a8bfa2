import type { Agent } from 'node:http';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from './io.ts';

/**
 * The proxy that the environment names for a URL, or nothing.
 *
 * `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` count, the lower-case form first. `NO_PROXY` is a list of hosts (comma or
 * blank between), each with an optional port; a host also covers its subdomains, as in curl, Go and Python, with or
 * without a leading `.` or `*.`; `*` covers all. The loopback is no exception. Address ranges are not understood.
 */
export function findProxy(env: Env, url: URL): string | undefined {
  const scheme = url.protocol.slice(0, -1);
  const proxy = readEither(env, `${scheme}_proxy`) ?? readEither(env, 'all_proxy');
  if (proxy === undefined) return undefined;
  const exceptions = (readEither(env, 'no_proxy') ?? '').split(/[\s,]+/).filter(entry => entry !== '');
  if (exceptions.some(entry => covers(entry, url))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/**
 * An agent that goes through the environment's proxy for this URL, or nothing where there is none.
 *
 * @throws DeployMarkerError USAGE if the proxy is no http(s) URL; the message does not show it, as it may hold a password
 */
export async function createProxyAgent(env: Env, url: URL): Promise<Agent | undefined> {
  const proxy = findProxy(env, url);
  if (proxy === undefined) return undefined;
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new DeployMarkerError('USAGE', `the proxy for ${url.protocol}//${url.host} is not an http(s) URL`, {
      hint: 'set HTTPS_PROXY and HTTP_PROXY to something like http://proxy.example:3128',
    });
  }
  // Late, because few environments have a proxy.
  if (url.protocol === 'https:') return new (await import('https-proxy-agent')).HttpsProxyAgent(proxy);
  return new (await import('http-proxy-agent')).HttpProxyAgent(proxy);
}

function readEither(env: Env, name: string): string | undefined {
  return [env[name], env[name.toUpperCase()]]
    .find(value => value !== undefined && value.trim() !== '')
    ?.trim();
}

function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const { host, port } = splitEntry(entry.toLowerCase());
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  const hostname = bare(url.hostname.toLowerCase());
  return host !== '' && (hostname === host || hostname.endsWith(`.${host}`));
}

/** `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address, which has more than one colon. */
function splitEntry(entry: string): { readonly host: string; readonly port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry);
  return { host: bare(match?.[1] ?? entry).replace(/^\*?\.(?=.)/, ''), port: match?.[2] };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

import type { Agent } from 'node:http';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';

/**
 * The proxy that the environment names for a URL, or nothing.
 *
 * `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` count, the lower-case form first. `NO_PROXY` is a list of hosts (comma or
 * blank between), each with an optional port; a host also covers its subdomains, as in curl, Go and Python, with or
 * without a leading `.` or `*.`; `*` covers all. Address ranges are not understood.
 *
 * The loopback is no exception, as in curl: what goes there in clear passes the proxy, see {@link isReadOnTheWay}.
 */
export function findProxy(env: Env, url: URL): string | undefined {
  const proxy = proxyNamed(env, url.protocol);
  if (proxy === undefined) return undefined;
  const exceptions = (readEither(env, 'no_proxy') ?? '').split(/[\s,]+/).filter(entry => entry !== '');
  if (exceptions.some(entry => covers(entry, url))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** What the environment names for a scheme, which has its colon, before anything is said of exceptions. */
export function proxyNamed(env: Env, protocol: string): string | undefined {
  return readEither(env, `${protocol.slice(0, -1)}_proxy`) ?? readEither(env, 'all_proxy');
}

/** Whether a host name or address means this machine: `localhost`, `*.localhost`, 127.0.0.0/8 or ::1 (RFC 6761, RFC 1122). */
export function isLoopbackHost(hostname: string): boolean {
  const host = bare(hostname.toLowerCase());
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/**
 * Whether another machine gets to see a request to this URL in clear: its host, or the proxy on the way there.
 *
 * @throws DeployMarkerError CONFIG_INVALID if the proxy cannot be used
 */
export function isReadOnTheWay(env: Env, url: URL): boolean {
  if (url.protocol === 'https:') return false;
  if (!isLoopbackHost(url.hostname)) return true;
  const proxy = findProxy(env, url);
  if (proxy === undefined) return false;
  checkProxy(proxy, url);
  return !isLoopbackHost(new URL(proxy).hostname);
}

/**
 * Checks that the agents can use a proxy of {@link findProxy}; they would fail with an error of no kind of ours, or none
 * that can be caught.
 *
 * @throws DeployMarkerError CONFIG_INVALID; the message does not show the proxy, as it may hold a password
 */
export function checkProxy(proxy: string, url: URL): void {
  // Such a character ends the host: what stands behind it would be lost, or the password be asked for as a host.
  if (/^[^:]*:\/\/.*[/?#\\].*@/.test(proxy)) {
    throw new DeployMarkerError(
      'CONFIG_INVALID',
      `the user or password in the proxy for ${url.origin} has a # / ? or \\ that is not percent-encoded`,
      { hint: 'percent-encode it: # is %23, / is %2F, ? is %3F, \\ is %5C' },
    );
  }
  const { protocol, username, password } = URL.canParse(proxy) ? new URL(proxy) : UNREADABLE;
  if (!/^https?:$/.test(protocol)) {
    throw new DeployMarkerError('CONFIG_INVALID', `the proxy for ${url.origin} is not an http(s) URL`, {
      hint: 'set HTTPS_PROXY and HTTP_PROXY to something like http://proxy.example:3128',
    });
  }
  if (isPercentEncoded(username) && isPercentEncoded(password)) return;
  const message = `the user or password in the proxy for ${url.origin} has a % that begins no percent-encoded character`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: "percent-encode the proxy's user and password",
  });
}

const UNREADABLE = { protocol: '', username: '', password: '' };

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * An agent that goes through the environment's proxy for this URL, or nothing where there is none.
 *
 * @throws DeployMarkerError CONFIG_INVALID if the proxy cannot be used; the message does not show it, as it may hold a password
 */
export async function createProxyAgent(env: Env, url: URL): Promise<Agent | undefined> {
  const proxy = findProxy(env, url);
  if (proxy === undefined) return undefined;
  checkProxy(proxy, url);
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

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseTarget } from './http-message.ts';
import { listenOnLoopback } from './loopback-port.ts';
import { mintToken } from './oidc-token.ts';

/** One token request. */
export interface GithubTokenRequest {
  readonly method: string;
  readonly path: string;
  readonly audience: string | undefined;
  readonly status: number;
}

/** A running token endpoint. */
export interface GithubOidc {
  readonly url: string;
  readonly requests: readonly GithubTokenRequest[];
  /** Answers the next `times` (default 1) requests with this status and no token. */
  fail(status: number, times?: number): void;
  /** The variables that GitHub sets in a job with `id-token: write`. */
  env(): Record<string, string>;
  close(): Promise<void>;
}

/** How to start the endpoint. */
export interface GithubOidcOptions {
  /** Makes the token; the default is one that the fake AWS server's default role trusts. */
  readonly mint?: (audience: string | undefined) => string;
}

const REQUEST_TOKEN = 'ghs-request-token/with+signs==';

/**
 * Starts a loopback copy of GitHub's OIDC token endpoint.
 *
 * Source: https://docs.github.com/en/actions/reference/security/oidc ("Methods for requesting the OIDC token"): a GET of
 * the request URL with a bearer token and an optional `audience`, answered by `{"value": "…"}`. The URL has a query
 * of its own already, so a client must append with `&`.
 */
export async function startGithubOidc(options: GithubOidcOptions = {}): Promise<GithubOidc> {
  const requests: GithubTokenRequest[] = [];
  const failures: number[] = [];
  const mint = options.mint ?? (aud => mintToken({ ...(aud === undefined ? {} : { aud }) }));

  function judge(message: IncomingMessage): Omit<GithubTokenRequest, 'method'> {
    const { path, query } = parseTarget(message.url ?? '');
    const audience = query.find(([key]) => key === 'audience')?.[1];
    const versioned = query.some(([key, value]) => key === 'api-version' && value === '2.0');
    if (message.method !== 'GET' || path !== '/token' || !versioned) return { path, audience, status: 400 };
    const [scheme, token] = (message.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || token !== REQUEST_TOKEN) return { path, audience, status: 401 };
    return { path, audience, status: failures.shift() ?? 200 };
  }

  const server = createServer((message: IncomingMessage, reply: ServerResponse) => {
    const verdict = judge(message);
    requests.push({ method: message.method ?? '', ...verdict });
    const body =
      verdict.status === 200 ? { count: 1, value: mint(verdict.audience) } : { message: 'refused' };
    reply.writeHead(verdict.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    url,
    requests,
    fail(status, times = 1) {
      for (let left = times; left > 0; left -= 1) failures.push(status);
    },
    env: () => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

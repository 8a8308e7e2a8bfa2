// https://docs.github.com/en/actions/reference/security/oidc
import { setTimeout as sleep } from 'node:timers/promises';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isLoopbackHost } from '../../io/http/proxy-agent.ts';
import type { TextResponse } from '../../io/http/text-request.ts';
import type { Env } from '../../io/io.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readValue } from '../env-value.ts';
import type { FetchText } from '../fetch-text.ts';
import { acceptToken, type OidcToken } from './token-text.ts';

/** What AWS's own guides and actions use as the audience of GitHub's identity provider. */
const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/** Waits before each further attempt, in milliseconds. */
const RETRY_DELAYS_MS = [200, 800];
/** Longest wait that an answer may ask for. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Refusals that pass: 403 while the job still counts as pending (a race of GitHub's own), 408 and 429 by what they mean.
 * Source: https://github.com/actions/runner/issues/1320; RFC 9110, 15.5.9; RFC 6585, 4.
 */
const PASSING: readonly number[] = [403, 408, 425, 429];

const SOURCE = "GitHub's token request URL";
const URL_NAME = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const SECRET_NAME = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const PERMISSION_HINT = 'give the job `permissions: id-token: write`';

/** What a token request takes. */
export interface GithubTokenOptions {
  readonly env: Env;
  /** By default `sts.amazonaws.com`. */
  readonly audience?: string | undefined;
  readonly fetchText: FetchText;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A token made by GitHub for this job, or the reason why the job may not ask for one.
 *
 * Server errors, cut connections and refusals that can pass are tried twice more.
 *
 * @throws DeployMarkerError OIDC_TOKEN_MISSING if GitHub refuses or the URL would send the job's request token in clear,
 * CONFIG_INVALID for a proxy that cannot be used or would read it, NETWORK or UNEXPECTED_RESPONSE after the retries, CANCELLED
 */
export async function requestGithubToken(
  options: GithubTokenOptions,
): Promise<OidcToken | { readonly reason: string }> {
  const address = readValue(options.env, URL_NAME);
  const secret = readValue(options.env, SECRET_NAME);
  if (address === undefined || secret === undefined) {
    const absent = [address === undefined ? URL_NAME : '', secret === undefined ? SECRET_NAME : ''].filter(
      Boolean,
    );
    return { reason: `${absent.join(' and ')} ${absent.length === 1 ? 'is' : 'are'} not set` };
  }
  const url = parseRequestUrl(address.trim());
  url.searchParams.set('audience', options.audience ?? DEFAULT_AUDIENCE);
  const headers = {
    authorization: `Bearer ${secret.trim()}`,
    accept: 'application/json',
    'user-agent': 'deploy-marker',
  };
  const response = await fetchWithRetries(
    () => options.fetchText(url, headers, options.signal),
    options.signal,
  );
  return acceptToken(readTokenField(response, url), SOURCE);
}

/** The request carries a secret, so it goes by TLS, or to this very machine. */
function parseRequestUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))) return url;
  const shown = url === undefined ? 'no URL' : quote(`${url.protocol}//${url.host}`);
  throw new DeployMarkerError('OIDC_TOKEN_MISSING', `${URL_NAME} is ${shown}, and the request needs https`, {
    hint: `leave ${URL_NAME} as GitHub sets it`,
  });
}

async function fetchWithRetries(
  attempt: () => Promise<TextResponse>,
  signal: AbortSignal | undefined,
): Promise<TextResponse> {
  for (const delay of RETRY_DELAYS_MS) {
    let wait = delay;
    try {
      const response = await attempt();
      if (response.status < 500 && !PASSING.includes(response.status)) return response;
      wait = Math.max(delay, toWait(response));
    } catch (error) {
      if (!isDeployMarkerError(error) || error.code !== 'NETWORK') throw error;
    }
    await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() =>
      throwIfCancelled(signal),
    );
  }
  return attempt();
}

/** What the answer asks to wait, in milliseconds; a date counts as nothing. */
function toWait({ headers }: TextResponse): number {
  const seconds = Number(headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : 0;
}

function readTokenField(response: TextResponse, url: URL): string {
  if (PASSING.includes(response.status)) {
    // Without the permission there is no address in the job at all, so that it is not what is amiss.
    const message = `${url.host} refused the token request ${RETRY_DELAYS_MS.length + 1} times: HTTP ${response.status}`;
    throw new DeployMarkerError('OIDC_TOKEN_MISSING', message, {
      hint: 'run the job again: such a refusal passes; if it stays so, look at https://www.githubstatus.com',
    });
  }
  if (response.status >= 400 && response.status < 500) {
    throw new DeployMarkerError(
      'OIDC_TOKEN_MISSING',
      `${url.host} refused the token request: HTTP ${response.status}`,
      {
        hint: PERMISSION_HINT,
      },
    );
  }
  const token = response.status === 200 ? parseTokenField(response.body) : undefined;
  if (token !== undefined) return token;
  const what = response.status === 200 ? 'HTTP 200 without a token' : `HTTP ${response.status}`;
  throw new DeployMarkerError('UNEXPECTED_RESPONSE', `${url.host} answered the token request with ${what}`, {
    hint: 'run the job again; if it stays so, look at https://www.githubstatus.com',
  });
}

/** `value` of the answer. Nothing of the body goes into an error, as any part of it may be the token. */
function parseTokenField(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const value =
      typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

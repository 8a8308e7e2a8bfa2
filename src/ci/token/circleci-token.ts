// https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
// https://circleci.com/docs/guides/permissions-authentication/oidc-tokens-with-custom-claims/

import { setTimeout as sleep } from 'node:timers/promises';
import { expiresSoon } from '../../core/time/expiry.ts';
import { readTokenClaims } from '../../core/trust/claims.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../../io/io.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { type ProgramResult, runProgram } from '../child-process.ts';
import { readValue } from '../env-value.ts';
import { acceptToken, type OidcToken, quoteOutput } from './token-text.ts';

/** Minting is one request of CircleCI's program to its server. */
const MINT_TIMEOUT_MS = 20_000;

/** Waits before each further attempt, in milliseconds. */
const RETRY_DELAYS_MS = [200, 800];

/** What the program says where the server refused it for a moment, or could not be reached. */
const PASSING = /\b(?:408|429|50[0234])\b|too many requests|timed? ?out|temporar|unavailable|connection re/i;

/** The newer one first: its `sub` says the branch. Both may be absent. */
const TOKEN_VARIABLES = ['CIRCLE_OIDC_TOKEN_V2', 'CIRCLE_OIDC_TOKEN'];

/** The cloud has both programs, self-hosted runners only the second. */
const PROGRAMS = ['circleci', 'circleci-agent'];

/** What looking for a CircleCI token takes. */
export interface CircleciTokenOptions {
  readonly env: Env;
  readonly cwd: string;
  readonly now: () => number;
  /** Makes a token for this audience, whatever the job already has. */
  readonly audience?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Gives what the job has, expired or not, and makes no new one. */
  readonly offline?: boolean;
  readonly warn: (note: string) => void;
}

/**
 * The job's token, or a new one if it is missing or expires within 60 s, or the reasons why there is none.
 *
 * @throws DeployMarkerError OIDC_TOKEN_UNREADABLE if the job's token is no JWT, OIDC_TOKEN_EXPIRED if it has expired and
 * no new one is to be had, CANCELLED
 */
export async function findCircleciToken(
  options: CircleciTokenOptions,
): Promise<OidcToken | { readonly reason: string }> {
  const given = readJobToken(options.env);
  const expiry = given === undefined ? undefined : expiryOf(given);
  const isEnough = options.offline || expiry === undefined || !expiresSoon(expiry, options.now());
  if (given !== undefined && isEnough && options.audience === undefined)
    return acceptToken(given.token, given.source);

  const minted = await mint(options);
  if ('token' in minted) {
    if (given !== undefined) warnOfOtherSubject(given, minted, options.warn);
    return minted;
  }
  if (given === undefined || expiry === undefined || options.audience !== undefined) {
    const absent = given === undefined ? `${TOKEN_VARIABLES.join(' and ')} are not set; ` : '';
    return { reason: `${absent}${minted.reason}` };
  }
  return useOldToken(given, { expiry, reason: minted.reason, now: options.now(), warn: options.warn });
}

/** As it is: that it is a token is checked where it is used. */
function readJobToken(env: Env): OidcToken | undefined {
  for (const source of TOKEN_VARIABLES) {
    const token = readValue(env, source);
    if (token !== undefined) return { token, source };
  }
  return undefined;
}

/** When the token expires, in milliseconds since the epoch, if it says so. */
function expiryOf(token: OidcToken): number | undefined {
  const { exp } = readTokenClaims(token.token);
  return exp === undefined ? undefined : exp * 1000;
}

function useOldToken(
  token: OidcToken,
  about: { readonly expiry: number; readonly reason: string; readonly now: number; warn(note: string): void },
): OidcToken {
  const when = Number.isFinite(new Date(about.expiry).getTime())
    ? new Date(about.expiry).toISOString()
    : 'long ago';
  if (about.expiry <= about.now) {
    throw new DeployMarkerError(
      'OIDC_TOKEN_EXPIRED',
      `the token in ${token.source} expired at ${when}, and no new one could be made: ${about.reason}`,
      { hint: 'run the job again, or assume the role earlier in it' },
    );
  }
  about.warn(
    `the token in ${token.source} expires at ${when}, and no new one could be made: ${about.reason}`,
  );
  return token;
}

async function mint(options: CircleciTokenOptions): Promise<OidcToken | { readonly reason: string }> {
  if (options.offline) return { reason: 'no new one is made offline' };
  const claims =
    options.audience === undefined ? [] : ['--claims', JSON.stringify({ aud: options.audience })];
  const reasons: string[] = [];
  for (const program of PROGRAMS) {
    const source = `\`${program} run oidc get\``;
    const result = await runPatiently(program, ['run', 'oidc', 'get', ...claims], options);
    if (result.failure !== undefined) {
      const said = quoteOutput(result.stderr);
      reasons.push(`${source}: ${result.failure}${said === '' ? '' : ` (${said})`}`);
      continue;
    }
    try {
      return acceptToken(result.stdout, source);
    } catch (error) {
      if (!isDeployMarkerError(error)) throw error;
      reasons.push(error.message);
    }
  }
  return { reason: reasons.join('; ') };
}

/** A refusal that can pass is met once more after a moment, as the program itself does not. */
async function runPatiently(
  program: string,
  args: readonly string[],
  { cwd, env, signal }: CircleciTokenOptions,
): Promise<ProgramResult> {
  const settings = { cwd, env, timeoutMs: MINT_TIMEOUT_MS, signal };
  for (const delay of RETRY_DELAYS_MS) {
    const result = await runProgram(program, args, settings);
    if (result.failure === undefined || result.missing || !PASSING.test(result.stderr)) return result;
    await sleep(delay, undefined, signal === undefined ? {} : { signal }).catch(() =>
      throwIfCancelled(signal),
    );
  }
  return runProgram(program, args, settings);
}

/** Trust policies match `sub`, and the new token's may have another form than the one the policy was written for. */
function warnOfOtherSubject(given: OidcToken, minted: OidcToken, warn: (note: string) => void): void {
  const before = readTokenClaims(given.token).sub;
  const after = readTokenClaims(minted.token).sub;
  if (before === undefined || after === undefined || before === after) return;
  // Whole: comparing them with a policy takes every character.
  const [shown, shownBefore] = [after, before].map(sub => JSON.stringify(sub));
  warn(`the new token's sub ${shown} differs from ${shownBefore} in ${given.source}`);
}

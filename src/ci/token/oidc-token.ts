import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../../io/io.ts';
import { detectCi } from '../detect.ts';
import { readValue } from '../env-value.ts';
import type { FetchText } from '../fetch-text.ts';
import { acceptToken, type OidcToken } from './token-text.ts';

export type { OidcToken } from './token-text.ts';

const OWN_VARIABLE = 'DEPLOY_MARKER_ID_TOKEN';
const FILE_VARIABLE = 'AWS_WEB_IDENTITY_TOKEN_FILE';
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One step per CI system that most often brings the token. */
const HINTS: Readonly<Record<string, string>> = {
  circleci:
    'check that this is no forked pull request built without secrets, and that a CircleCI server is 4.4 or newer',
  github: 'give the job `permissions: id-token: write`',
  gitlab: `give the job \`id_tokens: ${OWN_VARIABLE}: aud: …\``,
  buildkite:
    'write the output of `buildkite-agent oidc request-token --audience sts.amazonaws.com` to a file and name it with --token-file',
};
const OUTSIDE_HINT = 'name a file that holds the token with --token-file';

/** What gave a token: a flag, DEPLOY_MARKER_ID_TOKEN, the CI system of the job, or AWS_WEB_IDENTITY_TOKEN_FILE. */
export type TokenOrigin = 'given' | 'id-token' | 'job' | 'pod';

/** A token, and which sort of place it came from. */
export interface FoundToken extends OidcToken {
  readonly origin: TokenOrigin;
}

/** Where to look for a token. */
export interface FindTokenOptions {
  readonly env: Env;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What relative paths are relative to, and where programs run. */
  readonly cwd: string;
  /** `--token-file`. */
  readonly tokenFile?: string | undefined;
  /** `--token-env`: the name of a variable. */
  readonly tokenEnv?: string | undefined;
  /** `--audience`: makes a new token for it, whatever tokens there are. */
  readonly audience?: string | undefined;
  /**
   * The only sort of place that counts, for who asks again for what was assumed before; with `pod`, `tokenFile` is the file that
   * AWS_WEB_IDENTITY_TOKEN_FILE named.
   */
  readonly only?: TokenOrigin | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Looks only at what the job has: CI is not asked for a token, and one that has expired is not replaced. */
  readonly offline?: boolean;
  /** Takes one sentence that the user should see; never a secret. */
  warn(note: string): void;
  /** By default node:http and node:https through the environment's proxy. */
  readonly fetchText?: FetchText | undefined;
}

/** A token, or why the CI system gave none. */
type Found = OidcToken | { readonly reason: string };

const NOBODY_TO_ASK: Found = {
  reason: 'this is no job of CircleCI or GitHub Actions, which could be asked for one',
};

/**
 * The job's OIDC token, first found: `--token-file`, `--token-env`, DEPLOY_MARKER_ID_TOKEN, the detected CI's own
 * (CircleCI's variables or program, GitHub's token request), and only then AWS_WEB_IDENTITY_TOKEN_FILE, which on a
 * runner in EKS is the pod's and not the job's. A place that the user named and that has no token is an error, not passed
 * over, because the next one would be another identity. It may be called again for a fresh token.
 *
 * @throws DeployMarkerError OIDC_TOKEN_MISSING (naming every place looked at), OIDC_TOKEN_UNREADABLE, OIDC_TOKEN_EXPIRED,
 * USAGE if `tokenEnv` is no variable's name, CONFIG_INVALID, NETWORK and UNEXPECTED_RESPONSE from GitHub's request, CANCELLED
 */
export async function findOidcToken(options: FindTokenOptions): Promise<FoundToken> {
  const { env, only } = options;
  const named =
    only === 'pod' || only === 'job' || only === 'id-token' ? undefined : await findNamed(options);
  if (named !== undefined) return { ...named, origin: 'given' };
  const own = only === undefined || only === 'id-token' ? readValue(env, OWN_VARIABLE) : undefined;
  if (own !== undefined) return { ...acceptToken(own, OWN_VARIABLE), origin: 'id-token' };

  const asksJob = only === undefined || only === 'job';
  const job = asksJob ? await findJobToken(options) : NOBODY_TO_ASK;
  if ('token' in job) return { ...job, origin: 'job' };
  const file =
    only === 'pod' ? (options.tokenFile ?? readValue(env, FILE_VARIABLE)) : readValue(env, FILE_VARIABLE);
  // Whether the job has a token of its own is not known before its CI is asked, and the pod's is another identity.
  const isOpen = options.offline === true && job !== NOBODY_TO_ASK;
  const asksPod = only === undefined || only === 'pod';
  if (file !== undefined && !isOpen && asksPod) {
    const token = await readFile(file, FILE_VARIABLE, options);
    if (job !== NOBODY_TO_ASK)
      options.warn(`${FILE_VARIABLE} is used, as the job has no token of its own: ${job.reason}`);
    return { ...token, origin: 'pod' };
  }
  if (only !== undefined)
    throw missing(`the OIDC token that was used before cannot be had again: ${job.reason}`, env);
  const places = [
    '--token-file and --token-env were not given',
    `${OWN_VARIABLE} is not set`,
    job.reason,
    file === undefined ? `${FILE_VARIABLE} is not set` : `${FILE_VARIABLE} comes after that`,
  ];
  throw missing(`no OIDC token was found: ${places.join('; ')}`, env);
}

/** The token of the place that the user named, if one is named. */
async function findNamed(options: FindTokenOptions): Promise<OidcToken | undefined> {
  if (options.audience !== undefined) return mintFor(options.audience, options);
  if (options.tokenFile !== undefined) return readFile(options.tokenFile, '--token-file', options);
  return options.tokenEnv === undefined ? undefined : readNamedVariable(options.tokenEnv, options.env);
}

function readNamedVariable(name: string, env: Env): OidcToken {
  if (!VARIABLE_NAME.test(name)) {
    // What was given may be the token itself, so it is not repeated.
    throw new DeployMarkerError(
      'USAGE',
      '--token-env takes the name of a variable, and what it got is no name',
      {
        hint: 'give the name alone, for example --token-env MY_ID_TOKEN, without $ and without the value',
      },
    );
  }
  const value = readValue(env, name);
  if (value === undefined) {
    const message = `no OIDC token was found: ${name}, named by --token-env, is not set`;
    throw new DeployMarkerError('OIDC_TOKEN_MISSING', message, {
      hint: `set ${name}, or leave out --token-env`,
    });
  }
  return acceptToken(value, name);
}

async function readFile(path: string, namedBy: string, options: FindTokenOptions): Promise<OidcToken> {
  const { readTokenFile } = await import('./token-file.ts');
  // The kubelet mounts the pod's token as a symbolic link and swaps its target when it renews the token.
  return readTokenFile({ path, namedBy, cwd: options.cwd, followLink: namedBy === FILE_VARIABLE });
}

async function mintFor(audience: string, options: FindTokenOptions): Promise<OidcToken> {
  if (audience === '')
    throw new DeployMarkerError('USAGE', '--audience is empty', {
      hint: 'name the audience that the role trusts',
    });
  if (options.offline) {
    const message = `no token for the audience ${quote(audience)} was made: one is made only with --online`;
    throw new DeployMarkerError('OIDC_TOKEN_MISSING', message, { hint: 'run it with --online in the job' });
  }
  for (const flag of ['tokenFile', 'tokenEnv'] as const) {
    if (options[flag] === undefined) continue;
    const name = flag === 'tokenFile' ? '--token-file' : '--token-env';
    options.warn(`--audience asks for a new token, so ${name} is not read`);
  }
  const job = await findJobToken(options);
  if ('token' in job) return job;
  throw missing(`no token for the audience ${quote(audience)} could be made: ${job.reason}`, options.env);
}

/** The token that the CI system gives its job, each system in its own way and loaded only there. */
async function findJobToken(options: FindTokenOptions): Promise<Found> {
  const system = detectCi(options.env)?.system;
  if (system === 'circleci') {
    const { findCircleciToken } = await import('./circleci-token.ts');
    return findCircleciToken(options);
  }
  if (system === 'github' && options.offline && readValue(options.env, 'ACTIONS_ID_TOKEN_REQUEST_URL')) {
    return { reason: 'GitHub gives one to who asks for it, which takes --online' };
  }
  if (system === 'github') {
    const { requestGithubToken } = await import('./github-token.ts');
    const fetchText = options.fetchText ?? (await import('../fetch-text.ts')).createFetchText(options.env);
    return requestGithubToken({ ...options, fetchText });
  }
  return NOBODY_TO_ASK;
}

function missing(message: string, env: Env): DeployMarkerError {
  const system = detectCi(env)?.system;
  const hint = (system === undefined ? undefined : HINTS[system]) ?? OUTSIDE_HINT;
  return new DeployMarkerError('OIDC_TOKEN_MISSING', message, { hint });
}

import { expiresSoon } from '../../core/time/expiry.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { currentProfile } from '../../io/aws-config/files.ts';
import type { Env } from '../../io/io.ts';
import { steadyNow } from '../../io/steady-clock.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import type { CredentialChain } from './chain.ts';
import type { AwsCredentials } from './keys.ts';

/** Where credentials come from. */
export interface CredentialsOptions {
  readonly env: Env;
  /** Those that somebody has already: nothing else is looked at. */
  readonly given?: AwsCredentials;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Gets new credentials for the same identity; without it, expired ones stay expired. */
  readonly renew?: () => Promise<AwsCredentials>;
  readonly warn?: (note: string) => void;
  /** Carries the requests of the credential chain too, so that they honour the proxy. */
  readonly requestHandler?: AwsRequestHandler;
}

/** Gives the credentials of the moment; made for the `credentials` setting of an SDK client. */
export interface CredentialsProvider {
  (): Promise<AwsCredentials>;
  /** Tells the SDK that it need not keep a copy, so that renewed credentials are used at once. */
  readonly memoized: true;
}

/** The credentials of one run. */
export interface Credentials {
  readonly provider: CredentialsProvider;
  /**
   * Makes the next call of `provider` get new credentials, for when the service says that these have expired.
   * False if nothing newer can be had.
   *
   * @param sentAt when the request was sent (`steadyNow`): many fail at once, and those that were sent before the
   *   credentials were last renewed say nothing about the new ones
   */
  forceRenew(sentAt?: number): boolean;
}

/**
 * Makes the source of credentials: those that are given, the keys in `env`, or the SDK's credential chain where there are none or a profile
 * is named. The chain is large and is loaded with its first use only.
 *
 * Keys that are within 60 s of the time in `AWS_CREDENTIAL_EXPIRATION` are replaced by those of `renew`.
 * `provider` fails as the chain or `renew` does.
 */
export function createCredentials(options: CredentialsOptions): Credentials {
  const { now, renew } = options;
  const fromEnv = options.given ?? (hasProfile(options.env) ? undefined : readKeys(options.env));
  let current: Promise<AwsCredentials> | undefined = fromEnv && Promise.resolve(fromEnv);
  let chain: Promise<CredentialChain> | undefined;
  let forced = false;
  let renewedAt = Number.NEGATIVE_INFINITY;

  async function askChain(): Promise<AwsCredentials> {
    chain ??= loadChain(options);
    const forceRefresh = forced;
    forced = false;
    if (forceRefresh) renewedAt = steadyNow();
    return (await chain)({ forceRefresh });
  }

  /** Whatever many calls at once ask for is got once; a failure is not kept. */
  function replace(get: () => Promise<AwsCredentials>): Promise<AwsCredentials> {
    const next = get();
    current = next;
    next.catch(() => {
      renewedAt = Number.NEGATIVE_INFINITY;
      if (current === next) current = fromEnv && Promise.resolve(fromEnv);
    });
    return next;
  }

  async function provide(): Promise<AwsCredentials> {
    if (current === undefined) return askChain();
    const known = current;
    const credentials = await known;
    if (renew === undefined || !(forced || areStale(credentials, now()))) return credentials;
    // Somebody else may have renewed them meanwhile.
    if (current !== known) return current;
    const isForced = forced;
    forced = false;
    if (isForced) renewedAt = steadyNow();
    return replace(renew).catch((error: unknown) => {
      const isOver = isForced || (credentials.expiration?.getTime() ?? 0) <= now();
      if (isOver) throw toExpired(error);
      options.warn?.(
        'the credentials expire within a minute and could not be renewed; they are used as they are',
      );
      return credentials;
    });
  }

  return {
    provider: Object.assign(provide, { memoized: true as const }),
    forceRenew(sentAt = Number.POSITIVE_INFINITY) {
      if (sentAt < renewedAt) return true;
      forced = renew !== undefined || fromEnv === undefined;
      return forced;
    },
  };
}

/** Without a token the keys are simply over; why a role or a service refused says more than that. */
function toExpired(error: unknown): unknown {
  if (!isDeployMarkerError(error) || error.code !== 'OIDC_TOKEN_MISSING') return error;
  const message = `the credentials have expired, and there is no OIDC token to renew them with: ${error.message}`;
  return new DeployMarkerError('CREDENTIALS_EXPIRED', message, { cause: error });
}

async function loadChain({ env, warn, requestHandler }: CredentialsOptions): Promise<CredentialChain> {
  const { createCredentialChain } = await import('./chain.ts');
  return createCredentialChain({
    warn: warn ?? (() => {}),
    requestHandler,
    profile: currentProfile(env),
    env,
  });
}

function hasProfile(env: Env): boolean {
  return env['AWS_PROFILE'] !== undefined && env['AWS_PROFILE'] !== '';
}

function areStale({ expiration }: AwsCredentials, now: number): boolean {
  return expiration !== undefined && expiresSoon(expiration.getTime(), now);
}

/** The keys as AWS's tools read them from the environment; an expiration that is no time counts as none. */
function readKeys(env: Env): AwsCredentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = env['AWS_SESSION_TOKEN'];
  const expiration = new Date(env['AWS_CREDENTIAL_EXPIRATION'] ?? '');
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(Number.isNaN(expiration.getTime()) ? {} : { expiration }),
  };
}

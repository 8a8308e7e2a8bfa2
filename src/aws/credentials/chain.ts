import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentity } from '@smithy/types';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { namedProfile } from '../../io/aws-config/files.ts';
import { requireKnownProfile } from '../../io/aws-config/known-profile.ts';
import { findLoginProfile } from '../../io/aws-config/login-profile.ts';
import type { Env } from '../../io/io.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import { silenceNodeVersionWarning } from '../client/sdk-warnings.ts';

/** Finds credentials; with `forceRefresh` it does not answer from memory. */
export type CredentialChain = (options?: {
  readonly forceRefresh?: boolean;
}) => Promise<AwsCredentialIdentity>;

/** What the chain talks to and through. */
export interface CredentialChainOptions {
  readonly warn: (note: string) => void;
  readonly requestHandler?: AwsRequestHandler | undefined;
  readonly profile: string;
  readonly env: Env;
}

/** How the SDK ends what it says of a session of SSO that is over, or was never begun. */
const SSO_OVER = /\baws sso login\b/;
/** The same of `aws login`. */
const LOGIN_OVER = /\baws login\b/;

/**
 * The SDK's own credential chain: environment, SSO, profiles, processes, token files, containers, instances. All that it asks over
 * the network goes through the one handler, with its proxy and its certificates, but for containers and instances, which are asked
 * at addresses that no proxy reaches.
 *
 * It fails with CREDENTIALS_EXPIRED where somebody has to log in again, with CONFIG_INVALID where the profile is not there, and
 * otherwise as the SDK does.
 *
 * @param profile that is meant, for the hint
 */
export function createCredentialChain({
  warn,
  requestHandler,
  profile,
  env,
}: CredentialChainOptions): CredentialChain {
  silenceNodeVersionWarning();
  const ignore = (): void => {};
  const logger = {
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: (...notes: unknown[]) => warn(notes.map(String).join(' ')),
    error: ignore,
  };
  const provider = defaultProvider({
    logger,
    ...withoutUndefined({ profile: namedProfile(env)?.profile }),
    // The clients of SSO look at the first alone, those of STS at both.
    ...(requestHandler === undefined
      ? {}
      : { clientConfig: { requestHandler }, parentClientConfig: { requestHandler } }),
  });
  return options =>
    provider(options).catch((error: unknown) => {
      const login = toLogIn(error, profile, env);
      if (login === undefined) requireKnownProfile(env);
      throw login ?? error;
    });
}

function toLogIn(error: unknown, profile: string, env: Env): DeployMarkerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const command = SSO_OVER.test(error.message)
    ? 'aws sso login'
    : LOGIN_OVER.test(error.message)
      ? 'aws login'
      : undefined;
  if (command === undefined) return undefined;
  const message = `the profile ${profile} gives no credentials: ${error.message}`;
  return new DeployMarkerError('CREDENTIALS_EXPIRED', message, {
    hint: `run \`${command} --profile ${findLoginProfile(env, command) ?? profile}\``,
    cause: error,
  });
}

import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { AwsRequestHandler } from './request-handler.ts';
import { silenceNodeVersionWarning } from './sdk-warnings.ts';

/** Finds credentials; with `forceRefresh` it does not answer from memory. */
export type CredentialChain = (options?: {
  readonly forceRefresh?: boolean;
}) => Promise<AwsCredentialIdentity>;

/** What the chain talks to and through. */
export interface CredentialChainOptions {
  readonly warn: (note: string) => void;
  readonly requestHandler?: AwsRequestHandler | undefined;
}

/** The SDK's own credential chain: environment, SSO, profiles, processes, token files, containers, instances. */
export function createCredentialChain({ warn, requestHandler }: CredentialChainOptions): CredentialChain {
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
    ...(requestHandler === undefined ? {} : { parentClientConfig: { requestHandler } }),
  });
  return options => provider(options);
}

import type { Env } from '../../io/io.ts';
import { type Credentials, createCredentials } from '../credentials/credentials.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { SinkRole } from '../credentials/sink-role.ts';
import { createSinkRole } from '../credentials/sink-role.ts';
import { type AwsRequestHandler, createRequestHandler, type PlainHandler } from './request-handler.ts';

/** How a sink reaches AWS. */
export interface ConnectionOptions {
  /** Requests per second; default 50. */
  readonly maxRate?: number | undefined;
  /** Attempts of one request; default `AWS_MAX_ATTEMPTS`, else 3. */
  readonly maxAttempts?: number | undefined;
  /** What requests are signed with, as `assumeRole` returns it; it goes before keys and profiles. */
  readonly credentials?: AwsCredentials | undefined;
  /** Gets new credentials for the same identity when those at hand have expired. */
  readonly renew?: (() => Promise<AwsCredentials>) | undefined;
  /** A role that is assumed for delivery alone, with the credentials at hand. */
  readonly role?: SinkRole | undefined;
  /**
   * Where keys, proxy and certificates are read from, and for clients of our own AWS's other settings, too; without it the SDK's own credential chain is
   * asked, and the process's variables count.
   */
  readonly env?: Env | undefined;
  /** Is told credentials before they are used, wherever they come from, so that nothing shows them. */
  readonly learn?: ((credentials: AwsCredentials) => void) | undefined;
  /** Takes notes for people, for example that an endpoint is not encrypted. */
  readonly warn?: ((note: string) => void) | undefined;
}

/** What a sink's client is made with. */
export interface Connection {
  readonly requestHandler: AwsRequestHandler;
  readonly credentials: Credentials;
}

/** Opens the connection of one sink; nothing is sent before it is used. */
export function openConnection(
  options: ConnectionOptions,
): Connection & { readonly requestHandler: PlainHandler } {
  const { env = {}, warn = () => {}, credentials: given, renew, role, learn } = options;
  const requestHandler = createRequestHandler(env, warn);
  const atHand = createCredentials({
    env,
    now: () => Date.now(),
    warn,
    requestHandler,
    ...(given === undefined ? {} : { given }),
    ...(renew === undefined ? {} : { renew }),
  });
  const own = learn === undefined ? atHand : tellingOf(atHand, learn);
  const credentials = role === undefined ? own : createSinkRole(role, { own, env, requestHandler });
  return { requestHandler, credentials };
}

/** The same credentials, of which somebody is told before they are used. */
function tellingOf(
  { provider, forceRenew }: Credentials,
  learn: (credentials: AwsCredentials) => void,
): Credentials {
  let told: AwsCredentials | undefined;
  const provide = async (): Promise<AwsCredentials> => {
    const credentials = await provider();
    if (credentials !== told) learn(credentials);
    told = credentials;
    return credentials;
  };
  return { provider: Object.assign(provide, { memoized: true as const }), forceRenew };
}

import type { Env } from '../io/io.ts';
import type { AwsCredentials } from './aws-credentials.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { type AwsRequestHandler, createRequestHandler } from './request-handler.ts';
import { createSinkRole } from './sink-role.ts';

/** How a sink reaches AWS. */
export interface ConnectionOptions {
  /** Requests per second; default 50. */
  readonly maxRate?: number | undefined;
  /** Attempts of one request; default `AWS_MAX_ATTEMPTS`, else 3. */
  readonly maxAttempts?: number | undefined;
  /** Gets new credentials for the same identity when those at hand have expired. */
  readonly renew?: (() => Promise<AwsCredentials>) | undefined;
  /** A role that is assumed for delivery alone, with the credentials at hand. */
  readonly role?: SinkRole | undefined;
  /** Where keys, proxy and certificates are read from; without it the SDK's own credential chain is asked. */
  readonly env?: Env | undefined;
  /** Takes notes for people, for example that an endpoint is not encrypted. */
  readonly warn?: ((note: string) => void) | undefined;
}

/** A role for delivery alone. */
export interface SinkRole {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Region of STS. */
  readonly region: string;
  /** Is told the role's credentials before they are used, so that nothing shows them. */
  readonly learn?: (credentials: AwsCredentials) => void;
}

/** What a sink's client is made with. */
export interface Connection {
  readonly requestHandler: AwsRequestHandler;
  readonly credentials: Credentials;
}

/** Opens the connection of one sink; nothing is sent before it is used. */
export function openConnection({ env = {}, warn = () => {}, renew, role }: ConnectionOptions): Connection {
  const requestHandler = createRequestHandler(env, warn);
  const own = createCredentials({
    env,
    now: () => Date.now(),
    warn,
    requestHandler,
    ...(renew === undefined ? {} : { renew }),
  });
  const credentials = role === undefined ? own : createSinkRole(role, { own, env, requestHandler });
  return { requestHandler, credentials };
}

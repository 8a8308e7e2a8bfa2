import type { Pluggable } from '@smithy/types';
import { checkRegion } from '../../core/base/region.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { namedProfile } from '../../io/aws-config/files.ts';
import { VERSION } from '../../version.ts';
import type { CredentialsProvider } from '../credentials/credentials.ts';
import { type ConnectionOptions, openConnection } from './connection.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { AwsRequestHandler, PlainHandler } from './request-handler.ts';
import { silenceNodeVersionWarning } from './sdk-warnings.ts';
import { createSender, type Sender } from './sender.ts';
import { createThrottleWatch, isThrottled } from './throttle-watch.ts';

/** Where a service is asked, and how. */
export interface ServiceOptions extends ConnectionOptions {
  readonly region: string;
}

/** What every client of the SDK is made with here. */
export interface ServiceConfig {
  readonly region: string;
  readonly requestHandler: AwsRequestHandler;
  readonly credentials: CredentialsProvider;
  readonly customUserAgent: [string, string][];
  readonly maxAttempts?: number;
  /** Whose settings count; default that of `AWS_PROFILE`. */
  readonly profile?: string;
}

/** What every client of the SDK has. */
interface ServiceClient<I extends object, O extends object> {
  readonly middlewareStack: { use(plugin: Pluggable<I, O>): void };
  destroy(): void;
}

/** The class of an SDK's client `C`; `I` and `O` are all of its inputs and outputs. */
type ServiceClass<C, I extends object, O extends object> = new (
  config: ServiceConfig,
) => C & ServiceClient<I, O>;

/** One service in one Region, with one set of credentials. */
export interface OpenService<C> {
  readonly client: C;
  /** Makes calls at the given rate; once more with new credentials when those at hand have expired. */
  readonly send: Sender;
}

/** What a client of our own beside the SDK's is made with, so that they are one in connections, credentials and rate. */
export interface SharedConnection {
  readonly requestHandler: PlainHandler;
  readonly credentials: CredentialsProvider;
  readonly onFailure: (error: Error) => void;
}

/**
 * Opens a service; nothing is sent before the first call.
 *
 * @throws DeployMarkerError CONFIG_INVALID if that is no Region
 * @param maxRate requests per second
 */
export function openService<C, I extends object, O extends object>(
  Client: ServiceClass<C, I, O>,
  options: ServiceOptions,
  maxRate: number = options.maxRate ?? Number.POSITIVE_INFINITY,
): OpenService<C & ServiceClient<I, O>> & { readonly shared: SharedConnection } {
  silenceNodeVersionWarning();
  const { requestHandler, credentials } = openConnection(options);
  const limiter = createRateLimiter(maxRate);
  const client = new Client({
    region: checkRegion(options.region),
    requestHandler,
    credentials: credentials.provider,
    customUserAgent: [['deploy-marker', VERSION]],
    ...withoutUndefined({
      maxAttempts: options.maxAttempts,
      profile: namedProfile(options.env ?? {})?.profile,
    }),
  });
  client.middlewareStack.use(createThrottleWatch(limiter));
  const onFailure = (error: Error): void => {
    if (isThrottled(error)) limiter.slowDown();
  };
  const shared = { requestHandler, credentials: credentials.provider, onFailure };
  return { client, send: createSender(credentials, limiter), shared };
}

/** Asks one thing of a service, then closes its connections. It fails as `ask` does. */
export async function askService<C, T, I extends object, O extends object>(
  Client: ServiceClass<C, I, O>,
  options: ServiceOptions,
  ask: (service: OpenService<C>) => Promise<T>,
): Promise<T> {
  const service = openService(Client, options);
  try {
    return await ask(service);
  } finally {
    service.client.destroy();
  }
}

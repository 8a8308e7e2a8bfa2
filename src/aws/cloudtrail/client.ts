import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { withoutUndefined } from '../../core/without-undefined.ts';
import { VERSION } from '../../version.ts';
import { type ConnectionOptions, openConnection } from '../connection.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { silenceNodeVersionWarning } from '../sdk-warnings.ts';
import { createSender, type Sender } from '../sender.ts';
import { createThrottleWatch } from '../throttle-watch.ts';

/** Where and how CloudTrail is asked. */
export interface CloudTrailOptions extends ConnectionOptions {
  readonly region: string;
}

/** CloudTrail's API in one Region, with one set of credentials. */
export interface CloudTrail {
  readonly client: CloudTrailClient;
  /** Makes calls at the options' `maxRate`; once more with new credentials when those at hand have expired. */
  readonly send: Sender;
}

/** Opens CloudTrail's API; nothing is sent before the first call. */
export function openCloudTrail(options: CloudTrailOptions): CloudTrail {
  silenceNodeVersionWarning();
  const { region, maxAttempts, maxRate = Number.POSITIVE_INFINITY } = options;
  const { requestHandler, credentials } = openConnection(options);
  const limiter = createRateLimiter(maxRate);
  const client = new CloudTrailClient({
    region,
    requestHandler,
    credentials: credentials.provider,
    customUserAgent: [['deploy-marker', VERSION]],
    ...withoutUndefined({ maxAttempts }),
  });
  client.middlewareStack.use(createThrottleWatch(limiter));
  return { client, send: createSender(credentials, limiter) };
}

import type { Env } from '../../io/io.ts';
import { toAwsError } from '../answers/error-map.ts';
import type { SinkRole } from '../client/connection.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import type { Credentials } from './credentials.ts';
import type { AwsCredentials } from './keys.ts';

/** Credentials of a role count as expired this long before they do, so that a request does not outlive them. */
const EXPIRY_MARGIN_MS = 60_000;

/** What the role is assumed with. */
export interface SinkRoleOptions {
  readonly own: Credentials;
  readonly env: Env;
  readonly requestHandler: AwsRequestHandler;
}

/**
 * Credentials of a second role, which is assumed (STS AssumeRole) with the first credentials and used for delivery alone:
 * channels and log groups of an audit account take nothing from elsewhere. They are got anew when they expire.
 *
 * `provider` fails with ACCESS_DENIED where the role does not trust the caller, and as any call of STS does.
 */
export function createSinkRole(role: SinkRole, { own, env, requestHandler }: SinkRoleOptions): Credentials {
  let current: Promise<AwsCredentials> | undefined;
  let forced = false;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let hasOwnExpired = false;

  function renew(): Promise<AwsCredentials> {
    if (forced) renewedAt = performance.now();
    forced = false;
    const next = assume();
    current = next;
    next.catch(() => {
      renewedAt = Number.NEGATIVE_INFINITY;
      if (current === next) current = undefined;
    });
    return next;
  }

  async function assume(): Promise<AwsCredentials> {
    const { callAssumeRole } = await import('../sts/sts-call.ts');
    const settings = { ...role, env, requestHandler, credentials: own.provider };
    const credentials = await callAssumeRole(settings).catch((error: unknown) => {
      const failure = toAwsError(error, { operation: 'AssumeRole' });
      hasOwnExpired = failure.code === 'CREDENTIALS_EXPIRED';
      throw failure;
    });
    role.learn?.(credentials);
    return credentials;
  }

  async function provide(): Promise<AwsCredentials> {
    const known = current;
    if (known === undefined) return renew();
    const credentials = await known;
    if ((credentials.expiration?.getTime() ?? 0) - Date.now() >= EXPIRY_MARGIN_MS) return credentials;
    // Somebody else may have renewed them meanwhile.
    return current === known || current === undefined ? renew() : current;
  }

  return {
    provider: Object.assign(provide, { memoized: true as const }),
    forceRenew(sentAt = Number.POSITIVE_INFINITY) {
      if (sentAt < renewedAt) return true;
      current = undefined;
      forced = true;
      // If it was the caller's own keys that have expired, those alone can be renewed.
      if (!hasOwnExpired) return true;
      hasOwnExpired = false;
      return own.forceRenew(sentAt);
    },
  };
}

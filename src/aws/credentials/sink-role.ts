import { expiresSoon } from '../../core/time/expiry.ts';
import type { Env } from '../../io/io.ts';
import { steadyNow } from '../../io/steady-clock.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import { toAwsErrorLate } from '../client/sender.ts';
import type { Credentials } from './credentials.ts';
import type { AwsCredentials } from './keys.ts';

/** A role for delivery alone. */
export interface SinkRole {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Region of STS. */
  readonly region: string;
  /** Is told the role's credentials before they are used, so that nothing shows them. */
  readonly learn?: (credentials: AwsCredentials) => void;
}

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
    if (forced) renewedAt = steadyNow();
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
    const credentials = await callAssumeRole(settings).catch(async (error: unknown) => {
      const failure = await toAwsErrorLate(error, { operation: 'AssumeRole' });
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
    if (!expiresSoon(credentials.expiration?.getTime() ?? 0, Date.now())) return credentials;
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

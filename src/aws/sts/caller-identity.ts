import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpResponse } from '@smithy/core/protocols';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toAwsError } from '../answers/error-map.ts';
import { GET_CALLER_IDENTITY } from '../answers/shapes.ts';
import { askService, type ServiceOptions } from '../client/service-client.ts';

/** Whom the credentials at hand belong to, as STS says. */
export interface CallerIdentity {
  readonly account: string;
  /** Of a user, of root, or `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  readonly userId?: string;
  /**
   * How far AWS's clock is ahead of this machine's, in milliseconds and to about a second; below 0 if it is behind. Undefined if
   * the answer has no date.
   */
  readonly clockSkewMs: number | undefined;
}

/** What AWS says where a signature is too old, or from the future: by a name of its own, or in the message. */
const CLOCK_NAME = /^(RequestExpired|RequestInTheFuture|RequestTimeTooSkewed)$/;
const CLOCK_MESSAGE = /^Signature (expired|not yet current)/;

/**
 * Asks STS whose the credentials at hand are (GetCallerIdentity, which no policy can deny), and what time it is.
 *
 * The SDK corrects its clock by AWS's once a signature was refused for it, so that a wrong clock fails only without a second attempt.
 *
 * @throws DeployMarkerError CLOCK_SKEWED if STS refuses the signature for its time, and otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export async function readCallerIdentity(
  options: ServiceOptions,
  signal: AbortSignal | undefined,
): Promise<CallerIdentity> {
  let clockSkewMs: number | undefined;

  /** Each attempt by itself, before the SDK reads the answer. */
  function watchClock(client: STSClient): void {
    client.middlewareStack.add(
      next => async args => {
        const sentAt = Date.now();
        const answer = await next(args);
        if (HttpResponse.isInstance(answer.response)) {
          clockSkewMs = toSkew(answer.response.headers['date'], (sentAt + Date.now()) / 2);
        }
        return answer;
      },
      { step: 'deserialize', name: 'deployMarkerClockWatch', priority: 'low' },
    );
  }

  const operation = 'GetCallerIdentity';
  return askService(STSClient, options, async ({ client, send }) => {
    watchClock(client);
    const command = new GetCallerIdentityCommand({});
    const answer = await send({
      operation,
      signal,
      shape: GET_CALLER_IDENTITY,
      send: settings => client.send(command, settings),
      unless(error) {
        if (clockSkewMs === undefined || !isAboutTime(error)) throw error;
        throw toSkewed(clockSkewMs, toAwsError(error, { operation }));
      },
    });
    return {
      account: answer.Account,
      arn: answer.Arn,
      ...withoutUndefined({ userId: answer.UserId }),
      clockSkewMs,
    };
  });
}

/** The header leaves out the fraction of a second, half of one in the mean. */
function toSkew(date: string | undefined, ownTime: number): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : Math.round(time + 500 - ownTime);
}

function isAboutTime(error: unknown): boolean {
  return error instanceof Error && (CLOCK_NAME.test(error.name) || CLOCK_MESSAGE.test(error.message));
}

function toSkewed(skewMs: number, cause: DeployMarkerError): DeployMarkerError {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const side = skewMs > 0 ? 'behind' : 'ahead of';
  return new DeployMarkerError(
    'CLOCK_SKEWED',
    `the clock of this machine is ${seconds} s ${side} AWS's: ${cause.message}`,
    { cause },
  );
}

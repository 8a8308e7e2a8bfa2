import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Pluggable } from '@smithy/types';
import { parseRoleArn } from '../../core/base/arn.ts';
import { checkPartition, checkRegion } from '../../core/base/region.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../../io/io.ts';
import { readAnswer } from '../answers/documented.ts';
import { isKeyFetchFault } from '../answers/error-table.ts';
import { ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, type WebIdentityAnswer } from '../answers/shapes.ts';
import { withinDeadline } from '../client/call-deadline.ts';
import { createEndpointGuard } from '../client/endpoint-guard.ts';
import { type AwsRequestHandler, createRequestHandler } from '../client/request-handler.ts';
import { silenceNodeVersionWarning } from '../client/sdk-warnings.ts';
import type { CredentialsProvider } from '../credentials/credentials.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { AssumeRoleOptions } from './sts.ts';
import { STS_HINT, toAwsCredentials } from './sts-credentials.ts';

/** Where STS is called. */
export interface StsPlace {
  readonly region: string;
  readonly env: Env;
}

/** The call itself, with the SDK's client; apart from `assumeRole`, so that the client is loaded only when it is used. */
export async function callSts(options: AssumeRoleOptions, place: StsPlace): Promise<WebIdentityAnswer> {
  silenceNodeVersionWarning();
  const requestHandler = createRequestHandler(place.env, options.warn ?? (() => {}));
  const client = new STSClient({
    region: checkRegion(place.region),
    requestHandler,
    // The call is not signed: neither a preference for a way of signing nor any credentials may count.
    authSchemePreference: [],
    credentialDefaultProvider: () => async () => {
      throw new DeployMarkerError('INTERNAL', 'AssumeRoleWithWebIdentity asked for credentials');
    },
  });
  client.middlewareStack.use(createEndpointGuard('STS', place.env));
  client.middlewareStack.use(createIdentityProviderRetries());
  const { roleArn, sessionName, webIdentityToken, durationSeconds, policy, policyArns } = options;
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: webIdentityToken,
    DurationSeconds: durationSeconds,
    Policy: policy,
    // An empty list would be sent, as an empty parameter.
    PolicyArns: policyArns?.length ? policyArns.map(arn => ({ arn })) : undefined,
  });
  const operation = 'AssumeRoleWithWebIdentity';
  try {
    const output = await withinDeadline({ operation, signal: options.signal }, abortSignal =>
      client.send(command, { abortSignal }),
    );
    return readAnswer({ operation, shape: ASSUME_ROLE_WITH_WEB_IDENTITY, hint: STS_HINT }, output);
  } finally {
    client.destroy();
  }
}

/** Which role to assume with which credentials. */
export interface AssumeRoleCall {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly region: string;
  readonly env: Env;
  readonly requestHandler: AwsRequestHandler;
  readonly credentials: CredentialsProvider;
}

/** AssumeRole, for an hour: the most that a role assumed by another one gives. */
export async function callAssumeRole(call: AssumeRoleCall): Promise<AwsCredentials> {
  silenceNodeVersionWarning();
  const { roleArn, sessionName, region, env, requestHandler, credentials } = call;
  checkPartition(parseRoleArn(roleArn), checkRegion(region));
  const client = new STSClient({ region, requestHandler, credentials });
  client.middlewareStack.use(createEndpointGuard('STS', env));
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName });
  const output = await withinDeadline({ operation: 'AssumeRole', signal: undefined }, abortSignal =>
    client.send(command, { abortSignal }),
  );
  const rules = { operation: `AssumeRole of ${roleArn}`, shape: ASSUME_ROLE, hint: STS_HINT };
  return toAwsCredentials(readAnswer(rules, output), 'AssumeRole');
}

/**
 * Marks as retryable what the SDK takes for final because it is HTTP 400: STS could not reach the identity provider, or
 * could not get its keys. It waits as after throttling, since the provider needs a moment.
 *
 * The first is documented as retryable; the second comes as InvalidIdentityToken, told apart by its message only.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
function createIdentityProviderRetries<I extends object, O extends object>(): Pluggable<I, O> {
  return {
    applyToStack(stack) {
      stack.add(
        next => async args => {
          try {
            return await next(args);
          } catch (error) {
            throw isProviderFault(error) ? Object.assign(error, { $retryable: { throttling: true } }) : error;
          }
        },
        { step: 'finalizeRequest', name: 'deployMarkerIdentityProviderRetries', priority: 'low' },
      );
    },
  };
}

function isProviderFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return /^IDPCommunicationError(Exception)?$/.test(error.name) || isKeyFetchFault(error);
}

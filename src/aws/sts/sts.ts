import { parseRoleArn, readArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { checkPartition, checkRegion } from '../../core/base/region.ts';
import { checkSessionName } from '../../core/session-name.ts';
import { readTokenClaims } from '../../core/trust/claims.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import { toAwsErrorLate } from '../client/sender.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { AssumeRoleOptions } from './assume-role-options.ts';
import { STS_HINT, toAwsCredentials } from './sts-credentials.ts';

/** The assumed role. */
export interface AssumedRole {
  readonly credentials: AwsCredentials;
  readonly roleArn: string;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, which CloudTrail shows as the actor. */
  readonly assumedRoleArn: string;
  readonly account: string;
  readonly sessionName: string;
  /** The region that was given or is in the environment; undefined when us-east-1 was a mere fallback. */
  readonly region?: string;
  /** The token's `sub`, as STS read it. */
  readonly subject?: string;
  /** The token's `aud`, as STS read it. */
  readonly audience?: string;
}

/**
 * Assumes a role with an OIDC token (STS AssumeRoleWithWebIdentity), for which no AWS credentials are needed.
 *
 * Retried with jitter, by `AWS_MAX_ATTEMPTS` (3): throttling, server errors, cut connections, an identity provider that
 * STS cannot reach or whose keys it could not fetch. The token is in no error and no log.
 *
 * @example
 * const { credentials } = await assumeRole({
 *   roleArn: 'arn:aws:iam::123456789012:role/deploy',
 *   sessionName: 'ci-prod-deploy-a1b2c3d',
 *   webIdentityToken: token,
 * });
 * @throws DeployMarkerError ARN_INVALID, SESSION_NAME_INVALID, OIDC_TOKEN_UNREADABLE for bad input; ASSUME_ROLE_DENIED,
 * OIDC_TOKEN_REJECTED, OIDC_TOKEN_EXPIRED when STS refuses, with what the trust policy is compared with; else
 * AWS_REJECTED, AWS_THROTTLED, AWS_UNAVAILABLE, NETWORK, UNEXPECTED_RESPONSE, CONFIG_INVALID, CANCELLED
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeRole(options: AssumeRoleOptions): Promise<AssumedRole> {
  const { roleArn, sessionName, webIdentityToken, env = {}, signal } = options;
  const role = parseRoleArn(roleArn);
  checkSessionName(sessionName);
  checkToken(webIdentityToken);
  const region = options.region || awsRegionOf(env);
  const endpointRegion = region ?? 'us-east-1';
  checkPartition(role, checkRegion(endpointRegion));
  const { callWebIdentity } = await import('./web-identity.ts');
  const answer = await callWebIdentity(options, endpointRegion).catch(async (error: unknown) => {
    const context = { operation: 'AssumeRoleWithWebIdentity', signal, secrets: [webIdentityToken] } as const;
    throw withClaims(await toAwsErrorLate(error, context), options);
  });
  const assumedRoleArn = answer.AssumedRoleUser.Arn;
  const account = checkAssumedRole(assumedRoleArn, options);
  return {
    credentials: toAwsCredentials(answer, 'AssumeRoleWithWebIdentity'),
    roleArn,
    assumedRoleArn,
    account,
    sessionName,
    ...(region === undefined ? {} : { region }),
    ...(answer.SubjectFromWebIdentityToken === undefined
      ? {}
      : { subject: answer.SubjectFromWebIdentityToken }),
    ...(answer.Audience === undefined ? {} : { audience: answer.Audience }),
  };
}

/** STS takes 4 to 20,000 characters; the form is that of a compact JWT (RFC 7519). */
function checkToken(token: string): void {
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) && token.length <= 20_000) return;
  const message = `the OIDC token (${token.length} characters) is not a JWT`;
  throw new DeployMarkerError('OIDC_TOKEN_UNREADABLE', message, {
    hint: 'pass the token as the CI system gave it',
  });
}

const REFUSALS: readonly string[] = ['ASSUME_ROLE_DENIED', 'OIDC_TOKEN_REJECTED', 'OIDC_TOKEN_EXPIRED'];

/** To a refusal it adds what one compares with the trust policy. */
function withClaims(error: DeployMarkerError, options: AssumeRoleOptions): DeployMarkerError {
  if (!REFUSALS.includes(error.code)) return error;
  const { iss, aud, sub, exp } = readTokenClaims(options.webIdentityToken);
  const expires =
    exp === undefined ? 'none' : new Date(Math.max(-8.64e12, Math.min(exp, 8.64e12)) * 1000).toISOString();
  const problems = [
    `role: ${options.roleArn}`,
    `session name: ${options.sessionName}`,
    `token iss: ${show(iss)}`,
    `token aud: ${show(aud)}`,
    `token sub: ${show(sub)}`,
    `token exp: ${expires}`,
  ];
  const { hint, cause } = error;
  return new DeployMarkerError(error.code, error.message, {
    cause,
    problems,
    hint,
  });
}

/** A claim on one line and whole: comparing it with a policy takes every character. */
function show(claim: string | undefined): string {
  return claim === undefined ? 'none' : JSON.stringify(claim);
}

/** The account of the role; the session must be the one that was asked for, or CloudTrail would name another. */
function checkAssumedRole(assumedRoleArn: string, { sessionName, roleArn }: AssumeRoleOptions): string {
  const arn = readArn(assumedRoleArn);
  const [kind, , session] = arn?.resource.split('/') ?? [];
  if (arn?.service === 'sts' && kind === 'assumed-role' && session === sessionName && arn.account !== '')
    return arn.account;
  const operation = `AssumeRoleWithWebIdentity of ${roleArn} as ${sessionName}`;
  throw unexpectedAnswer({ operation, hint: STS_HINT }, `with the session ${quote(assumedRoleArn)}`);
}

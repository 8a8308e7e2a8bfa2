import { AwsRefusal, escapeXml, strictViolation } from '../aws-refusal.ts';
import type { AwsState, Role } from '../aws-state.ts';
import { readTokenClaims } from '../oidc-token.ts';
import type { Operation } from '../operation.ts';
import { servedRegion } from '../signed-region.ts';
import {
  type AssumeRoleInput,
  createStsResponse,
  openSession,
  readAssumeRole,
  readStsForm,
  STS_NAMESPACE,
  stsValidationError,
} from './sts-form.ts';

const STS = {
  service: 'sts',
  protocol: 'query',
  namespace: STS_NAMESPACE,
  region: servedRegion,
} as const;

/** Whether `text` matches an IAM `StringLike` pattern: `*` any characters, `?` exactly one. */
export function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

interface Identity {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

function readIdentity(state: AwsState, token: string): Identity {
  const claims = readTokenClaims(token);
  if (claims === undefined)
    throw new AwsRefusal(
      400,
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  const { iss, aud, sub, exp } = claims;
  const audience: unknown = Array.isArray(aud) ? aud[0] : aud;
  if (
    typeof iss !== 'string' ||
    typeof audience !== 'string' ||
    typeof sub !== 'string' ||
    typeof exp !== 'number'
  )
    throw new AwsRefusal(400, 'InvalidIdentityToken', 'Missing a required claim: iss, aud, sub, exp.');
  const now = Math.floor(state.now() / 1000);
  if (exp <= now)
    throw new AwsRefusal(
      400,
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
  const issuer = state.issuers.get(iss);
  if (issuer === undefined)
    throw new AwsRefusal(
      400,
      'InvalidIdentityToken',
      `No OpenIDConnect provider found in your account for ${iss}`,
    );
  if (issuer.clientIds?.includes(audience) === false)
    throw new AwsRefusal(400, 'InvalidIdentityToken', 'Incorrect token audience');
  return { issuer: iss, audience, subject: sub };
}

function isTrusted(role: Role, identity: Identity, sessionName: string): boolean {
  const { trust } = role;
  return (
    trust.issuer === identity.issuer &&
    trust.audiences.includes(identity.audience) &&
    trust.subjects.some(pattern => isLike(pattern, identity.subject)) &&
    (trust.sessionNames ?? ['*']).some(pattern => isLike(pattern, sessionName))
  );
}

function notAuthorized(action: string): AwsRefusal {
  return new AwsRefusal(403, 'AccessDenied', `Not authorized to perform sts:${action}`);
}

function checkToken(token: string | undefined): string {
  if (token !== undefined && token.length >= 4 && token.length <= 20_000) return token;
  throw stsValidationError(
    "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: length 4 to 20000",
  );
}

function federate(state: AwsState, input: AssumeRoleInput, token: string, requestId: string) {
  const identity = readIdentity(state, token);
  const role = state.roles.get(input.roleArn);
  if (role === undefined || !isTrusted(role, identity, input.sessionName))
    throw notAuthorized('AssumeRoleWithWebIdentity');
  const { xml } = openSession(state, input);
  const provider = `arn:aws:iam::${input.accountId}:oidc-provider/${identity.issuer.replace('https://', '')}`;
  const result =
    `<Audience>${escapeXml(identity.audience)}</Audience>${xml}<Provider>${escapeXml(provider)}</Provider>` +
    `<SubjectFromWebIdentityToken>${escapeXml(identity.subject)}</SubjectFromWebIdentityToken>`;
  return createStsResponse('AssumeRoleWithWebIdentity', result, requestId);
}

/** AssumeRoleWithWebIdentity: unsigned, and without the `ProviderId` that only OAuth 2.0 tokens need. */
export const ASSUME_ROLE_WITH_WEB_IDENTITY: Operation = {
  ...STS,
  name: 'AssumeRoleWithWebIdentity',
  signed: false,
  prepare(state, call) {
    const form = readStsForm(call, [
      'RoleArn',
      'RoleSessionName',
      'WebIdentityToken',
      'DurationSeconds',
      'Policy',
      'PolicyArns',
      'ProviderId',
    ]);
    if (form.has('ProviderId')) throw strictViolation('ProviderId must not be sent with an OIDC token.');
    const token = checkToken(form.get('WebIdentityToken'));
    const input = readAssumeRole(form);
    return () => federate(state, input, token, call.requestId);
  },
};

/** The issuer of a role whose `subjects` are ARNs of callers of any account: `Principal: { AWS: … }` of its trust policy. */
export const AWS_PRINCIPALS = 'AWS';

function isOpenTo(role: Role, callerArn: string, { accountId, sessionName }: AssumeRoleInput): boolean {
  const { issuer, subjects, sessionNames = ['*'] } = role.trust;
  if (issuer !== AWS_PRINCIPALS) return callerArn.split(':')[4] === accountId;
  return (
    subjects.some(pattern => isLike(pattern, callerArn)) &&
    sessionNames.some(pattern => isLike(pattern, sessionName))
  );
}

/** AssumeRole: any caller of the role's own account may assume it, unless its trust names {@link AWS_PRINCIPALS}. */
export const ASSUME_ROLE: Operation = {
  ...STS,
  name: 'AssumeRole',
  signed: true,
  prepare(state, call) {
    const form = readStsForm(call, [
      'RoleArn',
      'RoleSessionName',
      'DurationSeconds',
      'Policy',
      'PolicyArns',
      'ExternalId',
      'SourceIdentity',
    ]);
    const input = readAssumeRole(form);
    return () => {
      const callerArn = call.caller?.key.arn ?? '';
      const role = state.roles.get(input.roleArn);
      if (role === undefined || !isOpenTo(role, callerArn, input))
        throw new AwsRefusal(
          403,
          'AccessDenied',
          `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${input.roleArn}`,
        );
      if (callerArn.includes(':assumed-role/') && input.durationSeconds > 3600)
        throw new AwsRefusal(
          400,
          'ValidationError',
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
        );
      return createStsResponse('AssumeRole', openSession(state, input).xml, call.requestId);
    };
  },
};

/** The unique id of a caller: of a session that of its role and its name, of root the account's. */
function userIdOf(arn: string): string {
  const [, , , , account = '', resource = ''] = arn.split(':');
  const [kind, ...names] = resource.split('/');
  if (kind === 'assumed-role') return `AROAFAKEROLEID0000001:${names.at(-1)}`;
  return kind === 'root' ? account : 'AIDAFAKEUSERID0000001';
}

/** GetCallerIdentity: who signed the request. */
export const GET_CALLER_IDENTITY: Operation = {
  ...STS,
  name: 'GetCallerIdentity',
  signed: true,
  prepare(_state, call) {
    readStsForm(call, []);
    return () => {
      const arn = call.caller?.key.arn ?? '';
      const result =
        `<Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(userIdOf(arn))}</UserId>` +
        `<Account>${arn.split(':')[4] ?? ''}</Account>`;
      return createStsResponse('GetCallerIdentity', result, call.requestId);
    };
  },
};

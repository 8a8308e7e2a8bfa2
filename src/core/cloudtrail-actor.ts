import type { Actor, ActorKind } from './change.ts';
import { type Fields, fieldsOf, textOf } from './cloudtrail-fields.ts';
import type { NameTest } from './name-pattern.ts';

/**
 * What CloudFormation calls the sessions of a service role.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export const CLOUDFORMATION_SESSION = 'AWSCloudFormation';

const ASSUMED_ROLE = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;
const SERVICE_SUFFIX = '.amazonaws.com';

const KINDS: Readonly<Record<string, ActorKind>> = {
  Root: 'root',
  IAMUser: 'iam-user',
  FederatedUser: 'federated-user',
  SAMLUser: 'federated-user',
  WebIdentityUser: 'federated-user',
  IdentityCenterUser: 'identity-center',
  AssumedRole: 'session',
  Role: 'session',
  AWSService: 'service',
};

/** `lambda` of `lambda.amazonaws.com`; any other text as it stands. */
export function serviceName(principal: string): string {
  return principal.endsWith(SERVICE_SUFFIX) ? principal.slice(0, -SERVICE_SUFFIX.length) : principal;
}

/**
 * Reads who made a call. A caller whose credentials CloudFormation passes on keeps its own session, with
 * `via: 'cloudformation'`; a service role of CloudFormation's is a service.
 *
 * @param isHumanRole which role names stand for people
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readActor(record: Fields, isHumanRole: NameTest): Actor {
  const identity = fieldsOf(record['userIdentity']);
  const arn = textOf(identity['arn']);
  const [, account, role, session] = (arn === undefined ? null : ASSUMED_ROLE.exec(arn)) ?? [];
  const type = textOf(identity['type']) ?? 'Unknown';
  const via = callingService(record, identity);
  const own = {
    account: account ?? textOf(identity['accountId']),
    role: role ?? issuerOf(identity),
    session,
  };
  return {
    ...own,
    kind: kindOf(type, { ...own, via, isLinked: isServiceLinked(identity) }, isHumanRole),
    name: arn ?? textOf(identity['userName']) ?? via ?? textOf(identity['principalId']) ?? type,
    accessKeyId: textOf(identity['accessKeyId']),
    via,
  };
}

function kindOf(
  type: string,
  { role = '', session, via, isLinked }: Pick<Actor, 'role' | 'session' | 'via'> & { isLinked: boolean },
  isHumanRole: NameTest,
): ActorKind {
  const kind = KINDS[type] ?? 'unknown';
  if (kind !== 'session') return kind;
  if (role.startsWith('AWSReservedSSO_')) return 'identity-center';
  if (isHumanRole(role)) return 'human-role';
  const isService =
    (via === 'cloudformation' && session === CLOUDFORMATION_SESSION) || via === 'codedeploy' || isLinked;
  return isService ? 'service' : kind;
}

/** The service that made the call for somebody else; CloudTrail names it as the invoker, and as the source address. */
function callingService(record: Fields, identity: Fields): string | undefined {
  const invoker = textOf(identity['invokedBy']);
  if (invoker !== undefined) return serviceName(invoker);
  const address = textOf(record['sourceIPAddress']);
  return address?.endsWith(SERVICE_SUFFIX) ? serviceName(address) : undefined;
}

/**
 * Anybody may call a role `AWSServiceRoleForX`; the path is reserved for services.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
function isServiceLinked(identity: Fields): boolean {
  const issuer = fieldsOf(fieldsOf(identity['sessionContext'])['sessionIssuer']);
  return /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-service-role\//.test(textOf(issuer['arn']) ?? '');
}

/** Name of the role behind a session whose ARN does not tell. */
function issuerOf(identity: Fields): string | undefined {
  const issuer = fieldsOf(fieldsOf(identity['sessionContext'])['sessionIssuer']);
  return textOf(issuer['type']) === 'Role' ? textOf(issuer['userName']) : undefined;
}

import { readArn, roleNameOf } from '../base/arn.ts';
import { type Fields, fieldsOf, textOf } from '../base/fields.ts';
import type { NameTest } from '../base/pattern.ts';
import type { Actor, ActorKind } from './change.ts';
import { isCaller, readPrincipal } from './principal.ts';

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
  Directory: 'federated-user',
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
 * Whether the keys came from the console, or the call is one that only the console makes.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function isFromConsole({ sessionCredentialFromConsole: told, eventType }: Fields): boolean {
  return isTrue(told) || eventType === 'AwsConsoleAction';
}

/** What tools write for it, too. */
function isTrue(told: unknown): boolean {
  return told === true || (typeof told === 'string' && told.trim().toLowerCase() === 'true');
}

/**
 * Reads who made a call. A caller whose credentials CloudFormation passes on keeps its own session, with
 * `via: 'cloudformation'`; a service role of CloudFormation's is a service. Of callers of other accounts CloudTrail may tell
 * no more than an id: `AROA…:SESSION` is a session, `AIDA…` a user.
 *
 * @param isHumanRole which role names stand for people
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readActor(record: Fields, isHumanRole: NameTest): Actor {
  const identity = fieldsOf(record['userIdentity']);
  const arn = textOf(identity['arn']);
  const [, account, role, session] = (arn === undefined ? null : ASSUMED_ROLE.exec(arn)) ?? [];
  const principal = readPrincipal(identity);
  const via = callingService(record, identity);
  const own = {
    account: account ?? textOf(identity['accountId']),
    role: role ?? issuerOf(identity) ?? roleOfArn(arn),
    session: session ?? principal.session,
  };
  const fromConsole = isFromConsole(record);
  const kind = kindOf(record, { ...own, via, fromConsole, told: principal.kind }, isHumanRole);
  return {
    ...own,
    kind,
    name: arn ?? nameOf(record, kind, principal.name, via),
    accessKeyId: textOf(identity['accessKeyId']),
    via,
    fromConsole: fromConsole ? true : undefined,
  };
}

/** What stands in an ARN's place: for services their name, for others what tells most of them. */
function nameOf(
  record: Fields,
  kind: ActorKind,
  principal: string | undefined,
  via: string | undefined,
): string {
  const identity = fieldsOf(record['userIdentity']);
  const service = textOf(record['eventSource']);
  const type = textOf(identity['type']) ?? 'Unknown';
  if (kind === 'service') return via ?? (service === undefined ? undefined : serviceName(service)) ?? type;
  return textOf(identity['userName']) ?? userIdOf(identity) ?? principal ?? via ?? type;
}

function kindOf(
  record: Fields,
  actor: Pick<Actor, 'role' | 'session' | 'via' | 'fromConsole'> & { readonly told: ActorKind | undefined },
  isHumanRole: NameTest,
): ActorKind {
  const { role = '', session, via, fromConsole, told } = actor;
  const identity = fieldsOf(record['userIdentity']);
  const kind = KINDS[textOf(identity['type']) ?? ''] ?? kindOfUntyped(record, identity) ?? told ?? 'unknown';
  if (kind === 'unknown' && fromConsole) return 'console';
  if (kind !== 'session') return kind;
  // A session that acts for a user of Identity Center, whatever its role.
  if (role.startsWith('AWSReservedSSO_') || userIdOf(identity) !== undefined) return 'identity-center';
  if (isHumanRole(role)) return 'human-role';
  if (isServiceLinked(identity)) return 'service';
  if (fromConsole) return 'console';
  const isService = (via === 'cloudformation' && session === CLOUDFORMATION_SESSION) || via === 'codedeploy';
  return isService ? 'service' : kind;
}

/**
 * No caller makes an event of a service's own, so where it names nobody, the service did it. Somebody who is named counts.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html
 */
function kindOfUntyped({ eventType }: Fields, identity: Fields): ActorKind | undefined {
  if (userIdOf(identity) !== undefined) return 'identity-center';
  const { type, arn, userName, principalId, accountId } = identity;
  const id = textOf(principalId);
  const isSomebody = [arn, userName].some(text => textOf(text) !== undefined) || isCaller(id);
  const isNobody = textOf(type) === undefined || [undefined, accountId].includes(id);
  return eventType === 'AwsServiceEvent' && isNobody && !isSomebody ? 'service' : undefined;
}

/** The service that made the call for somebody else; CloudTrail names it as the invoker, and as the source address. */
function callingService(record: Fields, identity: Fields): string | undefined {
  const invoker = textOf(identity['invokedBy']);
  if (invoker !== undefined) return serviceName(invoker);
  const address = textOf(record['sourceIPAddress']);
  return address?.endsWith(SERVICE_SUFFIX) ? serviceName(address) : undefined;
}

/** The user of Identity Center for whom the call was made. */
function userIdOf(identity: Fields): string | undefined {
  return textOf(fieldsOf(identity['onBehalfOf'])['userId']);
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

/** Some identities have the ARN of a role in place of its session's. */
function roleOfArn(arn: string | undefined): string | undefined {
  const read = arn === undefined ? undefined : readArn(arn);
  return read?.service === 'iam' && read.resource.startsWith('role/') ? roleNameOf(read.resource) : undefined;
}

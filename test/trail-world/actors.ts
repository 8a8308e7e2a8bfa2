import type { ActorKind } from '../../src/core/change/change.ts';
import { roleArn, toTime } from './place.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { TrueActor } from './truth.ts';

/**
 * Somebody who makes calls: the userIdentity that CloudTrail shows of them, and what is true of them.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export interface Caller extends TrueActor {
  readonly identity: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string | undefined;
  /** In their place for calls that a service passes on. */
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** An assumed role. */
export interface SessionOptions {
  readonly account: string;
  readonly role: string;
  readonly session: string;
  readonly hasComposedName: boolean;
  /** The key that an AssumeRole issued; another one by default. */
  readonly accessKeyId?: string;
  /** Role path, `/` at both ends. */
  readonly path?: string;
  readonly createdAt: number;
}

const CI_ADDRESS = '203.0.113.7';
const CLI = 'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7';
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';

/** A session of a role; with an OIDC provider's data where `webIdentity` says so. */
export function assumedRole(
  random: SeededRandom,
  options: SessionOptions & { webIdentity?: boolean },
): Caller {
  const { account, role, session, createdAt, path = '/', accessKeyId = random.keyId() } = options;
  const roleId = `AROA${random.hex(17).toUpperCase()}`;
  const provider = `arn:aws:iam::${account}:oidc-provider/oidc.circleci.com/org/0f9a1c52-7a06-4f5e-9d0e-2d0b3f6f3f11`;
  return {
    kind: 'session',
    isPerson: false,
    hasComposedName: options.hasComposedName,
    accessKeyId,
    sourceIp: CI_ADDRESS,
    userAgent: CLI,
    identity: {
      type: 'AssumedRole',
      principalId: `${roleId}:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      accountId: account,
      accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: roleId,
          arn: roleArn(account, `${path.slice(1)}${role}`),
          accountId: account,
          userName: role,
        },
        ...(options.webIdentity
          ? { webIdFederationData: { federatedProvider: provider, attributes: {} } }
          : {}),
        attributes: { creationDate: toTime(createdAt), mfaAuthenticated: 'false' },
      },
    },
  };
}

/** The same session as its calls show when a service makes them with the caller's forwarded credentials. */
export function through(caller: Caller, service: string, random: SeededRandom): Caller {
  const accessKeyId = random.keyId();
  const identity = { ...caller.identity, accessKeyId, invokedBy: service };
  return { ...caller, accessKeyId, sourceIp: service, userAgent: service, identity };
}

/** CloudFormation with a service role, whose session has always the same name. */
export function cloudFormation(
  random: SeededRandom,
  at: { account: string; role: string; createdAt: number },
): Caller {
  const session = assumedRole(random, { ...at, session: 'AWSCloudFormation', hasComposedName: false });
  return { ...through(session, 'cloudformation.amazonaws.com', random), kind: 'service' };
}

/** CodeDeploy with the role that it was given, as it shifts an alias: a service, whatever its session is called. */
export function codeDeploy(
  random: SeededRandom,
  at: { account: string; role: string; createdAt: number },
): Caller {
  const session = `d-${random.hex(9).toUpperCase()}`;
  const own = assumedRole(random, { ...at, session, hasComposedName: false });
  return { ...through(own, 'codedeploy.amazonaws.com', random), kind: 'service' };
}

/** A service with its service-linked role. */
export function serviceLinkedRole(random: SeededRandom, account: string, createdAt: number): Caller {
  const role = 'AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency';
  const path = '/aws-service-role/lambda.application-autoscaling.amazonaws.com/';
  const session = 'AutoScaling-SetLambdaProvisionedConcurrency';
  const own = assumedRole(random, { account, role, path, session, createdAt, hasComposedName: false });
  return { ...through(own, 'application-autoscaling.amazonaws.com', random), kind: 'service' };
}

/** A person who came through IAM Identity Center. */
export function identityCenterPerson(random: SeededRandom, account: string, createdAt: number): Caller {
  const role = `AWSReservedSSO_PowerUserAccess_${random.hex(16)}`;
  const path = '/aws-reserved/sso.amazonaws.com/eu-west-1/';
  const session = 'jane.doe@example.com';
  return person(
    'identity-center',
    assumedRole(random, { account, role, session, path, createdAt, hasComposedName: false }).identity,
  );
}

/** A person in a role that only the caller of the tool knows to be for people. */
export function humanRolePerson(
  random: SeededRandom,
  at: { account: string; role: string; createdAt: number },
): Caller {
  return person(
    'human-role',
    assumedRole(random, { ...at, session: 'joe', hasComposedName: false }).identity,
  );
}

/** An IAM user with a long-lived key. */
export function iamUser(account: string, path = '/'): Caller {
  return person('iam-user', {
    type: 'IAMUser',
    principalId: 'AIDA5EXAMPLE2EXAMPLE3',
    arn: `arn:aws:iam::${account}:user${path}bob`,
    accountId: account,
    accessKeyId: 'AKIA5EXAMPLE2EXAMPLE',
    userName: 'bob',
  });
}

/** The account's root user. */
export function rootUser(account: string): Caller {
  return person('root', {
    type: 'Root',
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    accessKeyId: 'ASIA5EXAMPLE2EXAMPLE',
    sessionContext: { attributes: { creationDate: '2026-06-01T10:00:00Z', mfaAuthenticated: 'true' } },
  });
}

/** A user of GetFederationToken. */
export function federatedUser(account: string): Caller {
  return person('federated-user', {
    type: 'FederatedUser',
    principalId: `${account}:alice`,
    arn: `arn:aws:sts::${account}:federated-user/alice`,
    accountId: account,
    accessKeyId: 'ASIA5EXAMPLE3EXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'IAMUser',
        principalId: 'AIDA5EXAMPLE2EXAMPLE3',
        userName: 'bob',
        accountId: account,
      },
      attributes: { creationDate: '2026-06-01T10:00:00Z', mfaAuthenticated: 'false' },
    },
  });
}

/** A service by itself: no ARN, no account, no key. */
export function awsService(service: string): Caller {
  const identity = { type: 'AWSService', invokedBy: service };
  return nobody('service', identity, service);
}

/** An event that a service makes by itself, and no call: not even the identity's type is told. */
export function serviceEvent(service: string, account: string): Caller {
  return nobody('service', { accountId: account, invokedBy: service }, service);
}

/** A user of another account, of whom CloudTrail tells the id alone. */
export function foreignUser(account: string): Caller {
  const identity = { type: 'AWSAccount', principalId: 'AIDA5EXAMPLE9EXAMPLE9', accountId: account };
  return { ...person('iam-user', identity), userAgent: CLI };
}

/** A session as the trail of another account shows it: the role is an id. */
export function fromAbroad(caller: Caller): Caller {
  const { principalId, accountId } = caller.identity;
  return { ...caller, accessKeyId: undefined, identity: { type: 'AWSAccount', principalId, accountId } };
}

/** The same session in the console: whatever it is called, a person clicks. */
export function inConsole(caller: Caller): Caller {
  return { ...caller, kind: 'console', isPerson: true, sourceIp: '198.51.100.24', userAgent: BROWSER };
}

/** A user of Identity Center by themselves, without a role. */
export function identityCenterUser(account: string): Caller {
  return person('identity-center', {
    type: 'IdentityCenterUser',
    accountId: account,
    onBehalfOf: {
      userId: '90678a10-a0b1-70d2-8f3e-4c5d6e7f8a9b',
      identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-9067642ac7`,
    },
    credentialId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  });
}

function nobody(kind: ActorKind, identity: Caller['identity'], from: string): Caller {
  return {
    kind,
    identity,
    isPerson: false,
    hasComposedName: false,
    accessKeyId: undefined,
    sourceIp: from,
    userAgent: from,
  };
}

function person(kind: ActorKind, identity: Caller['identity']): Caller {
  const key = identity['accessKeyId'];
  return {
    kind,
    identity,
    isPerson: true,
    hasComposedName: false,
    accessKeyId: typeof key === 'string' ? key : undefined,
    sourceIp: '198.51.100.24',
    userAgent: BROWSER,
  };
}

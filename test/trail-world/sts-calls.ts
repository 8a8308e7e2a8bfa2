import { roleArn, toTime } from './place.ts';
import type { Call } from './trail-record.ts';

/** A role assumed, as `assumeRole` records it. */
export interface AssumedKey {
  readonly account: string;
  readonly role: string;
  readonly session: string;
  readonly accessKeyId: string;
  readonly at: number;
}

/** The session token is in the real record too, cut here to what a log needs. */
function credentials({ account, role, session, accessKeyId, at }: AssumedKey): object {
  return {
    credentials: { accessKeyId, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE', expiration: toTime(at + 3_600_000) },
    assumedRoleUser: {
      assumedRoleId: `AROAEXAMPLE:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    },
  };
}

/** One role taken by another: who took it stands in userIdentity, the key it got in the answer. */
export function assumeRole(key: AssumedKey): Call {
  return {
    service: 'sts',
    name: 'AssumeRole',
    component: '',
    readOnly: true,
    request: { roleArn: roleArn(key.account, key.role), roleSessionName: key.session, durationSeconds: 3600 },
    response: credentials(key),
    fields: {
      resources: [{ accountId: key.account, type: 'AWS::IAM::Role', ARN: roleArn(key.account, key.role) }],
    },
  };
}

/** A role taken with a CI job's token; the record's userIdentity is the token's. */
export function assumeRoleWithWebIdentity(key: AssumedKey): Call {
  const provider = `arn:aws:iam::${key.account}:oidc-provider/oidc.circleci.com/org/0f9a1c52-7a06-4f5e-9d0e-2d0b3f6f3f11`;
  const principalId = `${provider}:0f9a1c52-7a06-4f5e-9d0e-2d0b3f6f3f11:org/0f9a1c52/project/1/user/2`;
  return {
    ...assumeRole(key),
    name: 'AssumeRoleWithWebIdentity',
    response: { ...credentials(key), provider, audience: '0f9a1c52-7a06-4f5e-9d0e-2d0b3f6f3f11' },
    fields: {
      userIdentity: {
        type: 'WebIdentityUser',
        principalId,
        userName: 'org/0f9a1c52/project/1/user/2',
        identityProvider: provider,
      },
    },
  };
}

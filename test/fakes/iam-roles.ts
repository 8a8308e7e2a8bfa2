import { AwsRefusal, escapeXml } from './aws-refusal.ts';
import type { AwsState, Role } from './aws-state.ts';
import { accountOf, type Operation } from './operation.ts';
import { createQueryResponse, readQueryForm } from './query-form.ts';
import { uriEncode } from './sigv4.ts';
import { AWS_PRINCIPALS } from './sts/sts-operations.ts';

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

/** The one Region of IAM in a partition. */
function globalRegion({ region }: AwsState): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  if (region.startsWith('eusc-')) return 'eusc-de-east-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

/** A trust policy that says what `trust` does. */
function toTrustPolicy({ arn, trust }: Role): string {
  const { issuer, audiences, subjects, sessionNames } = trust;
  const names = sessionNames === undefined ? {} : { 'sts:RoleSessionName': sessionNames };
  const host = issuer.replace(/^https:\/\//, '');
  const [, partition, , , account] = arn.split(':');
  const statement =
    issuer === AWS_PRINCIPALS
      ? { Principal: { AWS: subjects }, Action: 'sts:AssumeRole', Condition: { StringLike: names } }
      : {
          Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${host}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { [`${host}:aud`]: audiences },
            StringLike: { [`${host}:sub`]: subjects, ...names },
          },
        };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

function renderRole(role: Role, roleName: string): string {
  const path = /:role(\/.*\/|\/)[^/]+$/.exec(role.arn)?.[1] ?? '/';
  const members = [
    ['Path', path],
    ['RoleName', roleName],
    ['RoleId', 'AROAFAKEROLEID0000001'],
    ['Arn', role.arn],
    ['CreateDate', '2026-01-02T03:04:05Z'],
    ['AssumeRolePolicyDocument', uriEncode(role.policy ?? toTrustPolicy(role))],
    ['MaxSessionDuration', String(role.maxSessionSeconds ?? 43_200)],
  ];
  const xml = members.map(([name, value = '']) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  return `<Role>${xml}<RoleLastUsed/></Role>`;
}

/** GetRole: a role of the caller's account, by its name without the path. */
export const GET_ROLE: Operation = {
  name: 'GetRole',
  service: 'iam',
  protocol: 'query',
  namespace: NAMESPACE,
  signed: true,
  region: globalRegion,
  prepare(state, call) {
    const form = readQueryForm(call, '2010-05-08', name => name === 'RoleName');
    const roleName = form.get('RoleName') ?? '';
    if (!/^[\w+=,.@-]{1,64}$/.test(roleName))
      throw new AwsRefusal(
        400,
        'ValidationError',
        `The specified value for roleName is invalid: ${roleName}`,
        { violation: true },
      );
    return () => {
      const role = [...state.roles.values()].find(
        ({ arn }) => arn.split(':')[4] === accountOf(call) && arn.split('/').at(-1) === roleName,
      );
      if (role === undefined)
        throw new AwsRefusal(404, 'NoSuchEntity', `The role with name ${roleName} cannot be found.`);
      const { requestId } = call;
      const result = renderRole(role, roleName);
      return createQueryResponse({ action: 'GetRole', namespace: NAMESPACE, result, requestId });
    };
  },
};

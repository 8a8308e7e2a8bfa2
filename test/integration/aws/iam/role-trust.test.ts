import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RoleTrustOptions, readRoleTrust } from '../../../../src/aws/iam/role-trust.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { type AwsState, DEFAULT_ORG_ID, type Role } from '../../../fakes/aws-state.ts';
import { startDeadline } from '../../../fakes/deadline.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';

let server: AwsServer;

beforeEach(() => start());

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

async function start(region?: string): Promise<void> {
  server = await startAwsServer(region === undefined ? {} : { region });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
}

const read = (options: Partial<RoleTrustOptions> = {}, signal?: AbortSignal) =>
  readRoleTrust({ roleArn: server.state.defaultRoleArn, env: server.env(), ...options }, signal);

function setRole({ roles, defaultRoleArn }: AwsState, change: Partial<Role>): void {
  const role = roles.get(defaultRoleArn);
  if (role !== undefined) roles.set(change.arn ?? defaultRoleArn, { ...role, ...change });
}

describe('a role', () => {
  test('has its trust policy, as it was written', async () => {
    const policy =
      '{\n  "Statement": [{ "Condition": { "StringLike": { "größe:sub": "a+b*%41&<c>" } } }]\n}\n';
    setRole(server.state, { policy, maxSessionSeconds: 7200 });
    expect(await read()).toEqual({ arn: server.state.defaultRoleArn, policy, maxSessionSeconds: 7200 });
    expect(server.requests.map(({ operation, parsedBody }) => [operation, parsedBody])).toEqual([
      ['GetRole', { Action: 'GetRole', Version: '2010-05-08', RoleName: 'deploy' }],
    ]);
  });

  test('trusts whom the server trusts', async () => {
    const { Statement: [statement] = [] } = JSON.parse((await read()).policy);
    const host = `oidc.circleci.com/org/${DEFAULT_ORG_ID}`;
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${host}:aud`]: [DEFAULT_ORG_ID, 'sts.amazonaws.com'] },
        StringLike: { [`${host}:sub`]: [`org/${DEFAULT_ORG_ID}/project/*`] },
      },
    });
  });

  test('is asked for by its name alone, also below a path', async () => {
    const roleArn = 'arn:aws:iam::111122223333:role/ci/team-1/deploy+x';
    setRole(server.state, { arn: roleArn });
    expect(await read({ roleArn })).toMatchObject({ arn: roleArn });
    expect(server.requests[0]?.parsedBody).toMatchObject({ RoleName: 'deploy+x' });
  });

  test.each([
    ['aws', 'eu-west-1', 'us-east-1'],
    ['aws-cn', 'cn-northwest-1', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-east-1', 'us-gov-west-1'],
    ['aws-eusc', 'eusc-de-east-1', 'eusc-de-east-1'],
  ])('of the partition %s is asked for in the one Region of its IAM', async (partition, region, expected) => {
    await server.close();
    await start(region);
    const roleArn = `arn:${partition}:iam::111122223333:role/deploy`;
    setRole(server.state, { arn: roleArn });
    await read({ roleArn });
    expect(server.requests[0]?.scope).toMatchObject({ region: expected, service: 'iam' });
  });

  test('is asked for at AWS_ENDPOINT_URL where IAM has no endpoint of its own', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_IAM', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    expect(await read()).toMatchObject({ arn: server.state.defaultRoleArn });
  });
});

describe('a role that cannot be seen', () => {
  test('is of another form', async () => {
    await expect(read({ roleArn: 'deploy' })).rejects.toThrow('is not the ARN of an IAM role');
  });

  test('is not there', async () => {
    await expect(read({ roleArn: 'arn:aws:iam::111122223333:role/none' })).rejects.toMatchObject({
      code: 'ROLE_NOT_FOUND',
      exitCode: 5,
      message: expect.stringContaining('The role with name none cannot be found.'),
      hint: 'check account and name in the role ARN',
    });
  });

  test('is not to be seen by this role', async () => {
    server.faults.add('GetRole', { kind: 'denied' });
    await expect(read()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow iam:GetRole on the role',
    });
  });

  test.each([
    [
      '<AssumeRolePolicyDocument>%E0%A4%A</AssumeRolePolicyDocument>',
      'IAM gave a trust policy that cannot be decoded',
    ],
    ['', 'GetRole answered HTTP 200, but not as documented: Role.AssumeRolePolicyDocument is missing'],
  ])('comes with a policy that nobody can read: %j', async (document, message) => {
    const role = `<Role><Arn>${server.state.defaultRoleArn}</Arn>${document}</Role>`;
    const xml = `<GetRoleResponse><GetRoleResult>${role}</GetRoleResult></GetRoleResponse>`;
    const broken = createServer((_request, reply) => reply.setHeader('content-type', 'text/xml').end(xml));
    vi.stubEnv('AWS_ENDPOINT_URL_IAM', `http://127.0.0.1:${await listenOnLoopback(broken, 0)}`);
    await expect(read()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE', message });
    broken.close();
  });

  test('does not answer in time', async () => {
    server.faults.add('GetRole', { kind: 'hang' });
    const { signal, reason } = startDeadline();
    await expect(read({}, signal)).rejects.toBe(reason);
  });
});

import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { DEFAULT_ISSUER, DEFAULT_ORG_ID } from '../../fakes/aws-state.ts';
import { mintToken, readTokenClaims } from '../../fakes/oidc-token.ts';
import { auditEntry, putAuditEvents, sendSigned } from '../../fakes/signed-client.ts';
import { isLike } from '../../fakes/sts/sts-operations.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

const nowSeconds = () => Math.floor(Date.now() / 1000);

function sdkClient(maxAttempts = 1, credentials = defaultCredentials()): STSClient {
  return new STSClient({ endpoint: server.url, region: server.state.region, credentials, maxAttempts });
}

function defaultCredentials() {
  const { id, secret, sessionToken = '' } = server.state.defaultKey;
  return { accessKeyId: id, secretAccessKey: secret, sessionToken };
}

describe("with AWS's own SDK as the client", () => {
  test('AssumeRoleWithWebIdentity gives credentials that PutAuditEvents accepts', async () => {
    const answer = await sdkClient().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: server.state.defaultRoleArn,
        RoleSessionName: 'ci-prod-a1b2c3d',
        WebIdentityToken: mintToken(),
        DurationSeconds: 900,
        PolicyArns: [
          { arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
          { arn: 'arn:aws:iam::aws:policy/Two' },
        ],
        Policy: '{"Version":"2012-10-17","Statement":[]}',
      }),
    );
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-prod-a1b2c3d' },
      Audience: DEFAULT_ORG_ID,
      Provider: `arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/${DEFAULT_ORG_ID}`,
      SubjectFromWebIdentityToken: expect.stringContaining('/vcs-ref/refs/heads/main'),
    });
    const expiration = answer.Credentials?.Expiration?.getTime() ?? 0;
    expect(Math.abs(expiration - Date.now() - 900_000)).toBeLessThan(5000);
    const key = server.state.keys.get(answer.Credentials?.AccessKeyId ?? '');
    expect(key?.secret).toBe(answer.Credentials?.SecretAccessKey);
    expect(key?.sessionToken).toBe(answer.Credentials?.SessionToken);
    if (key === undefined) throw new Error('the key is not in the store');
    const raw = putAuditEvents(server, { auditEvents: [auditEntry('a')] });
    expect((await sendSigned(server, raw, { key })).status).toBe(200);
    server.state.now = () => expiration;
    const expired = await sendSigned(server, raw, { key });
    expect(expired.headers['x-amzn-errortype']).toBe('ExpiredTokenException');
    expect(server.violations).toEqual([]);
  });

  test('GetCallerIdentity and AssumeRole, both signed', async () => {
    const sts = sdkClient();
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '111122223333',
      Arn: server.state.defaultKey.arn,
    });
    const answer = await sts.send(
      new AssumeRoleCommand({ RoleArn: server.state.defaultRoleArn, RoleSessionName: 'next' }),
    );
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/deploy/next');
    expect(server.requests[0]?.parsedBody).toEqual({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    expect(server.requests.map(({ operation, scope }) => [operation, scope?.service])).toEqual([
      ['GetCallerIdentity', 'sts'],
      ['AssumeRole', 'sts'],
    ]);
    expect(server.violations).toEqual([]);
  });

  test("the SDK corrects its clock by the server's Date header and tries again", async () => {
    server.state.now = () => Date.now() + 3_600_000;
    const answer = await sdkClient(2).send(new GetCallerIdentityCommand({}));
    expect(answer.Account).toBe('111122223333');
    expect(server.requests.map(request => request.status)).toEqual([403, 200]);
    expect(server.violations).toEqual([]);
  });

  test('errors arrive under their names, a wrong secret included', async () => {
    const sts = sdkClient();
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: server.state.defaultRoleArn,
      RoleSessionName: 'ci',
      WebIdentityToken: mintToken({ exp: nowSeconds() - 1 }),
    });
    await expect(sts.send(command)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 400 },
    });
    server.faults.add('AssumeRoleWithWebIdentity', {
      kind: 'error',
      status: 400,
      code: 'IDPCommunicationError',
    });
    await expect(sts.send(command)).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' });
    const { id, sessionToken = '' } = server.state.defaultKey;
    const forged = sdkClient(1, { accessKeyId: id, secretAccessKey: 'wrong', sessionToken });
    await expect(forged.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });
});

test('a minted token has the shape of a real one and keeps the claims it is given', () => {
  const claims = readTokenClaims(mintToken({ sub: 'me', 'oidc.circleci.com/project-id': 'p' }));
  expect(claims).toMatchObject({ iss: DEFAULT_ISSUER, sub: 'me', 'oidc.circleci.com/project-id': 'p' });
  expect(Number(claims?.['exp']) - Number(claims?.['iat'])).toBe(3600);
});

test('a token of two or four parts, or with padding, is no JWT', () => {
  const [header, payload, signature] = mintToken().split('.');
  for (const token of [`${header}.${payload}`, `${mintToken()}.x`, `${header}.${payload}=.${signature}`])
    expect(readTokenClaims(token)).toBeUndefined();
});

test.each([
  ['org/*/user/*', 'org/a/b/user/c', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['repo:acme/app', 'repo:acme/app2', false],
])('StringLike %s with %s: %s', (pattern, text, expected) => {
  expect(isLike(pattern, text)).toBe(expected);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { DEFAULT_ISSUER } from '../../fakes/aws-state.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { type Answer, sendRaw, sendSigned, stsRequest } from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

const nowSeconds = () => Math.floor(Date.now() / 1000);

function parameters(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: server.state.defaultRoleArn,
    RoleSessionName: 'ci-prod-a1b2c3d',
    WebIdentityToken: mintToken(),
    ...change,
  };
}

function assume(change: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return sendRaw(server, stsRequest(parameters(change)));
}

function errorOf(answer: Answer): { code: string | undefined; type: string | undefined } {
  expect(answer.headers['content-type']).toBe('text/xml');
  return {
    code: /<Error>\s*<Type>\w+<\/Type>\s*<Code>(\w+)<\/Code>\s*<Message>/.exec(answer.text)?.[1],
    type: /<Type>(\w+)<\/Type>/.exec(answer.text)?.[1],
  };
}

describe('what no correct client sends', () => {
  const twice = () => {
    const raw = stsRequest(parameters());
    return sendRaw(server, { ...raw, body: `${raw.body}&RoleArn=x` });
  };
  const policyArns = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`PolicyArns.member.${index + 1}.arn`, 'arn:x']),
    );
  const refused: [string, () => Promise<Answer>, string][] = [
    ['unknown parameter', () => assume({ Tags: 'x' }), 'StrictFakeViolation'],
    ['parameter twice', twice, 'StrictFakeViolation'],
    ['ProviderId', () => assume({ ProviderId: 'www.amazon.com' }), 'StrictFakeViolation'],
    ['another version', () => assume({ Version: '2010-05-08' }), 'StrictFakeViolation'],
    ['PolicyArns with a gap', () => assume({ 'PolicyArns.member.2.arn': 'arn' }), 'StrictFakeViolation'],
    [
      'parameters in the query',
      () => sendRaw(server, { ...stsRequest(parameters()), target: '/?x=1' }),
      'StrictFakeViolation',
    ],
    [
      'another content type',
      () => sendRaw(server, { ...stsRequest(parameters()), headers: [['content-type', 'text/plain']] }),
      'StrictFakeViolation',
    ],
    [
      'a signature',
      () => sendSigned(server, stsRequest(parameters()), { service: 'sts' }),
      'StrictFakeViolation',
    ],
    ['session name of one character', () => assume({ RoleSessionName: 'x' }), 'ValidationError'],
    ['session name of 65 characters', () => assume({ RoleSessionName: 'x'.repeat(65) }), 'ValidationError'],
    ['session name with a slash', () => assume({ RoleSessionName: 'a/b' }), 'ValidationError'],
    ['session name with an umlaut', () => assume({ RoleSessionName: 'größe' }), 'ValidationError'],
    ['session name with a newline', () => assume({ RoleSessionName: 'ab\n' }), 'ValidationError'],
    ['899 seconds', () => assume({ DurationSeconds: '899' }), 'ValidationError'],
    ['43201 seconds', () => assume({ DurationSeconds: '43201' }), 'ValidationError'],
    ['half seconds', () => assume({ DurationSeconds: '900.5' }), 'ValidationError'],
    [
      'a user instead of a role',
      () => assume({ RoleArn: 'arn:aws:iam::111122223333:user/deploy' }),
      'ValidationError',
    ],
    ['a token of 3 characters', () => assume({ WebIdentityToken: 'abc' }), 'ValidationError'],
    [
      'a token of 20001 characters',
      () => assume({ WebIdentityToken: 'x'.repeat(20_001) }),
      'ValidationError',
    ],
    ['a policy of 2049 characters', () => assume({ Policy: 'x'.repeat(2049) }), 'ValidationError'],
    ['11 policy ARNs', () => assume(policyArns(11)), 'ValidationError'],
  ];
  test.each(refused)('%s', async (_name, send, code) => {
    const answer = await send();
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code, type: 'Sender' });
    expect(server.violations).toHaveLength(1);
    expect(server.state.keys.size).toBe(1);
  });

  const unsigned: [string, () => Promise<Answer>, string][] = [
    [
      'unsigned GetCallerIdentity',
      () => sendRaw(server, stsRequest({ Action: 'GetCallerIdentity' })),
      'MissingAuthenticationToken',
    ],
    [
      'GetCallerIdentity signed for another service',
      () => sendSigned(server, stsRequest({ Action: 'GetCallerIdentity' })),
      'SignatureDoesNotMatch',
    ],
    [
      'GetCallerIdentity signed for another region',
      () =>
        sendSigned(server, stsRequest({ Action: 'GetCallerIdentity' }), {
          service: 'sts',
          region: 'us-east-1',
        }),
      'SignatureDoesNotMatch',
    ],
  ];
  test.each(unsigned)('%s', async (_name, send, code) => {
    const answer = await send();
    expect(answer.status).toBe(403);
    expect(errorOf(answer).code).toBe(code);
    expect(server.violations).toHaveLength(1);
  });

  test('an action that is not modelled, or another path', async () => {
    const action = await sendRaw(server, stsRequest({ Action: 'GetSessionToken' }));
    const path = await sendRaw(server, { ...stsRequest(parameters()), target: '/sts' });
    expect([action.status, path.status]).toEqual([404, 404]);
    expect(server.violations).toHaveLength(2);
  });
});

describe('what can happen to a correct client', () => {
  const token = (claims: Parameters<typeof mintToken>[0]) => assume({ WebIdentityToken: mintToken(claims) });
  const refused: [string, () => Promise<Answer>, number, string][] = [
    ['expired token', () => token({ exp: nowSeconds() - 1 }), 400, 'ExpiredTokenException'],
    ['not a JWT', () => assume({ WebIdentityToken: 'abcd.efgh' }), 400, 'InvalidIdentityToken'],
    ['a JWT without JSON', () => assume({ WebIdentityToken: 'abcd.efgh.ijkl' }), 400, 'InvalidIdentityToken'],
    ['no subject', () => token({ sub: undefined }), 400, 'InvalidIdentityToken'],
    ['unknown issuer', () => token({ iss: 'https://example.com' }), 400, 'InvalidIdentityToken'],
    ['another audience', () => token({ aud: 'other' }), 403, 'AccessDenied'],
    ['another subject', () => token({ sub: 'org/other/project/x' }), 403, 'AccessDenied'],
    ['unknown role', () => assume({ RoleArn: 'arn:aws:iam::111122223333:role/other' }), 403, 'AccessDenied'],
    ['a policy without statements', () => assume({ Policy: '{}' }), 400, 'MalformedPolicyDocument'],
    ['a policy that is not JSON', () => assume({ Policy: '{' }), 400, 'MalformedPolicyDocument'],
  ];
  test.each(refused)('%s', async (_name, send, status, code) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(errorOf(answer).code).toBe(code);
    expect(server.violations).toEqual([]);
    expect(server.state.keys.size).toBe(1);
  });

  test("a session name outside the role's trust, a longer session than it allows, an audience the provider does not know", async () => {
    const arn = server.state.defaultRoleArn;
    const role = server.state.roles.get(arn);
    if (role === undefined) throw new Error('no default role');
    server.state.roles.set(arn, {
      ...role,
      trust: { ...role.trust, sessionNames: ['cci-*'] },
      maxSessionSeconds: 3600,
    });
    expect(errorOf(await assume({ RoleSessionName: 'other' })).code).toBe('AccessDenied');
    expect((await assume({ RoleSessionName: 'cci-1' })).status).toBe(200);
    const long = await assume({ RoleSessionName: 'cci-1', DurationSeconds: '3601' });
    expect(errorOf(long).code).toBe('ValidationError');
    server.state.issuers.set(DEFAULT_ISSUER, { url: DEFAULT_ISSUER, clientIds: ['sts.amazonaws.com'] });
    expect(errorOf(await assume({ RoleSessionName: 'cci-1' })).code).toBe('InvalidIdentityToken');
    const minted = { RoleSessionName: 'cci-1', WebIdentityToken: mintToken({ aud: ['sts.amazonaws.com'] }) };
    expect((await assume(minted)).status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  test('AssumeRole by a role session for more than an hour, or by another account', async () => {
    const request = { Action: 'AssumeRole', RoleArn: server.state.defaultRoleArn, RoleSessionName: 'next' };
    const long = await sendSigned(server, stsRequest({ ...request, DurationSeconds: '3601' }), {
      service: 'sts',
    });
    expect(errorOf(long).code).toBe('ValidationError');
    const foreign = { ...request, RoleArn: 'arn:aws:iam::999999999999:role/deploy' };
    expect(errorOf(await sendSigned(server, stsRequest(foreign), { service: 'sts' })).code).toBe(
      'AccessDenied',
    );
  });

  test('text in errors is escaped', async () => {
    const answer = await token({ iss: 'https://example.com/<&">' });
    expect(answer.text).toContain('for https://example.com/&lt;&amp;&quot;&gt;</Message>');
  });
});

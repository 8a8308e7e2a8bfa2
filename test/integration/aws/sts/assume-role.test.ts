import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { type AssumeRoleOptions, assumeRole } from '../../../../src/aws/sts/sts.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { DEFAULT_ISSUER, DEFAULT_ORG_ID } from '../../../fakes/aws-state.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';
import { mintToken } from '../../../fakes/oidc-token.ts';

const token = mintToken();
let server: AwsServer;
let warnings: MockInstance<typeof process.emitWarning>;

beforeEach(async () => {
  server = await startAwsServer();
  warnings = vi.spyOn(process, 'emitWarning');
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
  // The SDK would tell an old Node.js that it is old, once per process.
  expect(warnings).not.toHaveBeenCalled();
});

function assume(overrides: Partial<AssumeRoleOptions> = {}) {
  return assumeRole({
    roleArn: server.state.defaultRoleArn,
    sessionName: 'ci-prod-deploy-a1b2c3d',
    webIdentityToken: token,
    env: server.env(),
    ...overrides,
  });
}

async function refusal(overrides: Partial<AssumeRoleOptions> = {}): Promise<DeployMarkerError> {
  const error: unknown = await assume(overrides).catch((thrown: unknown) => thrown);
  if (!isDeployMarkerError(error)) throw new Error(`not our error: ${inspect(error)}`);
  const secret = (overrides.webIdentityToken ?? token).split('.').at(-1);
  // What `--debug` could print of it, hidden properties too.
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  return error;
}

describe('success', () => {
  test('gives keys, account and session, unsigned and without credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_AUTH_SCHEME_PREFERENCE', 'sigv4a,sigv4');
    const role = await assume({ durationSeconds: 900 });
    expect(role).toMatchObject({
      roleArn: server.state.defaultRoleArn,
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-prod-deploy-a1b2c3d',
      account: '111122223333',
      sessionName: 'ci-prod-deploy-a1b2c3d',
      region: 'eu-west-1',
      audience: DEFAULT_ORG_ID,
    });
    expect(role.subject).toMatch(/^org\//);
    expect(role.credentials.accessKeyId).toMatch(/^ASIA/);
    expect(role.credentials.expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000);
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  test('passes session policies on', async () => {
    await assume({
      policy: '{"Version":"2012-10-17","Statement":[]}',
      policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    });
    expect(server.requests[0]?.parsedBody).toMatchObject({
      Policy: '{"Version":"2012-10-17","Statement":[]}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
  });

  test.each([
    [{ region: 'ap-northeast-1', env: { AWS_REGION: 'eu-west-1' } }, 'ap-northeast-1'],
    [{ env: { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' } }, 'eu-west-1'],
    [{ env: { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' } }, 'eu-west-2'],
    [{ env: {} }, undefined],
  ])('%j: region %s', async (overrides, region) => {
    expect((await assume(overrides)).region).toBe(region);
  });
});

describe('retried', () => {
  test.each([
    [{ kind: 'error', status: 400, code: 'IDPCommunicationError', message: 'no answer' } as const],
    [
      {
        kind: 'error',
        status: 400,
        code: 'InvalidIdentityToken',
        message: "Couldn't retrieve verification key from your identity provider, please reference docs",
      } as const,
    ],
    [{ kind: 'throttle' } as const],
    [{ kind: 'error500' } as const],
    [{ kind: 'error503' } as const],
    [{ kind: 'reset' } as const],
  ])('%j', async fault => {
    server.faults.add('AssumeRoleWithWebIdentity', fault, 1);
    expect((await assume()).account).toBe('111122223333');
    expect(server.requests).toHaveLength(2);
  });

  test('keys that STS never gets are not the fault of the token', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    const message = "Couldn't retrieve verification key from your identity provider, please reference docs";
    server.faults.add(
      'AssumeRoleWithWebIdentity',
      { kind: 'error', status: 400, code: 'InvalidIdentityToken', message },
      9,
    );
    expect(await refusal()).toMatchObject({
      code: 'AWS_UNAVAILABLE',
      exitCode: 4,
      retryable: true,
      message: expect.stringContaining(message),
    });
    expect(server.requests).toHaveLength(2);
  });

  test('as often as AWS_MAX_ATTEMPTS says', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    server.faults.add(
      'AssumeRoleWithWebIdentity',
      { kind: 'error', status: 400, code: 'IDPCommunicationError' },
      9,
    );
    const error = await refusal();
    expect(error).toMatchObject({ code: 'AWS_UNAVAILABLE', retryable: true });
    expect(error.message).toContain('2 attempts');
    expect(server.requests).toHaveLength(2);
  });
});

describe('not retried', () => {
  test.each([
    ['AccessDenied', 403, 'ASSUME_ROLE_DENIED'],
    ['ExpiredTokenException', 400, 'OIDC_TOKEN_EXPIRED'],
    ['InvalidIdentityToken', 400, 'OIDC_TOKEN_REJECTED'],
    ['IDPRejectedClaim', 403, 'OIDC_TOKEN_REJECTED'],
    ['ValidationError', 400, 'AWS_REJECTED'],
    ['MalformedPolicyDocument', 400, 'AWS_REJECTED'],
    ['PackedPolicyTooLarge', 400, 'AWS_REJECTED'],
    ['RegionDisabledException', 403, 'AWS_REJECTED'],
  ])('%s (HTTP %i) is %s', async (code, status, ours) => {
    // AWS repeats a bad value in its validation errors.
    const message = `Value '${token}' failed to satisfy constraint`;
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'error', status, code, message });
    const error = await refusal();
    expect(error.code).toBe(ours);
    expect(error.message).toContain(`HTTP ${status}, request id `);
    expect(server.requests).toHaveLength(1);
  });

  test('a refusal shows what one compares with the trust policy', async () => {
    const foreign = mintToken({ sub: 'org/other/project/x', exp: 1_765_700_000, iat: 1_765_696_400 });
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'denied' });
    const error = await refusal({ webIdentityToken: foreign });
    expect(error).toMatchObject({
      code: 'ASSUME_ROLE_DENIED',
      hint: expect.stringContaining('trust policy'),
    });
    expect(error.problems).toEqual([
      `role: ${server.state.defaultRoleArn}`,
      'session name: ci-prod-deploy-a1b2c3d',
      `token iss: "${DEFAULT_ISSUER}"`,
      `token aud: "${DEFAULT_ORG_ID}"`,
      'token sub: "org/other/project/x"',
      'token exp: 2025-12-14T08:13:20.000Z',
    ]);
  });

  test.each([
    [{ roleArn: 'arn:aws:iam::111122223333:user/me' }, 'ARN_INVALID'],
    [{ sessionName: 'a b' }, 'SESSION_NAME_INVALID'],
    [{ webIdentityToken: 'nothing-like-it' }, 'OIDC_TOKEN_UNREADABLE'],
  ])('%j is refused before anything is sent: %s', async (overrides, code) => {
    expect((await refusal(overrides)).code).toBe(code);
    expect(server.requests).toHaveLength(0);
  });

  test.each([['AWS_ENDPOINT_URL_STS'], ['AWS_ENDPOINT_URL']])('an unencrypted endpoint in %s', async name => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', undefined);
    vi.stubEnv(name, 'http://sts.example.test');
    const error = await refusal();
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('http://sts.example.test'),
    });
  });

  test('an endpoint that is no URL', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'not a url');
    expect((await refusal()).code).toBe('CONFIG_INVALID');
  });
});

describe('the deadline', () => {
  test('ends a call that hangs, as the signal’s own error', async () => {
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'hang' });
    const controller = new AbortController();
    const reason = new DeployMarkerError('TIMEOUT', 'too late');
    setTimeout(() => controller.abort(reason), 50);
    expect(await refusal({ signal: controller.signal })).toBe(reason);
  });

  test('an abort without a reason of ours is a cancellation', async () => {
    expect((await refusal({ signal: AbortSignal.abort() })).code).toBe('CANCELLED');
    expect(server.requests).toHaveLength(0);
  });
});

describe('an answer that breaks the promise', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/deploy/ci-prod-deploy-a1b2c3d';
  const keys =
    '<Credentials><AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';
  const user = `<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>`;

  test.each([
    ['no credentials', user],
    ['no session token', user + keys.replace(/<SessionToken>.*<\/SessionToken>/, '')],
    ['no time of expiry', user + keys.replace(/<Expiration>.*<\/Expiration>/, '')],
    ['another session', (user + keys).replace('ci-prod-deploy', 'ci-dev-deploy')],
    ['no session', keys],
    ['a page', undefined],
  ])('%s', async (_title, result) => {
    const body = result === undefined ? '<html><body>Wi-Fi</body>' : wrap(result);
    const other = createServer((_request, response) =>
      response.setHeader('content-type', 'text/xml').end(body),
    );
    const port = await listenOnLoopback(other);
    vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${port}`);
    expect((await refusal()).code).toBe('UNEXPECTED_RESPONSE');
    other.closeAllConnections();
    other.close();
  });

  function wrap(result: string): string {
    const name = 'AssumeRoleWithWebIdentity';
    return `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${result}</${name}Result></${name}Response>`;
  }
});

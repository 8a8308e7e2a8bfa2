import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { mintToken } from '../../fakes/oidc-token.ts';
import { errorOf } from '../run-cli.ts';
import { emitTo, storedMarkers, withAwsServer } from './scene.ts';

const SESSION = 'ci-prod-deploy-a1b2c3d';
const PAST = '2025-12-14T08:12:34Z';

describe.concurrent('credentials that have expired', () => {
  test('are assumed anew with the job’s token, for the same role and session', () =>
    withAwsServer(async server => {
      const env = {
        AWS_CREDENTIAL_EXPIRATION: PAST,
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
        CIRCLECI: 'true',
        CIRCLE_OIDC_TOKEN_V2: mintToken(),
      };
      const result = await emitTo(server, [], { env });
      expect(result.code).toBe(0);
      expect(result.stderr).toContain('assuming');
      expect(result.stderr).toContain('CIRCLE_OIDC_TOKEN_V2');
      expect(server.requests.map(({ operation }) => operation)).toEqual([
        'AssumeRoleWithWebIdentity',
        'PutAuditEvents',
      ]);
      const [assume, put] = server.requests;
      expect(assume?.parsedBody).toMatchObject({
        RoleArn: server.state.defaultRoleArn,
        RoleSessionName: SESSION,
      });
      expect(put?.accessKeyId).not.toBe(server.state.defaultKey.id);
      expect(server.state.keys.get(put?.accessKeyId ?? '')?.arn).toMatch(new RegExp(`/deploy/${SESSION}$`));
    }));

  test('within a minute count as expired, and later ones do not', () =>
    withAwsServer(async server => {
      const env = (seconds: number) => ({
        AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + seconds * 1000).toISOString(),
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
        DEPLOY_MARKER_ID_TOKEN: mintToken(),
      });
      expect((await emitTo(server, [], { env: env(600) })).code).toBe(0);
      expect(server.requests.map(({ operation }) => operation)).toEqual(['PutAuditEvents']);
      expect((await emitTo(server, [], { env: env(45) })).code).toBe(0);
      expect(server.requests.map(({ operation }) => operation).slice(1)).toEqual([
        'AssumeRoleWithWebIdentity',
        'PutAuditEvents',
      ]);
    }));

  test('by the service’s word are assumed anew once', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'expired' });
      const env = {
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
        DEPLOY_MARKER_ID_TOKEN: mintToken(),
      };
      expect((await emitTo(server, [], { env })).code).toBe(0);
      expect(server.requests.map(({ operation }) => operation)).toEqual([
        'PutAuditEvents',
        'AssumeRoleWithWebIdentity',
        'PutAuditEvents',
      ]);
      expect(storedMarkers(server)).toHaveLength(1);
    }));

  test('by the service’s word for the new ones too end with 3', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'expired' }, Number.POSITIVE_INFINITY);
      const env = {
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
        DEPLOY_MARKER_ID_TOKEN: mintToken(),
      };
      const result = await emitTo(server, [], { env });
      expect(result.code).toBe(3);
      expect(errorOf(result).code).toBe('CREDENTIALS_EXPIRED');
      expect(server.requests.filter(({ operation }) => operation === 'PutAuditEvents')).toHaveLength(2);
    }));

  test('without a token end with 3', () =>
    withAwsServer(async server => {
      const env = {
        AWS_CREDENTIAL_EXPIRATION: PAST,
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
      };
      const result = await emitTo(server, [], { env });
      expect(result).toMatchObject({ code: 3, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'CREDENTIALS_EXPIRED',
        hint: expect.stringContaining('assume-role'),
      });
      expect(server.requests).toEqual([]);
    }));

  test('whose role refuses the token end with 3', () =>
    withAwsServer(async server => {
      const env = {
        AWS_CREDENTIAL_EXPIRATION: PAST,
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: SESSION,
        DEPLOY_MARKER_ID_TOKEN: mintToken({ sub: 'somebody else' }),
      };
      const result = await emitTo(server, [], { env });
      expect(result.code).toBe(3);
      expect(errorOf(result).code).toBe('ASSUME_ROLE_DENIED');
    }));

  test('and whose session is not known are left to the service', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, [], { env: { AWS_CREDENTIAL_EXPIRATION: PAST } });
      expect(result.code).toBe(0);
    }));
});

describe.concurrent('credentials of an earlier assume-role', () => {
  const role = 'arn:aws:iam::111122223333:role/deploy';

  function recipe(changes: object = {}): string {
    const asked = { role, session: SESSION, duration: 1800, policy: '{"Statement":[]}', policyArns: [] };
    const token = { origin: 'given', env: 'MY_TOKEN' };
    return JSON.stringify({ key: 'ASIAOTHER', digest: '-', ...asked, token, ...changes });
  }
  const left = {
    AWS_CREDENTIAL_EXPIRATION: PAST,
    DEPLOY_MARKER_ROLE_ARN: role,
    ROLE_SESSION_NAME: SESSION,
    CIRCLECI: 'true',
  };

  test('are got again as they were: role, name, duration, policies, and the source of the token', () =>
    withAwsServer(async server => {
      const MY_TOKEN = mintToken();
      const env = {
        ...left,
        DEPLOY_MARKER_ASSUMED: recipe({ key: server.state.defaultKey.id }),
        DEPLOY_MARKER_ROLE_ARN: 'arn:aws:iam::111122223333:role/another',
        MY_TOKEN,
        DEPLOY_MARKER_ID_TOKEN: mintToken({ sub: 'somebody else' }),
        CIRCLE_OIDC_TOKEN: mintToken({ sub: 'somebody else' }),
      };
      const result = await emitTo(server, [], { env });
      expect(result.code, result.stderr).toBe(0);
      expect(result.stderr).toContain('MY_TOKEN');
      expect(server.requests[0]?.parsedBody).toMatchObject({
        RoleArn: role,
        RoleSessionName: SESSION,
        DurationSeconds: '1800',
        Policy: '{"Statement":[]}',
        WebIdentityToken: MY_TOKEN,
      });
    }));

  test('whose source of tokens is gone are not got from another one', () =>
    withAwsServer(async server => {
      const token = { origin: 'job' };
      const DEPLOY_MARKER_ASSUMED = recipe({ key: server.state.defaultKey.id, token });
      const env = { ...left, DEPLOY_MARKER_ASSUMED, DEPLOY_MARKER_ID_TOKEN: mintToken() };
      const result = await emitTo(server, [], { env: { ...env, PATH: '/none' } });
      expect(result.code).toBe(3);
      expect(errorOf(result).code).toBe('CREDENTIALS_EXPIRED');
      expect(server.requests).toEqual([]);
    }));

  test('do not count for keys that another tool has put there since', () =>
    withAwsServer(async server => {
      const env = { ...left, DEPLOY_MARKER_ASSUMED: recipe(), CIRCLE_OIDC_TOKEN: mintToken() };
      expect((await emitTo(server, [], { env })).code).toBe(0);
      expect(server.requests.map(({ operation }) => operation)).toEqual(['PutAuditEvents']);
      expect(server.requests[0]?.accessKeyId).toBe(server.state.defaultKey.id);
    }));

  test('lend their session token to no other key', () =>
    withAwsServer(
      async server => {
        const digest = createHash('sha256').update('old session').digest('hex').slice(0, 16);
        const env = { ...left, AWS_SESSION_TOKEN: 'old session', DEPLOY_MARKER_ASSUMED: recipe({ digest }) };
        expect((await emitTo(server, [], { env })).code).toBe(0);
        expect(server.requests[0]?.accessKeyId).toBe(server.state.defaultKey.id);
      },
      { temporaryCredentials: false },
    ));
});

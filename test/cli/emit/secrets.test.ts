import { describe, expect, test } from 'vitest';
import { mintToken } from '../../fakes/oidc-token.ts';
import type { RunOptions } from '../run-cli.ts';
import { CI_ENVS, emitTo, withAwsServer } from './scene.ts';

describe.concurrent('no secret is shown, also with --debug', () => {
  type Scene = Parameters<Parameters<typeof withAwsServer>[0]>[0];
  const expired = (server: Scene): RunOptions['env'] => ({
    AWS_CREDENTIAL_EXPIRATION: '2025-12-14T08:12:34Z',
    DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
    ROLE_SESSION_NAME: 'ci-prod-a1b2c3d',
  });
  const token = mintToken();
  const foreign = mintToken({ sub: 'somebody else' });
  const cases: [string, (server: Scene) => { args?: string[]; env?: RunOptions['env'] }][] = [
    ['when all goes well', () => ({})],
    [
      'after assuming the role anew',
      server => ({ env: { ...expired(server), DEPLOY_MARKER_ID_TOKEN: token } }),
    ],
    [
      'when STS refuses the token',
      server => ({ env: { ...expired(server), CIRCLE_OIDC_TOKEN_V2: foreign } }),
    ],
    [
      'when STS repeats the token',
      server => {
        const message = `bad token ${token}`;
        server.faults.add('AssumeRoleWithWebIdentity', {
          kind: 'error',
          status: 400,
          code: 'InvalidIdentityToken',
          message,
        });
        return { env: { ...expired(server), DEPLOY_MARKER_ID_TOKEN: token } };
      },
    ],
    [
      'when the service repeats the keys',
      server => {
        const { secret, sessionToken } = server.state.defaultKey;
        const message = `key ${secret}, token ${sessionToken}, ${encodeURIComponent(sessionToken ?? '')}`;
        server.faults.add('PutAuditEvents', {
          kind: 'error',
          status: 403,
          code: 'AccessDeniedException',
          message,
        });
        return {};
      },
    ],
    [
      'when an event is refused with the keys',
      server => {
        const { secret, sessionToken } = server.state.defaultKey;
        server.faults.add('PutAuditEvents', {
          kind: 'partial',
          code: 'InvalidData',
          message: `${secret} ${sessionToken}`,
        });
        return { args: ['--json'] };
      },
    ],
    [
      'when the service cannot be reached',
      () => ({
        env: { AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: 'http://127.0.0.1:9', CIRCLE_OIDC_TOKEN_V2: token },
      }),
    ],
    [
      'when the answer is garbage',
      server => {
        server.faults.add('PutAuditEvents', { kind: 'garbage' }, Number.POSITIVE_INFINITY);
        return {};
      },
    ],
    [
      'when the deadline passes',
      server => {
        server.faults.add('PutAuditEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
        return { args: ['--timeout', '400ms'] };
      },
    ],
    [
      'when secrets are put into flags',
      server => ({
        args: [
          '--deployed-at',
          server.state.defaultKey.secret,
          '--status',
          server.state.defaultKey.sessionToken ?? '',
        ],
      }),
    ],
    ['when the proxy refuses us', () => ({ env: { HTTP_PROXY: 'http://user:hunter2-hunter2@127.0.0.1:9' } })],
    ['when the proxy is none', () => ({ env: { HTTP_PROXY: 'ftp://user:hunter2-hunter2@127.0.0.1:9' } })],
  ];

  test.each(cases)('%s', (_, scene) =>
    withAwsServer(async server => {
      const { args = [], env = {} } = scene(server);
      const { CI: _ci, ...circleci } = CI_ENVS.circleci;
      const result = await emitTo(server, ['--debug', ...args], { env: { ...circleci, ...env } });
      const output = result.stdout + result.stderr;
      const secrets = [...server.state.keys.values()].flatMap(({ secret, sessionToken = secret }) => [
        ...[secret, sessionToken, encodeURIComponent(secret), encodeURIComponent(sessionToken)],
        sessionToken.slice(40, 90),
      ]);
      const parts = [token, foreign].flatMap(jwt => [jwt, ...jwt.split('.').slice(1)]);
      for (const secret of [...secrets, ...parts, 'hunter2']) expect(output).not.toContain(secret);
      expect(output).not.toBe('');
    }),
  );
});

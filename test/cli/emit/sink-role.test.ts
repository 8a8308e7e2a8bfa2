import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { AWS_PRINCIPALS } from '../../fakes/sts/sts-operations.ts';
import { errorOf, type RunOptions, type RunResult, runCli } from '../run-cli.ts';
import { MARKER_FLAGS, withAwsServer } from './scene.ts';

const AUDIT_ACCOUNT = '999988887777';
const ROLE = `arn:aws:iam::${AUDIT_ACCOUNT}:role/markers`;
const CHANNEL = `arn:aws:cloudtrail:eu-west-1:${AUDIT_ACCOUNT}:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b`;
const SESSION = 'ci-prod-deploy-a1b2c3d';

/** An audit account with a channel, a log group, and a role that trusts the deploy role of another account. */
function openAuditAccount({ state }: AwsServer, ...subjects: string[]): void {
  const trusted = subjects.length > 0 ? subjects : ['arn:aws:sts::111122223333:assumed-role/deploy/*'];
  state.channels.set(CHANNEL, { arn: CHANNEL });
  state.logGroups.set('/deploys', { accountId: AUDIT_ACCOUNT, streams: new Map() });
  state.roles.set(ROLE, { arn: ROLE, trust: { issuer: AWS_PRINCIPALS, audiences: [], subjects: trusted } });
}

const SINK_FLAGS = { lake: ['--channel-arn', CHANNEL], logs: ['--log-group', '/deploys'] } as const;

function emit(
  server: AwsServer,
  sink: keyof typeof SINK_FLAGS,
  args: readonly string[] = [],
  env: RunOptions['env'] = {},
): Promise<RunResult> {
  const flags = [...MARKER_FLAGS, ...SINK_FLAGS[sink], '--sink-role-arn', ROLE, ...args];
  return runCli(['emit', ...flags], { env: { ...server.env(), ROLE_SESSION_NAME: SESSION, ...env } });
}

function countStored({ state }: AwsServer): number {
  const streams = [...(state.logGroups.get('/deploys')?.streams.values() ?? [])];
  return state.stored.length + streams.reduce((sum, events) => sum + events.length, 0);
}

describe.concurrent.each(['lake', 'logs'] as const)('--sink-role-arn for %s', sink => {
  test('signs the delivery with the second role’s keys, under the same session name', () =>
    withAwsServer(async server => {
      openAuditAccount(server);
      expect(await emit(server, sink)).toMatchObject({ code: 0, stderr: '' });
      const signers = server.requests.map(({ accessKeyId }) => server.state.keys.get(accessKeyId ?? '')?.arn);
      const [first, ...others] = signers;
      expect(server.requests[0]?.operation).toBe('AssumeRole');
      expect(first).toBe('arn:aws:sts::111122223333:assumed-role/deploy/ci-default');
      expect(new Set(others)).toEqual(
        new Set([`arn:aws:sts::${AUDIT_ACCOUNT}:assumed-role/markers/${SESSION}`]),
      );
      expect(countStored(server)).toBe(1);
    }));

  test('without it, what lies in another account is not reached', () =>
    withAwsServer(async server => {
      openAuditAccount(server);
      const result = await runCli(['emit', ...MARKER_FLAGS, ...SINK_FLAGS[sink]], { env: server.env() });
      expect(result.code).toBe(5);
      expect(countStored(server)).toBe(0);
    }));

  test('of a role that does not trust us ends with 3 and a step to take', () =>
    withAwsServer(async server => {
      openAuditAccount(server, 'arn:aws:sts::111122223333:assumed-role/other/*');
      const result = await emit(server, sink);
      expect(result).toMatchObject({ code: 3, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'ACCESS_DENIED',
        message: expect.stringContaining(ROLE),
        hint: 'allow sts:AssumeRole on the role (--sink-role-arn, --account), and let that role trust the caller',
      });
      expect(countStored(server)).toBe(0);
    }));

  test('shows no secret of either role, also with --debug and when the service repeats them', async () => {
    const results: RunResult[] = [];
    const secrets: string[] = [];
    let tell: (operation: string | undefined) => void = () => {};
    await withAwsServer(
      async server => {
        openAuditAccount(server);
        tell = operation => {
          if (operation !== 'AssumeRole') return;
          for (const { secret, sessionToken = '' } of server.state.keys.values())
            secrets.push(secret, sessionToken);
          const message = secrets.flatMap(secret => [secret, encodeURIComponent(secret)]).join(' and ');
          const fault = { kind: 'error', status: 403, code: 'AccessDeniedException', message } as const;
          server.faults.add(sink === 'lake' ? 'PutAuditEvents' : 'PutLogEvents', fault);
        };
        results.push(await emit(server, sink, ['--debug', '--json']));
      },
      { onRequest: ({ operation }) => tell(operation) },
    );
    expect(results).toMatchObject([{ code: 3 }]);
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    for (const { stdout, stderr } of results) {
      for (const secret of secrets) {
        expect(`${stdout}${stderr}`).not.toContain(secret);
        expect(`${stdout}${stderr}`).not.toContain(encodeURIComponent(secret));
      }
    }
  });
});

describe.concurrent('--sink-role-arn', () => {
  test('comes from the environment too', () =>
    withAwsServer(async server => {
      openAuditAccount(server);
      const env = { ...server.env(), DEPLOY_MARKER_SINK_ROLE_ARN: ROLE };
      expect((await runCli(['emit', ...MARKER_FLAGS, ...SINK_FLAGS.lake], { env })).code).toBe(0);
      expect(server.requests[0]?.parsedBody).toMatchObject({
        RoleArn: ROLE,
        RoleSessionName: 'deploy-marker',
      });
    }));

  test('of something else than a role ends with 7', () =>
    withAwsServer(async server => {
      const user = ['--sink-role-arn', `arn:aws:iam::${AUDIT_ACCOUNT}:user/kim`];
      const result = await emit(server, 'lake', user);
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'ARN_INVALID',
        message: expect.stringContaining('user/kim'),
      });
      expect(server.requests).toEqual([]);
    }));

  test('with first keys that have expired assumes the deploy’s role anew before', () =>
    withAwsServer(async server => {
      openAuditAccount(server);
      server.faults.add('AssumeRole', { kind: 'expired' });
      const result = await emit(server, 'lake', [], {
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        DEPLOY_MARKER_ID_TOKEN: mintToken(),
      });
      expect(result.code).toBe(0);
      expect(server.requests.map(({ operation }) => operation)).toEqual([
        ...['AssumeRole', 'AssumeRoleWithWebIdentity', 'AssumeRole', 'PutAuditEvents'],
      ]);
      expect(countStored(server)).toBe(1);
    }));

  test('needs no network for --dry-run', () =>
    withAwsServer(async server => {
      expect((await emit(server, 'lake', ['--dry-run'])).code).toBe(0);
      expect(server.requests).toEqual([]);
    }));
});

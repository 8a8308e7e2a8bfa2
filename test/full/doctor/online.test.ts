import { describe, expect, test } from 'vitest';
import { type Diagnosis, diagnose, trustPolicy } from '../../cli/doctor/scene.ts';
import { deny, STATES, setChannel, setRole } from '../../cli/doctor/states.ts';
import { CI_ENVS, withAwsServer } from '../../cli/emit/scene.ts';
import { runCli } from '../../cli/run-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { mintAccessKey } from '../../fakes/aws-state.ts';
import { createConfigState } from '../../fakes/config/config-state.ts';
import { mintToken } from '../../fakes/oidc-token.ts';

const SESSION = 'ci-prod-deploy-a1b2c3d';

/** A job that has assumed the default role, as `assume-role` leaves it. */
function jobOf({ state, env }: AwsServer): Record<string, string> {
  const key = mintAccessKey(
    state.defaultRoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/').concat(`/${SESSION}`),
    Date.now() + 3_600_000,
  );
  state.keys.set(key.id, key);
  return {
    ...env(),
    ...CI_ENVS.circleci,
    DEPLOY_MARKER_ENV: 'prod',
    DEPLOY_MARKER_CHANNEL_ARN: state.defaultChannelArn,
    DEPLOY_MARKER_ROLE_ARN: state.defaultRoleArn,
    ROLE_SESSION_NAME: SESSION,
    CIRCLE_OIDC_TOKEN_V2: mintToken(),
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_SESSION_TOKEN: key.sessionToken ?? '',
  };
}

function online(server: AwsServer, args: readonly string[] = [], env: object = {}): Promise<Diagnosis> {
  return diagnose(['--online', ...args], { env: { ...jobOf(server), ...env } });
}

describe('doctor --online', () => {
  test('passes in a job that is set up', async () => {
    await withAwsServer(async server => {
      const { state } = server;
      setRole(trustPolicy({}, state.accountId))(server);
      state.configs.set(`${state.accountId}/${state.region}`, createConfigState());
      const { code, stderr, checks, check } = await online(server);
      expect(checks.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual(['log-group']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(check('identity').summary).toMatch(new RegExp(`:assumed-role/[^/]+/${SESSION}$`));
      expect(check('clock').summary).toBe("the same as AWS's, to about a second");
      expect(check('trust-policy').summary).toBe(
        'it lets this token in as ci-prod-9b1d0c3e-sam-deploy-a1b2c3d',
      );
      expect(check('channel-status').summary).toBe('it exists; nothing was sent to it yet');
      expect(check('stores').summary).toMatch(/ is enabled, keeps \d+ days$/);
      expect(check('event-history').summary).toBe(`LookupEvents is allowed in ${state.region}`);
    });
  });

  test('asks for each store and group once, by whatever name, and looks at what they are like', async () => {
    await withAwsServer(
      async server => {
        const { lake } = server.state;
        const args = ['--marker-store', lake.markerStoreId, '--change-store', lake.changeStoreId];
        const found = await online(server, [
          ...args,
          '--markers',
          'logs:/deploys',
          '--changes',
          `lake:${lake.changeStoreId}`,
        ]);
        expect(found.checks.filter(({ name }) => name === 'stores')).toHaveLength(2);
        expect(found.check('log-group')).toMatchObject({ status: 'warn' });
        expect(found.check('log-group').summary).toBe('/deploys exists, keeps for ever, and can be deleted');
        expect(found.code).toBe(0);
      },
      { logGroups: ['/deploys'] },
    );
  });

  test('does not ask further where nobody is known', async () => {
    await withAwsServer(async server => {
      const keys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
      const { code, check } = await online(server, [], keys);
      expect(check('identity')).toMatchObject({ status: 'fail', code: 'CREDENTIALS_MISSING' });
      expect(check('event-history')).toMatchObject({ status: 'skipped' });
      expect(server.requests).toEqual([]);
      expect(code).toBe(3);
    });
  });

  test('gives up at the deadline', async () => {
    await withAwsServer(async server => {
      server.faults.add('GetCallerIdentity', { kind: 'hang' });
      const { code, check } = await online(server, ['--timeout', '1s']);
      expect(check('identity')).toMatchObject({ status: 'fail', code: 'TIMEOUT' });
      expect(code).toBe(8);
    });
  });

  test('is told for people, too', async () => {
    await withAwsServer(async server => {
      const { code, stdout } = await runCli(['doctor', '--online'], { env: jobOf(server) });
      expect(code).toBe(0);
      expect(stdout).toMatch(/\n {2}ok {7}event-history {3}LookupEvents is allowed in /);
    });
  });
});

describe('doctor --online finds', () => {
  test.each(STATES)('%s', async (_, change, args, name, status, errorCode, exit) => {
    await withAwsServer(async server => {
      change(server);
      const { code, check } = await online(server, args);
      const found = check(name);
      expect(found).toMatchObject({ status, ...(errorCode === undefined ? {} : { code: errorCode }) });
      if (status !== 'ok') expect(found.next).toMatch(/\w/);
      expect(code).toBe(exit);
    });
  });

  test('when the channel last took an event, and when not', async () => {
    await withAwsServer(async server => {
      setChannel({ ingestion: { lastSuccess: 1e12, lastAttempt: 1.1e12, lastError: 'InvalidData' } })(server);
      const { check } = await online(server);
      expect(check('channel-status').summary).toBe(
        'the last event, of 2004-11-09T11:33:20Z, was refused; last success 2001-09-09T01:46:40Z, last error InvalidData',
      );
    });
  });

  test.each([
    ['GetChannel', 'channel-status'],
    ['GetEventDataStore', 'stores'],
    ['DescribeLogGroups', 'log-group'],
    ['LookupEvents', 'event-history'],
  ] as const)('that who audits may not call %s', async (operation, name) => {
    await withAwsServer(async server => {
      deny(operation)(server);
      const nobody = { DEPLOY_MARKER_ROLE_ARN: '', ROLE_SESSION_NAME: '' };
      const { code, check } = await online(server, ['--log-group', '/absent', '--sink', 'lake'], nobody);
      expect(check(name)).toMatchObject({ status: 'fail', code: 'ACCESS_DENIED' });
      expect(check(name).next).toMatch(/^allow .*audit-role/);
      expect(check('identity').status).toBe('skipped');
      expect(code).toBe(3);
    });
  });

  test('what answers although something else does not', async () => {
    await withAwsServer(async server => {
      server.faults.add('GetRole', { kind: 'hang' });
      const { code, check } = await online(server, ['--timeout', '2s']);
      expect(check('trust-policy')).toMatchObject({ status: 'fail', code: 'TIMEOUT' });
      expect(check('trust-policy').summary).toContain('IAM answered');
      expect(check('identity').status).toBe('ok');
      expect(check('event-history').status).toBe('ok');
      expect(code).toBe(8);
    });
  });

  test('the role that delivers, where there is one', async () => {
    await withAwsServer(async server => {
      const { state } = server;
      await online(server, ['--sink-role-arn', state.defaultRoleArn]);
      const asked = server.requests.filter(({ operation }) => operation === 'GetChannel');
      const arns = asked.map(({ accessKeyId }) => state.keys.get(accessKeyId ?? '')?.arn);
      expect(server.requests.some(({ operation }) => operation === 'AssumeRole')).toBe(true);
      expect(arns).toHaveLength(1);
    });
  });
});

test('AWS Config is nothing that anybody needs: what of it is not there, or may not be asked, is skipped', () =>
  withAwsServer(async server => {
    const { state } = server;
    setRole(trustPolicy({}, state.accountId))(server);
    const none = await online(server);
    expect(none.check('config-recorder')).toMatchObject({
      status: 'skipped',
      summary: 'there is no recorder of AWS Config',
    });
    server.faults.add('DescribeConfigurationRecorders', { kind: 'denied' });
    const denied = await online(server);
    expect(denied.check('config-recorder')).toMatchObject({
      status: 'skipped',
      next: expect.stringContaining('Investigation=read'),
    });
    expect([none.code, denied.code]).toEqual([0, 0]);
  }));

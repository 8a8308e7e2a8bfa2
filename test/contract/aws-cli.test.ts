import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { auditEntry } from '../fakes/signed-client.ts';
import { type AwsCliResult, findAwsCli, runAwsCli } from './aws-cli.ts';
import { normalizeRequest } from './normalize-request.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: requests and answers of put-audit-events and assume-role-with-web-identity: ${cli}`);
});

describe.runIf(typeof cli !== 'string')('the AWS CLI is accepted by the fake server', () => {
  let server: AwsServer;
  beforeEach(async () => {
    server = await startAwsServer();
  });
  afterEach(() => server.close());

  function aws(...args: string[]): Promise<AwsCliResult> {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, args);
  }

  function putAuditEvents(events: unknown, ...more: string[]): Promise<AwsCliResult> {
    const channel = ['--channel-arn', server.state.defaultChannelArn];
    return aws(
      'cloudtrail-data',
      'put-audit-events',
      ...channel,
      '--audit-events',
      JSON.stringify(events),
      ...more,
    );
  }

  test('put-audit-events', async () => {
    const entry = auditEntry('marker-1', { requestParameters: { ref: 'größe/𝛼', reason: `'"$(x)` } });
    const result = await putAuditEvents([entry], '--external-id', 'a+b=c,d.e@f:g/h');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ successful: [{ id: 'marker-1' }], failed: [] });
    expect(server.violations).toEqual([]);
    expect(server.state.stored[0]?.eventData).toBe(entry.eventData);
    expect(server.requests.map(normalizeRequest)).toEqual([
      {
        method: 'POST',
        path: '/PutAuditEvents',
        query: [
          ['channelArn', server.state.defaultChannelArn],
          ['externalId', 'a+b=c,d.e@f:g/h'],
        ],
        body: { auditEvents: [entry] },
        signing: { service: 'cloudtrail-data', region: 'eu-west-1' },
        contentType: 'json',
      },
    ]);
  });

  test('put-audit-events ends with 0 although the service refused the event, which deploy-marker must not', async () => {
    const result = await putAuditEvents([auditEntry('marker-1', { UID: undefined })]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      successful: [],
      failed: [{ id: 'marker-1', errorCode: 'FieldNotFound' }],
    });
    expect(server.state.stored).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('put-audit-events reads our errors as the service’s', async () => {
    const channelArn = server.state.defaultChannelArn;
    server.state.channels.delete(channelArn);
    const result = await putAuditEvents([auditEntry('marker-1')]);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('(ChannelNotFound) when calling the PutAuditEvents operation');
    expect(server.violations).toEqual([]);
  });

  test('sts assume-role-with-web-identity', async () => {
    const token = mintToken();
    const result = await aws(
      'sts',
      'assume-role-with-web-identity',
      ...['--role-arn', server.state.defaultRoleArn],
      ...['--role-session-name', 'ci-prod-deploy+a=b,c.d@e_f-a1b2c3d'],
      ...['--web-identity-token', token],
      ...['--duration-seconds', '900'],
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const answer = JSON.parse(result.stdout);
    expect(server.state.keys.has(answer.Credentials.AccessKeyId)).toBe(true);
    expect(answer.AssumedRoleUser.Arn).toMatch(
      /:assumed-role\/deploy\/ci-prod-deploy\+a=b,c\.d@e_f-a1b2c3d$/,
    );
    expect(server.violations).toEqual([]);
    expect(server.requests.map(normalizeRequest)).toEqual([
      {
        method: 'POST',
        path: '/',
        query: [],
        body: {
          Action: 'AssumeRoleWithWebIdentity',
          Version: '2011-06-15',
          RoleArn: server.state.defaultRoleArn,
          RoleSessionName: 'ci-prod-deploy+a=b,c.d@e_f-a1b2c3d',
          WebIdentityToken: token,
          DurationSeconds: '900',
        },
        signing: null,
        contentType: 'form',
      },
    ]);
  });

  test('sts assume-role-with-web-identity reads our XML errors as the service’s', async () => {
    const result = await aws(
      'sts',
      'assume-role-with-web-identity',
      ...['--role-arn', server.state.defaultRoleArn],
      ...['--role-session-name', 'ci'],
      ...['--web-identity-token', mintToken({ sub: 'somebody else' })],
    );
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(
      '(AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
    expect(server.violations).toEqual([]);
  });
});

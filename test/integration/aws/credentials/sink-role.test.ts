import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLakeSink } from '../../../../src/aws/cloudtrail-data/lake-sink.ts';
import { createLogsSink } from '../../../../src/aws/logs/logs-sink.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import type { MarkerSink } from '../../../../src/core/source/source.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import { AWS_PRINCIPALS } from '../../../fakes/sts/sts-operations.ts';
import { sampleMarker } from '../../../unit/core/marker/sample-marker.ts';

const AUDIT_ACCOUNT = '999988887777';
const ROLE = `arn:aws:iam::${AUDIT_ACCOUNT}:role/markers`;
const CHANNEL = `arn:aws:cloudtrail:eu-west-1:${AUDIT_ACCOUNT}:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b`;
const SESSION = 'ci-prod-deploy-a1b2c3d';

let server: AwsServer;

beforeEach(async () => {
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  server.state.channels.set(CHANNEL, { arn: CHANNEL });
  const streams = new Map([['s', []]]);
  server.state.logGroups.set('/deploys', { accountId: AUDIT_ACCOUNT, streams });
  trust('arn:aws:sts::111122223333:assumed-role/deploy/*');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

function trust(...subjects: string[]): void {
  server.state.roles.set(ROLE, { arn: ROLE, trust: { issuer: AWS_PRINCIPALS, audiences: [], subjects } });
}

type Renew = NonNullable<Parameters<typeof createLakeSink>[0]['renew']>;

const SINKS: Readonly<Record<string, (renew?: Renew) => MarkerSink>> = {
  lake: renew => createLakeSink({ channelArn: CHANNEL, ...connection(renew) }),
  logs: renew =>
    createLogsSink({ logGroup: '/deploys', logStream: 's', region: 'eu-west-1', ...connection(renew) }),
};

function connection(renew: Renew | undefined) {
  const role = { roleArn: ROLE, sessionName: SESSION, region: 'eu-west-1' };
  return { env: server.env(), maxRate: 1_000, role, renew };
}

function freshMarker(uid = 'a'): Marker {
  const { started_at: _, ...marker } = sampleMarker({ uid });
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  return { ...marker, deployed_at: now, recorded_at: now };
}

/** Who signed each request. */
function signers(): [operation: string | undefined, signer: string | undefined][] {
  return server.requests.map(({ operation, accessKeyId }) => [
    operation,
    server.state.keys.get(accessKeyId ?? '')?.arn,
  ]);
}

const FIRST = 'arn:aws:sts::111122223333:assumed-role/deploy/ci-default';
const SECOND = `arn:aws:sts::${AUDIT_ACCOUNT}:assumed-role/markers/${SESSION}`;
const PUT = { lake: 'PutAuditEvents', logs: 'PutLogEvents' } as const;

describe.each(['lake', 'logs'] as const)('a role for %s alone', name => {
  const open = (renew?: Renew): MarkerSink => {
    const sink = SINKS[name]?.(renew);
    if (sink === undefined) throw new Error(name);
    return sink;
  };

  test('is assumed with the first keys, and signs the delivery', async () => {
    const sink = open();
    await sink.deliver([freshMarker()]);
    await sink.deliver([freshMarker('b')]);
    expect(signers()).toEqual([
      ['AssumeRole', FIRST],
      [PUT[name], SECOND],
      [PUT[name], SECOND],
    ]);
    expect(server.requests[0]?.parsedBody).toMatchObject({ RoleArn: ROLE, RoleSessionName: SESSION });
  });

  test('is assumed once for many calls at once', async () => {
    const sink = open();
    await Promise.all(['a', 'b', 'c', 'd'].map(uid => sink.deliver([freshMarker(uid)])));
    expect(signers().filter(([operation]) => operation === 'AssumeRole')).toHaveLength(1);
  });

  test('that trusts somebody else ends with a step to take', async () => {
    trust('arn:aws:sts::111122223333:assumed-role/other/*');
    await expect(open().deliver([freshMarker()])).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      exitCode: 3,
      message: expect.stringMatching(new RegExp(`^AssumeRole failed: .*${ROLE}`)),
      hint: 'allow sts:AssumeRole on the role (--sink-role-arn, --account), and let that role trust the caller',
    });
    expect(signers()).toEqual([['AssumeRole', FIRST]]);
  });

  test('that could not be assumed is asked for again by the next call', async () => {
    const sink = open();
    server.faults.add('AssumeRole', { kind: 'denied' });
    await expect(sink.deliver([freshMarker()])).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await sink.deliver([freshMarker()]);
    expect(signers().map(([operation]) => operation)).toEqual(['AssumeRole', 'AssumeRole', PUT[name]]);
  });

  test('is assumed anew when the service says that its keys have expired, once', async () => {
    const sink = open();
    server.faults.add(PUT[name], { kind: 'expired' });
    await sink.deliver([freshMarker()]);
    expect(signers()).toEqual([
      ['AssumeRole', FIRST],
      [PUT[name], SECOND],
      ['AssumeRole', FIRST],
      [PUT[name], SECOND],
    ]);
    server.faults.add(PUT[name], { kind: 'expired' }, Number.POSITIVE_INFINITY);
    await expect(sink.deliver([freshMarker()])).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
    expect(server.requests.slice(4).map(({ operation }) => operation)).toEqual([
      ...[PUT[name], 'AssumeRole', PUT[name]],
    ]);
  });

  test('is assumed anew once for many calls at once whose keys have expired', async () => {
    const sink = open();
    await sink.deliver([freshMarker('first')]);
    // From now on the service takes only keys that are given from now on.
    const old = [...server.state.keys.values()].filter(({ arn }) => arn === SECOND);
    for (const key of old) server.state.keys.set(key.id, { ...key, expiresAt: 0 });
    await Promise.all(Array.from({ length: 16 }, (_, uid) => sink.deliver([freshMarker(`${uid}`)])));
    expect(signers().filter(([operation]) => operation === 'AssumeRole')).toHaveLength(2);
  });

  test('is assumed anew a minute before its keys expire', async () => {
    const sink = open();
    await sink.deliver([freshMarker()]);
    const later = Date.now() + 3_545_000;
    server.state.now = () => later;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    await sink.deliver([
      { ...freshMarker('b'), deployed_at: new Date(later).toISOString().slice(0, 19).concat('Z') },
    ]);
    expect(signers().map(([operation]) => operation)).toEqual([
      'AssumeRole',
      PUT[name],
      'AssumeRole',
      PUT[name],
    ]);
  });

  test('is assumed with new first keys when STS says that those have expired', async () => {
    server.faults.add('AssumeRole', { kind: 'expired' });
    const { id, secret, sessionToken } = server.state.defaultKey;
    const renew = vi.fn(async () => ({
      accessKeyId: id,
      secretAccessKey: secret,
      sessionToken: sessionToken ?? '',
      expiration: new Date(Date.now() + 3_600_000),
    }));
    await open(renew).deliver([freshMarker()]);
    expect(renew).toHaveBeenCalledTimes(1);
    expect(signers().map(([operation]) => operation)).toEqual(['AssumeRole', 'AssumeRole', PUT[name]]);
  });

  test('is not asked for again where first keys that have expired cannot be renewed', async () => {
    server.faults.add('AssumeRole', { kind: 'expired' }, Number.POSITIVE_INFINITY);
    await expect(open().deliver([freshMarker()])).rejects.toMatchObject({
      code: 'CREDENTIALS_EXPIRED',
      message: expect.stringContaining('AssumeRole failed'),
    });
    expect(server.requests).toHaveLength(1);
  });
});

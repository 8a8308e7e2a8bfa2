import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { toObject } from '../../trail-world/bucket.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type Diagnosis, diagnose, type ToldCheck } from './scene.ts';

const KEY = 'prod/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/01/x.json.gz';

const bucketsIn = ({ checks }: Diagnosis, name = 'trail-bucket'): ToldCheck[] =>
  checks.filter(check => check.name === name);

function ask(server: AwsServer, ...args: string[]): Promise<Diagnosis> {
  return diagnose(['--online', ...args], { env: { ...server.env(), AWS_MAX_ATTEMPTS: '1' } });
}

function fill(server: AwsServer, region?: string): void {
  const objects = new Map([[KEY, toObject(Buffer.from('x'), 0)]]);
  server.state.buckets.set('acme-trail', region === undefined ? { objects } : { objects, region });
}

describe.concurrent('doctor and the bucket of a trail', () => {
  test('tells nothing of one where none is set', async () => {
    const told = await diagnose(['--changes', 'event-history', '--markers', 'markers.jsonl']);
    expect([...bucketsIn(told), ...bucketsIn(told, 'bucket')]).toEqual([]);
  });

  test('holds its name to its form, offline, and asks nobody', () =>
    withAwsServer(async server => {
      const named = ['--changes', 's3://acme-trail/prod/', '--changes', 's3://acme-other'];
      const told = await diagnose([...named, '--markers', 's3://acme-deploys/prod'], { env: server.env() });
      expect(bucketsIn(told)).toMatchObject([
        { status: 'ok', summary: 's3://acme-trail/prod; s3://acme-other' },
      ]);
      expect(bucketsIn(told, 'bucket')).toMatchObject([{ status: 'ok', summary: 's3://acme-deploys/prod' }]);
      expect(server.requests).toEqual([]);
    }));

  test.each([
    ['--changes', 's3://Acme_Trail', 'trail-bucket'],
    ['--changes', 's3:acme-trail', 'trail-bucket'],
    ['--changes', 's3://', 'trail-bucket'],
    ['--markers', 's3://acme-deploys/a//b', 'bucket'],
    ['--markers', 's3:acme-deploys', 'bucket'],
  ])('refuses %s %s, offline and online', async (flag, source, name) => {
    const offline = await diagnose([flag, source]);
    expect(bucketsIn(offline, name)).toMatchObject([{ status: 'fail', code: 'USAGE' }]);
    expect(offline.code).toBe(2);
    await withAwsServer(async server => {
      const online = await ask(server, flag, source);
      expect(bucketsIn(online, name)).toMatchObject([{ status: 'fail', code: 'USAGE' }]);
    });
  });

  test('lists it, online, by one request', () =>
    withAwsServer(async server => {
      fill(server);
      const told = await ask(server, '--changes', 's3://acme-trail/prod/');
      expect(bucketsIn(told)).toEqual([
        { name: 'trail-bucket', status: 'ok', summary: 's3://acme-trail/prod can be listed' },
      ]);
      const lists = server.requests.filter(({ service }) => service === 's3');
      expect(lists.map(({ operation }) => operation)).toEqual(['ListObjectsV2']);
      expect(new Map(lists[0]?.query).get('prefix')).toBe('prod');
    }));

  test('follows it into another Region', () =>
    withAwsServer(async server => {
      fill(server, 'us-east-1');
      const told = await ask(server, '--changes', 's3://acme-trail');
      expect(bucketsIn(told)).toMatchObject([{ status: 'ok', summary: 's3://acme-trail can be listed' }]);
      const answers = server.requests.filter(({ service }) => service === 's3');
      expect(answers.map(({ errorCode }) => errorCode)).toEqual(['PermanentRedirect', undefined]);
    }));

  test('says that it is not there, or that nothing is', () =>
    withAwsServer(async server => {
      fill(server);
      const gone = await ask(server, '--changes', 's3://acme-absent');
      expect(bucketsIn(gone)).toMatchObject([{ status: 'fail', code: 'BUCKET_NOT_FOUND' }]);
      expect(gone.code).toBe(5);
      const empty = await ask(server, '--changes', 's3://acme-trail/staging');
      expect(bucketsIn(empty)).toMatchObject([
        { status: 'fail', code: 'TRAIL_NOT_SEEN', summary: 's3://acme-trail/staging holds nothing' },
      ]);
    }));

  test('says what to allow where it is denied', () =>
    withAwsServer(async server => {
      fill(server);
      server.faults.add('ListObjectsV2', { kind: 'denied' });
      const told = await ask(server, '--changes', 's3://acme-trail');
      expect(bucketsIn(told)).toMatchObject([
        {
          status: 'fail',
          code: 'ACCESS_DENIED',
          next: expect.stringMatching(/^allow s3:ListBucket on the bucket.*template audit-role/),
        },
      ]);
      expect(told.code).toBe(3);
    }));
});

import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { type BucketObject, type BucketPlan, makeBucket, toObject } from '../../trail-world/bucket.ts';
import type { TrailRecord } from '../../trail-world/trail-record.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import { HOME, reportOf, standingsOf, storyFolder, tellStory, truthOf } from './trail-scene.ts';

const STORY = tellStory();
const TRUTH = truthOf(STORY);
const OTHER = '222233334444';
const ORGANIZATION = 'o-abc1234567';
const PLACES = [HOME.account, OTHER].flatMap(account =>
  ['eu-west-1', 'us-east-1', 'ap-southeast-2'].map(region => `${account}/${region}`),
);

/** A read of another service in each place, now and then: a trail that lives. */
function signsOfLife(): TrailRecord[] {
  const [sample] = STORY.records;
  if (sample === undefined) throw new Error('nothing happened');
  return PLACES.flatMap(place => {
    const [account = '', region = ''] = place.split('/');
    return Array.from({ length: 24 * 2 }, (_, rank) => ({
      ...sample,
      eventID: `alive-${place}-${rank}`,
      eventTime: `${new Date(Date.now() - 60_000 - rank * 1_800_000).toISOString().slice(0, 19)}Z`,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DescribeInstances',
      readOnly: true,
      recipientAccountId: account,
      awsRegion: region,
    }));
  });
}

function fillBucket(
  server: AwsServer,
  plan: Partial<BucketPlan> = {},
  region?: string,
): Map<string, BucketObject> {
  const objects = makeBucket({
    bucket: 'trail',
    organization: ORGANIZATION,
    places: PLACES,
    records: [...STORY.records, ...signsOfLife()],
    ...plan,
  });
  server.state.buckets.set('trail', region === undefined ? { objects } : { objects, region });
  return objects;
}

async function traceIn(
  server: AwsServer,
  source: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<RunResult> {
  const flags = ['--markers', 'markers.jsonl', '--changes', source, '--since', '5h'];
  const cwd = await storyFolder(STORY);
  return runCli(['trace', '--json', ...flags, ...args], { cwd, env: { ...server.env(), ...env } });
}

function asked(server: AwsServer, name: string): (string | undefined)[] {
  return server.requests
    .filter(({ operation }) => operation === name)
    .map(({ path, query }) => (name === 'GetObject' ? path : new Map(query).get('prefix')));
}

function logKeys(objects: ReadonlyMap<string, BucketObject>, region = HOME.region): string[] {
  return [...objects.keys()].filter(key => key.includes(`${HOME.account}/CloudTrail/${region}/`));
}

describe.concurrent('the bucket of a trail', () => {
  test.each([
    ['s3://trail', {}],
    ['s3://trail/', {}],
    ['s3://trail', { prefix: 'logs/prod' }],
    ['s3://trail/logs/prod', { prefix: 'logs/prod' }],
    [`s3://trail/AWSLogs/${ORGANIZATION}`, {}],
    [`s3://trail/AWSLogs/${ORGANIZATION}/${HOME.account}/`, {}],
    [`s3://trail/AWSLogs/${ORGANIZATION}/${HOME.account}/CloudTrail/${HOME.region}`, {}],
  ])('%s is gone into, wherever the layout begins', (source, plan) =>
    withAwsServer(async server => {
      fillBucket(server, plan);
      const run = await traceIn(server, source);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(TRUTH);
      expect(report.complete).toBe(true);
    }),
  );

  test('what is no log of events is passed over, and counted', () =>
    withAwsServer(async server => {
      fillBucket(server);
      const { gaps } = reportOf(await traceIn(server, 's3://trail'));
      expect(gaps).toContainEqual({
        kind: 'passed-over',
        subject: 's3://trail',
        count: 6,
        incomplete: false,
        message: expect.stringContaining('"CloudTrail-Insight", "Config", "elasticloadbalancing"'),
      });
      expect(asked(server, 'GetObject').filter(path => !path?.includes('/CloudTrail/'))).toEqual([]);
    }));

  test('Regions and accounts are read as they are asked for', () =>
    withAwsServer(async server => {
      fillBucket(server);
      const flags = ['--region', HOME.region, '--account', HOME.account];
      const run = await traceIn(server, 's3://trail', flags);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      const read = asked(server, 'GetObject');
      expect(read.filter(path => !path?.includes(`/${HOME.account}/CloudTrail/${HOME.region}/`))).toEqual([]);
    }));

  test.each([
    [['--account', '555566667777'], 'the account 555566667777'],
    [['--region', 'eu-north-1'], 'the Region eu-north-1'],
  ])('%j, which the bucket does not have, is not seen', (flags, what) =>
    withAwsServer(async server => {
      fillBucket(server);
      const run = await traceIn(server, 's3://trail', [...flags, '--account', HOME.account, '--allow-quiet']);
      expect(run.code).toBe(8);
      expect(run.stderr).toContain('"code":"TRAIL_NOT_SEEN"');
      const { complete, gaps } = reportOf(run);
      expect(complete).toBe(false);
      expect(gaps).toContainEqual(
        expect.objectContaining({
          kind: 'not-seen',
          message: expect.stringContaining(what),
          incomplete: true,
        }),
      );
    }),
  );

  test('a prefix without anything is not seen, and no bucket is an error', () =>
    withAwsServer(async server => {
      fillBucket(server);
      const empty = await traceIn(server, 's3://trail/nothing', ['--allow-quiet']);
      expect(empty.code).toBe(8);
      expect(empty.stderr).toContain('"code":"TRAIL_NOT_SEEN"');
      const none = await traceIn(server, 's3://nobody');
      expect(none.code).toBe(5);
      expect(none.stderr).toContain('"code":"BUCKET_NOT_FOUND"');
    }));

  test('logs in folders of somebody else are told by their names', () =>
    withAwsServer(async server => {
      const objects = fillBucket(server);
      for (const [key, object] of [...objects]) {
        objects.delete(key);
        if (key.includes('/CloudTrail/')) objects.set(`copy/${key.slice(key.lastIndexOf('/') + 1)}`, object);
      }
      const run = await traceIn(server, 's3://trail/copy', ['--account', HOME.account]);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      expect(asked(server, 'GetObject').filter(path => !path?.includes(`/${HOME.account}_`))).toEqual([]);
      const other = await traceIn(server, 's3://trail', ['--account', '555566667777']);
      expect(other.stderr).toContain('"code":"TRAIL_NOT_SEEN"');
    }));

  test('a bucket in another Region is followed', () =>
    withAwsServer(async server => {
      fillBucket(server, {}, 'us-east-1');
      const run = await traceIn(server, 's3://trail');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      expect(server.requests.filter(({ errorCode }) => errorCode === 'PermanentRedirect')).toHaveLength(1);
    }));

  test.each([
    [
      {
        status: 403,
        code: 'InvalidObjectState',
        message: "The operation is not valid for the object's storage class",
      },
      'INPUT_UNREADABLE',
      'restore',
    ],
    [{ status: 403, code: 'AccessDenied', message: 'Access Denied' }, 'ACCESS_DENIED', 's3:GetObject'],
    [
      {
        status: 403,
        code: 'AccessDenied',
        message:
          'User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no resource-based policy allows the kms:Decrypt action',
      },
      'ACCESS_DENIED',
      'kms:Decrypt on the key',
    ],
    [
      { status: 400, code: 'KMS.DisabledException', message: 'the key is disabled' },
      'ACCESS_DENIED',
      'kms:Decrypt',
    ],
    [
      { status: 403, code: 'AccessDenied', message: 'Bucket is a requester pays bucket' },
      'ACCESS_DENIED',
      'account that the bucket belongs to',
    ],
  ])('an object that is refused with %j is named, and the rest is read', (refusal, code, hint) =>
    withAwsServer(async server => {
      const objects = fillBucket(server);
      const [key = ''] = logKeys(objects, 'us-east-1').slice(-1);
      const object = objects.get(key);
      if (object === undefined) throw new Error('no object');
      objects.set(key, { ...object, refusal } as BucketObject);
      const run = await traceIn(server, 's3://trail');
      expect(run.code).not.toBe(0);
      expect(run.stderr).toContain(`"code":"${code}"`);
      expect(run.stderr).toContain(hint);
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(TRUTH);
      expect(report.complete).toBe(false);
      expect(report.gaps).toContainEqual(
        expect.objectContaining({ kind: 'failed', message: expect.stringContaining(`s3://trail/${key}`) }),
      );
    }),
  );

  test('a log that is cut off is named, and one that changes or goes meanwhile', () =>
    withAwsServer(async server => {
      const objects = fillBucket(server);
      const [first = '', second = '', third = ''] = logKeys(objects, 'us-east-1').slice(-3);
      const body = objects.get(first)?.body ?? Buffer.alloc(0);
      objects.set(first, toObject(body.subarray(0, body.length - 20), 0));
      // Their lists tell of other objects than there are.
      Object.assign(objects.get(second) ?? {}, {
        refusal: { status: 412, code: 'PreconditionFailed', message: 'x' },
      });
      Object.assign(objects.get(third) ?? {}, { refusal: { status: 404, code: 'NoSuchKey', message: 'x' } });
      const run = await traceIn(server, 's3://trail');
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(TRUTH);
      const messages = report.gaps.filter(({ kind }) => kind === 'failed').map(({ message }) => message);
      expect(messages).toHaveLength(2);
      expect(messages.join()).toContain(`s3://trail/${first} is not a whole CloudTrail log`);
      expect(messages.join()).toContain('replaced or deleted while the bucket was read');
      expect(messages.join()).toContain('and 1 more object');
    }));

  test.each([
    ['cut', { kind: 'cut' }],
    ['slow', { kind: 'slow', pieces: 4, pauseMs: 20 }],
    ['throttled', { kind: 'throttle' }],
  ] as const)('an answer that is %s is asked for again, or waited for', (_, fault) =>
    withAwsServer(async server => {
      fillBucket(server);
      server.faults.add('GetObject', fault, 2);
      server.faults.add('ListObjectsV2', fault, 1);
      const run = await traceIn(server, 's3://trail');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
    }),
  );

  test('a log larger than one request is read in parts', () =>
    withAwsServer(async server => {
      const objects = fillBucket(server);
      const [key = ''] = logKeys(objects)
        .filter(name => objects.has(name))
        .slice(-1);
      const records = STORY.records.map(record => JSON.stringify(record));
      const filler = JSON.stringify({
        ...STORY.records[0],
        eventID: 'x',
        eventSource: 'ec2.amazonaws.com',
        pad: 'x'.repeat(100_000),
      });
      const many = [...Array.from({ length: 60 }, () => filler), ...records].join(',');
      for (const name of logKeys(objects)) objects.delete(name);
      objects.set(key, toObject(Buffer.from(`{"Records":[${many}]}`), 0));
      const run = await traceIn(server, 's3://trail');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      expect(server.requests.filter(({ headers }) => headers['range'] !== undefined).length).toBeGreaterThan(
        1,
      );
    }));

  test('an account is read with the role that is named for it', () =>
    withAwsServer(async server => {
      fillBucket(server);
      const arn = `arn:aws:iam::${HOME.account}:role/reader`;
      const trust = { issuer: 'none', audiences: [], subjects: [] };
      const policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      });
      server.state.roles.set(arn, { arn, trust, policy });
      const run = await traceIn(server, 's3://trail', ['--account', `${HOME.account}=${arn}`]);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      const own = server.state.defaultKey.id;
      const reads = server.requests.filter(({ service }) => service === 's3');
      expect(reads.filter(({ accessKeyId }) => accessKeyId === own)).toEqual([]);
    }));

  test('nothing but the bucket needs no Region, and what is no address is refused', () =>
    withAwsServer(async server => {
      fillBucket(server, {}, 'eu-west-1');
      const run = await traceIn(server, 's3://trail', [], { AWS_REGION: '', AWS_DEFAULT_REGION: '' });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      for (const source of ['s3://', 's3:trail', 's3://a', 's3:///x']) {
        expect((await traceIn(server, source)).stderr).toContain('"code":"USAGE"');
      }
      const old = ['--account', HOME.account, '--changes', 'event-history'];
      expect((await traceIn(server, 's3://trail', old)).stderr).toContain('"code":"USAGE"');
    }));
});

import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBucketMarkers } from '../../src/aws/s3/bucket-markers.ts';
import { openStateObject } from '../../src/aws/s3/state-object.ts';
import { toJsonLines, wholeMarker } from '../cli/emit/scene.ts';
import { errorOf, makeFolder, type RunResult, runCli } from '../cli/run-cli.ts';
import { HOME, reportOf, type Story, standingsOf, storyFolder, tellStory } from '../cli/trail/trail-scene.ts';
import { makeBucket } from '../trail-world/bucket.ts';
import { findMoto, type MotoServer, startMoto } from './moto-server.ts';

// That moto is there in CI is held in moto.test.ts. What version 5.2.5 does not imitate, and the strict server of `fakes` covers: it takes any
// signature, answers for a bucket in whatever Region it is asked (no redirects), reads what a key of KMS encrypts that is not there, and asks
// for no checksum where a bucket has Object Lock.

const { command, missing } = findMoto(process.env);
const ORGANIZATION = 'o-abc1234567';
const OTHER = '222233334444';
const PLACES = [HOME.account, OTHER].flatMap(account =>
  ['eu-west-1', 'us-east-1', 'ap-southeast-2'].map(region => `${account}/${region}`),
);
/** Pages are so short that each list has several. */
const PAGE = 3;

describe.runIf(missing === undefined)('S3 against moto', () => {
  let moto: MotoServer;
  let client: S3Client;
  let story: Story & { readonly fix: string };
  beforeAll(async () => {
    moto = await startMoto(command, { MOTO_S3_DEFAULT_MAX_KEYS: String(PAGE) });
  }, 120_000);
  afterAll(async () => moto?.close());
  beforeEach(() => {
    for (const [name, value] of Object.entries(moto.env())) vi.stubEnv(name, value);
    client = new S3Client({ region: 'eu-west-1', forcePathStyle: true });
    story = tellStory();
  });
  afterEach(() => {
    client.destroy();
    vi.unstubAllEnvs();
  });

  async function makeNew(bucket: string): Promise<string> {
    const place = { LocationConstraint: 'eu-west-1' } as const;
    await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: place }));
    return bucket;
  }

  async function put(bucket: string, key: string, body: Buffer | string): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async function get(bucket: string, key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body?.transformToString() ?? '';
  }

  async function keysIn(bucket: string): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1000 }));
    return Contents.map(({ Key = '' }) => Key);
  }

  const truth = (): Record<string, string> =>
    Object.fromEntries(
      story.records
        .filter(({ eventSource }) => eventSource === 'lambda.amazonaws.com')
        .map(({ eventID }) => [eventID, eventID === story.fix ? 'unexplained' : 'explained']),
    );

  function emit(args: readonly string[], cwd?: string): Promise<RunResult> {
    return runCli(['emit', ...args], { env: moto.env(), ...(cwd === undefined ? {} : { cwd }) });
  }

  describe('the sink', () => {
    const step = ['--env', 'prod', '--component', 'lambda:orders', '--git-sha', 'a1b2c3d'];
    const args = [...step, '--idempotency-key', 'step-1', '--bucket'];

    test('stores a marker once: a copy is a success, and what is there stays', async () => {
      const bucket = await makeNew('markers-once');
      const at = ['--deployed-at', '2025-12-14T08:12:34Z'];
      const first = await emit([...args, `s3://${bucket}/prod`, ...at]);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      const [key = '', ...more] = await keysIn(bucket);
      expect(key).toMatch(/^prod\/2025\/12\/14\/[\w-]+\.json$/);
      expect(more).toEqual([]);
      const before = await get(bucket, key);
      // It is recorded at another time, which is none of what it says.
      await sleep(1100);
      const second = await emit([...args, `s3://${bucket}/prod`, ...at]);
      expect(second).toMatchObject({ code: 0, stderr: '', stdout: first.stdout });
      expect(await keysIn(bucket)).toEqual([key]);
      expect(await get(bucket, key)).toBe(before);
    });

    test('tells a conflict where something else lies, and leaves it', async () => {
      const bucket = await makeNew('markers-conflict');
      const at = ['--deployed-at', '2025-12-14T08:12:34Z'];
      await emit([...args, `s3://${bucket}`, ...at]);
      const [key = ''] = await keysIn(bucket);
      const other = (await get(bucket, key)).replace('a1b2c3d', 'fffffff');
      await put(bucket, key, other);
      const run = await emit([...args, `s3://${bucket}`, ...at, '--on-error', 'warn']);
      expect(run).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(run)).toMatchObject({ code: 'MARKER_CONFLICT' });
      expect(await get(bucket, key)).toBe(other);
    });

    test('stores many, all of which come back', async () => {
      const bucket = await makeNew('markers-many');
      const { writeFile } = await import('node:fs/promises');
      const folder = await makeFolder();
      const markers = Array.from({ length: 20 }, (_, number) => wholeMarker(number));
      await writeFile(`${folder}/m.jsonl`, toJsonLines(markers));
      const run = await emit(
        ['--from', 'm.jsonl', '--max-rate', 'off', '--bucket', `s3://${bucket}/m`],
        folder,
      );
      expect(run.code).toBe(0);
      const source = createBucketMarkers({
        folder: { bucket, prefix: 'm' },
        region: 'eu-west-1',
        env: moto.env(),
      });
      const range = { from: Date.parse('2025-12-01T00:00:00Z'), until: Date.now() };
      const found: string[] = [];
      const { signal } = new AbortController();
      expect(await source.read(range, ({ uid }) => found.push(uid), { signal })).toEqual([]);
      expect(found.toSorted()).toEqual(markers.map((_, number) => `marker-${number}`).toSorted());
    });

    test('tells a bucket that is not there', async () => {
      const run = await emit([...args, 's3://markers-nowhere']);
      expect(errorOf(run)).toMatchObject({ code: 'BUCKET_NOT_FOUND' });
      expect(run.code).toBe(5);
    });
  });

  describe('the bucket of an organisation', () => {
    async function fill(bucket: string): Promise<void> {
      await makeNew(bucket);
      const objects = makeBucket({
        bucket,
        organization: ORGANIZATION,
        places: PLACES,
        records: story.records,
        delay: 60_000,
      });
      for (const [key, { body }] of objects) await put(bucket, key, body);
    }

    test('is found by lists of folders, over many pages, and read beside markers of a bucket', async () => {
      await fill('trail-whole');
      await makeNew('trail-markers');
      const cwd = await storyFolder(story);
      const stored = await emit(['--from', 'markers.jsonl', '--bucket', 's3://trail-markers/prod'], cwd);
      expect(stored.code).toBe(0);
      const sources = ['--markers', 's3://trail-markers/prod', '--changes', 's3://trail-whole'];
      const run = await runCli(['trace', '--json', ...sources, '--since', '5h', '--allow-quiet'], {
        cwd,
        env: moto.env(),
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(truth());
      expect(report.gaps).toContainEqual(
        expect.objectContaining({ kind: 'passed-over', incomplete: false, count: 2 * 3 }),
      );
    });

    test('is read as far as an account and a Region are asked for, and says what it lacks', async () => {
      await fill('trail-part');
      const cwd = await storyFolder(story);
      const base = [
        '--markers',
        'markers.jsonl',
        '--changes',
        's3://trail-part',
        '--since',
        '5h',
        '--allow-quiet',
      ];
      const ask = (...flags: string[]) =>
        runCli(['trace', '--json', ...base, ...flags], { cwd, env: moto.env() });
      const home = await ask('--account', HOME.account, '--region', HOME.region);
      expect(home).toMatchObject({ code: 0 });
      expect(standingsOf(reportOf(home))).toEqual(truth());
      const none = await ask('--account', '555566667777');
      expect(none.stderr).toContain('TRAIL_NOT_SEEN');
    });

    test('tells a bucket that is not there', async () => {
      const run = await runCli(['trace', '--changes', 's3://trail-nowhere'], { env: moto.env() });
      expect(run.code).toBe(5);
      expect(run.stderr).toContain('BUCKET_NOT_FOUND');
    });
  });

  describe('audit --state', () => {
    test('is made, and gone on from', async () => {
      const bucket = await makeNew('state-own');
      const cwd = await storyFolder(story);
      const sources = ['--markers', 'markers.jsonl', '--changes', 'logs', '--allow-quiet'];
      const state = ['--state', `s3://${bucket}/prod/state.json`, '--since', 'last'];
      const audit = () => runCli(['audit', '--json', ...sources, ...state], { cwd, env: moto.env() });
      expect((await audit()).code).toBe(10);
      const first = JSON.parse(await get(bucket, 'prod/state.json'));
      expect(first).toMatchObject({ version: 1, watermark: expect.any(String) });
      expect((await audit()).code).toBe(0);
    });

    test('that somebody else writes meanwhile is not overwritten', async () => {
      const bucket = await makeNew('state-shared');
      const address = { bucket, key: 'state.json' };
      const open = () => openStateObject({ address, region: 'eu-west-1', env: moto.env() });
      const [one, other] = [open(), open()];
      expect([await one.read(undefined), await other.read(undefined)]).toEqual([undefined, undefined]);
      await one.write('{"one":1}', undefined);
      await expect(other.write('{"other":1}', undefined)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await other.read(undefined);
      await other.write('{"other":2}', undefined);
      await expect(one.write('{"one":2}', undefined)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await get(bucket, 'state.json')).toBe('{"other":2}');
    });
  });
});

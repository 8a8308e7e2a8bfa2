import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { type Bucket, plantText } from '../../fakes/s3/s3-state.ts';
import { errorOf, makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';
import { CI_ENVS, MARKER_FLAGS, toJsonLines, wholeMarker, withAwsServer } from './scene.ts';

const ADDRESS = 's3://acme-deploys/markers';
const TO_BUCKET = ['--bucket', ADDRESS];
const DAY = '2025/12/14';

function emit(server: AwsServer, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runCli(['emit', ...MARKER_FLAGS, ...args], { ...options, env: { ...server.env(), ...options.env } });
}

/** A server with one bucket that takes only what a bucket for markers should. */
function withBucket(
  work: (server: AwsServer, bucket: Bucket) => Promise<void>,
  rules: Partial<Bucket> = {},
): Promise<void> {
  return withAwsServer(async server => {
    const bucket: Bucket = { objectLock: true, takesNewOnly: true, ...rules, objects: new Map() };
    server.state.buckets.set('acme-deploys', bucket);
    await work(server, bucket);
  });
}

function textsOf({ objects }: Bucket): Record<string, unknown>[] {
  return [...objects.values()].map(({ body }) => JSON.parse(body.toString()));
}

const AT = ['--deployed-at', '2025-12-14T08:12:34Z'];

describe.concurrent('emit to a bucket', () => {
  test('by --bucket alone makes one object, of its day and uid', () =>
    withBucket(async (server, bucket) => {
      const result = await emit(server, [...TO_BUCKET, ...AT], { env: CI_ENVS.circleci });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const [[key, object] = ['', undefined]] = [...bucket.objects];
      const text = object?.body.toString() ?? '';
      const marker = JSON.parse(text);
      expect(text).toBe(`${JSON.stringify(marker)}\n`);
      expect(key).toBe(`markers/${DAY}/${marker.uid}.json`);
      expect(marker).toMatchObject({ component: 'lambda:resize-image', status: 'success' });
      expect(object?.contentType).toBe('application/json');
      expect(result.stdout).toBe(`stored in s3: lambda:resize-image uid=${marker.uid}\n`);
      expect(server.requests.map(({ operation }) => operation)).toEqual(['PutObject']);
    }));

  test('by DEPLOY_MARKER_BUCKET, without a prefix', () =>
    withBucket(async (server, bucket) => {
      const env = { DEPLOY_MARKER_BUCKET: 's3://acme-deploys/' };
      expect(await emit(server, AT, { env })).toMatchObject({ code: 0, stderr: '' });
      expect([...bucket.objects.keys()]).toEqual([expect.stringMatching(/^2025\/12\/14\/[\w-]+\.json$/)]);
    }));

  test('again by the same step is stored, and what is there stays', () =>
    withBucket(async (server, bucket) => {
      const args = [...TO_BUCKET, '--idempotency-key', 'step-1'];
      const options = { env: CI_ENVS.circleci };
      await emit(server, [...args, '--deployed-at', '2025-12-14T08:12:34Z'], options);
      const [before] = textsOf(bucket);
      const again = await emit(server, [...args, '--deployed-at', '2025-12-14T08:20:00Z'], options);
      expect(again).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^stored in s3: /) });
      expect(textsOf(bucket)).toEqual([before]);
      expect(server.requests.map(({ operation }) => operation)).toEqual([
        'PutObject',
        'PutObject',
        'GetObject',
      ]);
    }));

  test.each([
    ['another marker', (text: string) => text.replace('"a1b2', '"ffff'), 'another marker lies at'],
    ['no marker', () => '{"hello":"there"}', 'is no marker'],
    ['no JSON', () => '\u0000', 'it is not JSON in UTF-8'],
  ])('where %s lies is a conflict, which leaves it as it is', (_, change, why) =>
    withBucket(async (server, bucket) => {
      const args = [...TO_BUCKET, ...AT, '--idempotency-key', 'step-1'];
      await emit(server, args);
      const [[key, object] = ['', undefined]] = [...bucket.objects];
      const other = change(object?.body.toString() ?? '');
      plantText(bucket, key, other);
      const result = await emit(server, [...args, '--on-error', 'warn']);
      expect(errorOf(result)).toMatchObject({ code: 'MARKER_CONFLICT' });
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(result.stderr).toContain(why);
      expect(bucket.objects.get(key)?.body.toString()).toBe(other);
    }),
  );

  test('many, of which one is in conflict, stores the others, and the spool sets that one aside', () =>
    withBucket(async (server, bucket) => {
      const folder = await makeFolder();
      const markers = Array.from({ length: 20 }, (_, number) => wholeMarker(number));
      await writeFile(join(folder, 'm.jsonl'), toJsonLines(markers));
      plantText(bucket, `markers/${DAY}/marker-7.json`, '{}');
      const from = ['emit', '--from', 'm.jsonl', ...TO_BUCKET, '--spool', 'spool', '--max-rate', 'off'];
      const result = await runCli(from, { cwd: folder, env: server.env() });
      expect(result.code).toBe(7);
      expect(result.stderr).toContain('1 marker is in spool/rejected');
      expect(bucket.objects.size).toBe(20);
      const drained = await runCli(['emit', '--drain', 'spool'], { cwd: folder, env: server.env() });
      expect(drained).toMatchObject({ code: 0 });
      expect(drained.stderr).toContain('nothing is kept');
    }));

  test('whose answer got lost finds its own object there', () =>
    withBucket(async (server, bucket) => {
      server.faults.add('PutObject', { kind: 'resetAfterStore' });
      const result = await emit(server, [...TO_BUCKET, ...AT]);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(bucket.objects.size).toBe(1);
    }));

  test('that meets another writer of the key at that very moment tries again', () =>
    withBucket(async (server, bucket) => {
      server.faults.add('PutObject', { kind: 'error', status: 409, code: 'ConditionalRequestConflict' }, 4);
      const env = { AWS_MAX_ATTEMPTS: '2' };
      expect(await emit(server, [...TO_BUCKET, ...AT], { env })).toMatchObject({ code: 0, stderr: '' });
      expect(bucket.objects.size).toBe(1);
    }));

  test('that may not read what is in the way says so', () =>
    withBucket(async (server, bucket) => {
      const args = [...TO_BUCKET, ...AT, '--idempotency-key', 'step-1'];
      await emit(server, args);
      server.faults.add('GetObject', { kind: 'denied' });
      const result = await emit(server, args);
      expect(errorOf(result)).toMatchObject({ code: 'ACCESS_DENIED' });
      expect(result.stderr).toContain('is there already and cannot be compared');
      expect(bucket.objects.size).toBe(1);
    }));

  test('whose key may not be used tells which right is missing', () =>
    withBucket(async server => {
      const message = 'User: x is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:…';
      server.faults.add('PutObject', { kind: 'error', status: 403, code: 'AccessDenied', message });
      const result = await emit(server, [...TO_BUCKET, ...AT]);
      expect(errorOf(result)).toMatchObject({ code: 'ACCESS_DENIED' });
      expect(result.stderr).toContain('hint: allow kms:GenerateDataKey');
    }));

  test('that is not there says so', () =>
    withAwsServer(async server => {
      expect(errorOf(await emit(server, [...TO_BUCKET, ...AT]))).toMatchObject({ code: 'BUCKET_NOT_FOUND' });
    }));

  test.each(['<html>Welcome</html>', ''])('which answers HTTP 200 with %j alone has stored nothing', body =>
    withBucket(async server => {
      server.faults.add('PutObject', { kind: 'answer', body }, 3);
      expect(errorOf(await emit(server, [...TO_BUCKET, ...AT]))).toMatchObject({
        code: 'UNEXPECTED_RESPONSE',
      });
    }),
  );

  test('as a dry run prints the request', () =>
    withBucket(async server => {
      const result = await emit(server, [...TO_BUCKET, ...AT, '--dry-run']);
      expect(result.code).toBe(0);
      const [target, body = ''] = result.stdout.trim().split('\n');
      expect(target).toBe(`PUT ${server.url}/acme-deploys/markers/${DAY}/${JSON.parse(body).uid}.json`);
      expect(server.requests).toEqual([]);
    }));

  test.each([
    'acme-deploys',
    's3://',
    's3://Acme/x',
    's3://acme/a//b',
    's3://acme/../b',
    's3://acme/ä',
    's3://acme--use1-az4--x-s3/a',
  ])('%s is no bucket', async address => {
    const result = await runCli(['emit', ...MARKER_FLAGS, '--bucket', address], {});
    expect(errorOf(result)).toMatchObject({ code: 'USAGE' });
  });

  test('beside another sink wants --sink, and a drain goes where the spool says', () =>
    withBucket(async (server, bucket) => {
      const channel = ['--channel-arn', server.state.defaultChannelArn];
      expect(errorOf(await emit(server, [...TO_BUCKET, ...channel]))).toMatchObject({ code: 'NO_SINK' });
      const cwd = await makeFolder();
      server.faults.add('PutObject', { kind: 'error500' }, 9);
      const both = ['--sink', 's3', '--sink', 'lake', '--spool', 'spool'];
      const kept = await emit(server, [...TO_BUCKET, ...channel, ...both, ...AT], { cwd });
      expect(kept.stderr).toContain('1 marker is kept in spool');
      server.faults.clear();
      const other = ['emit', '--drain', 'spool', '--bucket', 's3://other/markers'];
      expect(errorOf(await runCli(other, { cwd, env: server.env() }))).toMatchObject({ code: 'USAGE' });
      const drain = ['emit', '--drain', 'spool', '--bucket', `${ADDRESS}/`];
      expect(await runCli(drain, { cwd, env: server.env() })).toMatchObject({ code: 0 });
      expect(bucket.objects.size).toBe(1);
    }));
});

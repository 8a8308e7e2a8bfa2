import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStateObject, type StateObjectOptions } from '../../../../src/aws/s3/state-object.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';
import type { Fault } from '../../../fakes/faults.ts';
import type { Bucket } from '../../../fakes/s3/s3-state.ts';

const KEY = "deploys/größe (1)'s.json";
const TITLE = `s3://acme-audit/${KEY}`;

let server: AwsServer;
let bucket: Bucket;

beforeEach(async () => {
  server = await startAwsServer();
  bucket = { objects: new Map() };
  server.state.buckets.set('acme-audit', bucket);
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  expect(server.violations).toEqual([]);
});

function open(options: Partial<StateObjectOptions> = {}) {
  return openStateObject({
    address: { bucket: 'acme-audit', key: KEY },
    region: server.state.region,
    env: server.env(),
    ...options,
  });
}

const contentOf = (): string | undefined => bucket.objects.get(KEY)?.body.toString();

describe('a state in S3', () => {
  test('that is not there has no text, and then the one that was written', async () => {
    const state = open();
    expect(state.title).toBe(TITLE);
    expect(await state.read()).toBeUndefined();
    await state.write('{"größe":1}');
    expect(bucket.objects.get(KEY)?.contentType).toBe('application/json');
    expect(await open().read()).toBe('{"größe":1}');
    await state.write('{"größe":2}');
    expect(contentOf()).toBe('{"größe":2}');
  });

  test('is read and written under an endpoint with a path and without a Region of its own', async () => {
    const { AWS_ENDPOINT_URL_S3: url = '', ...others } = server.env();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL', `${url}/`);
    const state = open({ env: { ...others, AWS_ENDPOINT_URL: `${url}/` } });
    await state.write('x');
    expect(await state.read()).toBe('x');
  });

  test('that somebody else wrote meanwhile is not overwritten', async () => {
    const [one, other] = [open(), open()];
    expect([await one.read(), await other.read()]).toEqual([undefined, undefined]);
    await one.write('one');
    const conflict = {
      code: 'STATE_CONFLICT',
      exitCode: 4,
      message: `${TITLE} was changed by somebody else meanwhile`,
    };
    await expect(other.write('other')).rejects.toMatchObject(conflict);
    // Nor by trying again.
    await expect(other.write('other')).rejects.toMatchObject(conflict);
    expect(contentOf()).toBe('one');
    expect(await other.read()).toBe('one');
    bucket.objects.delete(KEY);
    await expect(other.write('other')).rejects.toMatchObject(conflict);
    expect(contentOf()).toBeUndefined();
  });

  test.each<[Fault, Fault]>([
    [{ kind: 'error', status: 503, code: 'SlowDown' }, { kind: 'error500' }],
    [{ kind: 'reset' }, { kind: 'throttle' }],
  ])('is asked for again after %j and %j', async (first, second) => {
    for (const operation of ['GetObject', 'PutObject'] as const)
      for (const fault of [first, second]) server.faults.add(operation, fault);
    const state = open();
    expect(await state.read()).toBeUndefined();
    await state.write('x');
    expect(contentOf()).toBe('x');
    expect(server.requests).toHaveLength(6);
  });

  test('that was written, but whose answer was lost, is written', async () => {
    const state = open();
    await state.read();
    server.faults.add('PutObject', { kind: 'resetAfterStore' });
    await state.write('x');
    expect(contentOf()).toBe('x');
    await state.write('y');
    expect(contentOf()).toBe('y');
  });

  test.each<[Fault, string, string]>([
    [{ kind: 'error', status: 503, code: 'SlowDown' }, 'AWS_THROTTLED', 'GetObject failed: SlowDown'],
    [{ kind: 'error500' }, 'AWS_UNAVAILABLE', '3 attempts'],
    [{ kind: 'denied' }, 'ACCESS_DENIED', 'without s3:ListBucket S3 says the same of an object'],
    [{ kind: 'reset' }, 'NETWORK', 'GetObject failed'],
  ])('after %j fails with %s', async (fault, code, message) => {
    server.faults.add('GetObject', fault, Number.POSITIVE_INFINITY);
    await expect(open().read()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('that is not what S3 has a checksum of is asked for again, and then no answer', async () => {
    await open().write('{"größe":1}');
    const stored = bucket.objects.get(KEY);
    if (stored === undefined) throw new Error('nothing is stored');
    expect(stored.checksum).toEqual({ 'x-amz-checksum-crc32': expect.any(String) });
    bucket.objects.set(KEY, { ...stored, body: Buffer.from('{"größe":2}') });
    await expect(open().read()).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringMatching(/^GetObject failed: ChecksumMismatch: .*3 attempts/),
    });
    expect(server.requests).toHaveLength(4);
  });

  test('in a bucket that is not there says so', async () => {
    server.state.buckets.clear();
    await expect(open().read()).rejects.toMatchObject({ code: 'BUCKET_NOT_FOUND', exitCode: 5 });
    await expect(open().write('x')).rejects.toMatchObject({ code: 'BUCKET_NOT_FOUND' });
  });

  test('goes on with new credentials when those at hand have expired', async () => {
    const { id, secret, sessionToken = '' } = server.state.defaultKey;
    server.faults.add('PutObject', { kind: 'expired' });
    await open({ renew: async () => ({ accessKeyId: id, secretAccessKey: secret, sessionToken }) }).write(
      'x',
    );
    expect(contentOf()).toBe('x');
  });

  test('is tried as often as AWS_MAX_ATTEMPTS says, and ends with its signal', async () => {
    server.faults.add('GetObject', { kind: 'error500' });
    const env = { ...server.env(), AWS_MAX_ATTEMPTS: '1' };
    await expect(open({ env }).read()).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
    server.faults.add('GetObject', { kind: 'hang' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('over')), 100);
    await expect(open().read(controller.signal)).rejects.toThrow('over');
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { type S3Request, sendS3 } from '../../fakes/s3/s3-client.ts';
import { type SigningOptions, sendRaw } from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
  server.state.buckets.set('state', { objects: new Map() });
  server.state.buckets.set('foreign', { accountId: '999999999999', objects: new Map() });
});
afterEach(() => server.close());

async function send(request: Partial<S3Request>, options: Partial<SigningOptions> = {}) {
  const { status, headers, text } = await sendS3(
    server,
    { method: 'GET', target: '/state/a', ...request },
    options,
  );
  return { status, headers, text, code: /<Code>(.*)<\/Code>/.exec(text)?.[1] };
}

const A = '"0cc175b9c0f1b6a831c399e269772661"';
const put = (body: string, ...headers: [string, string][]) => send({ method: 'PUT', body, headers });

describe('objects', () => {
  afterEach(() => expect(server.violations).toEqual([]));

  test('are put and got, with their ETag and type', async () => {
    expect(await send({})).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(await put('a', ['content-type', 'application/json'])).toMatchObject({
      status: 200,
      headers: { etag: A },
    });
    expect(await send({ target: '/state/a?x-id=GetObject' })).toMatchObject({
      status: 200,
      text: 'a',
      headers: { etag: A, 'content-type': 'application/json', 'x-amz-request-id': expect.any(String) },
    });
    const spelled = "/state/b%20c/%C3%B6%2B%3D(f')";
    expect(await send({ method: 'PUT', target: spelled, body: 'x' })).toMatchObject({ status: 200 });
    expect([...(server.state.buckets.get('state')?.objects.keys() ?? [])]).toEqual(['a', "b c/ö+=(f')"]);
  });

  test('are put only on condition', async () => {
    expect(await put('x', ['if-match', A])).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(await put('a', ['if-none-match', '*'])).toMatchObject({ status: 200 });
    expect(await put('b', ['if-none-match', '*'])).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect(await put('b', ['if-match', '"other"'])).toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    });
    expect(await put('b', ['if-match', A])).toMatchObject({ status: 200 });
    expect(await put('c', ['if-match', A])).toMatchObject({ status: 412 });
    expect((await send({})).text).toBe('b');
  });

  test('are got only on condition', async () => {
    await put('a');
    const get = (name: string, value: string) => send({ headers: [[name, value]] });
    expect(await get('if-match', A)).toMatchObject({ status: 200, text: 'a' });
    expect(await get('if-match', '"other"')).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect(await get('if-none-match', '"other"')).toMatchObject({ status: 200 });
    expect(await get('if-none-match', A)).toMatchObject({ status: 304, text: '', headers: { etag: A } });
  });

  test('have the checksum that they came with, for who asks', async () => {
    await put('a', ['x-amz-checksum-crc32', '6Le+Qw==']);
    const asked = await send({ headers: [['x-amz-checksum-mode', 'ENABLED']] });
    expect(asked.headers).toMatchObject({ 'x-amz-checksum-crc32': '6Le+Qw==' });
    expect((await send({})).headers).not.toHaveProperty('x-amz-checksum-crc32');
  });

  test('are those of buckets that are there and one’s own', async () => {
    expect(await send({ target: '/nobody/a' })).toMatchObject({ status: 404, code: 'NoSuchBucket' });
    expect(await send({ target: '/foreign/a' })).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await send({ headers: [['x-amz-expected-bucket-owner', '999999999999']] })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    const key = { ...server.state.defaultKey, id: 'ASIANOBODY' };
    expect(await send({}, { key })).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
    const time = Date.now() - 16 * 60_000;
    expect(await send({}, { time })).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });
});

describe('what no correct client sends is refused and kept', () => {
  const PUT = { method: 'PUT', body: 'a' } as const;
  const refused: [Partial<S3Request>, number, string][] = [
    [{ ...PUT, claimedHash: '0'.repeat(64) }, 400, 'XAmzContentSHA256Mismatch'],
    [{ ...PUT, claimedHash: 'UNSIGNED-PAYLOAD' }, 400, 'XAmzContentSHA256Mismatch'],
    [{ ...PUT, headers: [['content-md5', 'AAAA']] }, 400, 'BadDigest'],
    [{ ...PUT, headers: [['x-amz-checksum-crc32', 'AAAAAA==']] }, 400, 'BadDigest'],
    [{ ...PUT, headers: [['x-amz-checksum-sha1', 'AAAA']] }, 400, 'BadDigest'],
    [{ ...PUT, headers: [['x-amz-sdk-checksum-algorithm', 'CRC32']] }, 400, 'InvalidRequest'],
    [
      {
        ...PUT,
        headers: [
          ['x-amz-checksum-crc32', '6Le+Qw=='],
          ['x-amz-checksum-sha1', 'hvfkN/qlp/zhXR3cuerq6jd2Z7g='],
        ],
      },
      400,
      'InvalidRequest',
    ],
    [{ ...PUT, headers: [['x-amz-trailer', 'x-amz-checksum-crc32']] }, 400, 'StrictFakeViolation'],
    [{ target: '/state?list-type=2&max-keys=x' }, 400, 'InvalidArgument'],
    [{ target: '/state?list-type=2&fetch-owner=true' }, 400, 'StrictFakeViolation'],
    [{ target: '/state?list-type=2&list-type=2' }, 400, 'StrictFakeViolation'],
    [{ ...PUT, headers: [['x-amz-acl', 'public-read']] }, 400, 'StrictFakeViolation'],
    [{ ...PUT, headers: [['content-encoding', 'aws-chunked']] }, 400, 'StrictFakeViolation'],
    [{ ...PUT, headers: [['if-none-match', A]] }, 501, 'NotImplemented'],
    [{ ...PUT, target: `/state/${'k'.repeat(1025)}` }, 400, 'KeyTooLongError'],
    [{ target: '/state/a?versionId=1' }, 400, 'StrictFakeViolation'],
    [{ body: 'a' }, 400, 'StrictFakeViolation'],
    [{ headers: [['range', 'bytes=5-2']] }, 400, 'StrictFakeViolation'],
  ];
  test.each(refused)('%o', async (request, status, code) => {
    expect(await send(request)).toMatchObject({ status, code });
    expect(server.violations).toHaveLength(1);
    expect(server.state.buckets.get('state')?.objects.size).toBe(0);
  });

  test('for another service, with another secret, or without a signature', async () => {
    const key = { ...server.state.defaultKey, secret: 'wrong' };
    expect(await send({}, { service: 'sns' })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(await send({}, { key })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    const unsigned = await sendRaw(server, { method: 'GET', target: '/state/a' });
    expect(unsigned).toMatchObject({
      status: 403,
      text: expect.stringContaining('<Code>AccessDenied</Code>'),
    });
    const garbled = await sendRaw(server, { method: 'GET', target: '/state/%FF' });
    expect(garbled.status).toBe(404);
    expect(server.violations).toHaveLength(4);
  });
});

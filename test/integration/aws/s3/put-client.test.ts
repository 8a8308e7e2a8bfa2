import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createBucketHome } from '../../../../src/aws/s3/bucket-region.ts';
import { describePutNew, PutClient } from '../../../../src/aws/s3/put-client.ts';
import { askSdk, ENV, type Env, fault, KEYS, keepRequests, type Told } from './kept-requests.ts';

const KEY = 'markers/2026/01/02/a-b_C.json';
const TAKEN = { headers: { etag: '"e"' } };

function openKept(answers: readonly Told[], region = 'eu-west-1', env: Env = {}) {
  const { requestHandler, sent } = keepRequests(answers);
  const client = new PutClient({
    home: createBucketHome(region),
    options: { env: { ...ENV, ...env } },
    requestHandler,
    credentials: async () => KEYS,
  });
  const put = (bucket = 'acme') => client.putNew({ bucket, key: KEY, body: '{}\n' });
  return { put, sent };
}

/** The same request as the SDK makes it. */
function putBySdk(bucket: string, region: string, env: Env) {
  const command = new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: '{}\n', IfNoneMatch: '*' });
  return askSdk(client => client.send(command), region, env);
}

const FIPS = { AWS_USE_FIPS_ENDPOINT: 'true' };
const DUAL = { AWS_USE_DUALSTACK_ENDPOINT: 'true' };
const OWN = { AWS_ENDPOINT_URL_S3: 'https://minio.acme.internal:9000/s3/' };

describe('a new object goes where the SDK sends it', () => {
  test.each<[bucket: string, region: string, env: Env]>([
    ['acme', 'eu-west-1', {}],
    ['acme', 'us-east-1', {}],
    ['acme.audit', 'eu-west-1', {}],
    ['acme', 'eu-west-1', FIPS],
    ['acme.audit', 'us-east-2', FIPS],
    ['acme', 'eu-west-1', DUAL],
    ['acme', 'us-gov-west-1', { ...FIPS, ...DUAL }],
    ['acme', 'us-gov-east-1', {}],
    ['acme', 'cn-north-1', {}],
    ['acme', 'cn-northwest-1', DUAL],
    ['acme', 'us-iso-east-1', {}],
    ['acme', 'us-isob-east-1', {}],
    ['acme', 'us-isof-south-1', {}],
    ['acme', 'eu-isoe-west-1', {}],
    ['acme', 'eusc-de-east-1', {}],
    ['acme', 'eu-west-1', OWN],
    ['acme.audit', 'eu-west-1', OWN],
    ['acme', 'eu-west-1', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }],
    ['acme', 'eu-west-1', { ...OWN, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
  ])('%s in %s with %j', async (bucket, region, env) => {
    const { put, sent } = openKept([TAKEN], region, env);
    await put(bucket);
    const [own] = sent;
    const { method, protocol, hostname, port, path, headers } = await putBySdk(bucket, region, env);
    expect(own).toMatchObject({ method, protocol, hostname, path });
    expect(own?.port).toBe(port);
    expect(own?.headers['host']).toBe(headers['host']);
    expect(own?.headers['authorization']).toContain(`/${region}/s3/aws4_request`);
  });

  test.each<[Env, RegExp]>([
    [{ ...OWN, ...FIPS }, /^Invalid Configuration: FIPS/],
    [{ ...OWN, ...DUAL }, /^Invalid Configuration: Dualstack/],
  ])('and nowhere with %j', async (env, message) => {
    await expect(openKept([TAKEN], 'eu-west-1', env).put()).rejects.toThrow(message);
    await expect(putBySdk('acme', 'eu-west-1', env)).rejects.toThrow();
  });

  test('nor with FIPS in China, as the SDK', async () => {
    await expect(openKept([TAKEN], 'cn-north-1', FIPS).put()).rejects.toThrow(/FIPS/);
    await expect(putBySdk('acme', 'cn-north-1', FIPS)).rejects.toThrow(/FIPS/);
  });

  test('and what a dry run prints is that', async () => {
    const object = { bucket: 'acme', key: KEY, body: '{}\n' };
    expect(await describePutNew(object, { region: 'eu-west-1', options: { env: ENV } })).toEqual({
      target: `PUT https://acme.s3.eu-west-1.amazonaws.com/${KEY}`,
      body: '{}\n',
    });
  });
});

test('it is made only if there is none, with its checksum', async () => {
  const { put, sent } = openKept([TAKEN]);
  expect(await put()).toMatchObject({ ETag: '"e"', text: '', $metadata: { attempts: 1 } });
  expect(sent[0]?.headers).toMatchObject({
    'if-none-match': '*',
    'x-amz-checksum-sha256': 'yj0WO6sFU4GCciYUBWjzvvfqrBh869doeOC2Pp5EI1Y=',
    'content-type': 'application/json',
    'content-length': '3',
    'x-amz-security-token': 'token',
  });
});

describe('what S3 answers', () => {
  test.each([301, 400, 307])('with %s and another Region is followed, once', async status => {
    const away = fault(status, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-central-1' });
    const { put, sent } = openKept([away, TAKEN]);
    await put();
    await put();
    expect(sent.map(({ hostname }) => hostname)).toEqual([
      'acme.s3.eu-west-1.amazonaws.com',
      'acme.s3.eu-central-1.amazonaws.com',
      'acme.s3.eu-central-1.amazonaws.com',
    ]);
    expect(sent[1]?.headers['authorization']).toContain('/eu-central-1/s3/aws4_request');
  });

  test('by several requests at once sends each of them there', async () => {
    const away = fault(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-central-1' });
    const { put, sent } = openKept([away, away, away, TAKEN]);
    await Promise.all([put(), put(), put()]);
    expect(sent.slice(3).map(({ hostname }) => hostname)).toEqual(
      Array.from({ length: 3 }, () => 'acme.s3.eu-central-1.amazonaws.com'),
    );
  });

  test.each(['evil.example', 'cn-north-1'])('with the Region %s is not followed', async named => {
    const { put, sent } = openKept([fault(301, 'PermanentRedirect', { 'x-amz-bucket-region': named })]);
    await expect(put()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    expect(sent).toHaveLength(1);
  });

  test('with two Regions in turn is not followed twice', async () => {
    const to = (region: string): Told => fault(301, 'PermanentRedirect', { 'x-amz-bucket-region': region });
    const { put, sent } = openKept([to('eu-central-1'), to('eu-north-1')]);
    await expect(put()).rejects.toMatchObject({ name: 'PermanentRedirect' });
    expect(sent).toHaveLength(2);
  });

  test.each([
    [409, 'ConditionalRequestConflict'],
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [400, 'RequestTimeout'],
  ])('with %s %s is asked again', async (status, code) => {
    const { put, sent } = openKept([fault(status, code), TAKEN]);
    expect(await put()).toMatchObject({ ETag: '"e"', $metadata: { attempts: 2 } });
    expect(sent).toHaveLength(2);
  });

  test.each([
    [412, 'PreconditionFailed'],
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
    [400, 'BadDigest'],
  ])('with %s %s is final, in its own words', async (status, code) => {
    const { put, sent } = openKept([fault(status, code)]);
    await expect(put()).rejects.toMatchObject({
      name: code,
      message: 'why <it> & so',
      $fault: 'client',
      $metadata: { httpStatusCode: status, attempts: 1 },
    });
    expect(sent).toHaveLength(1);
  });

  test.each([
    '',
    'Forbidden',
    '<html><body>no</body></html>',
    '{"Code":"AccessDenied"}',
    '<Error><Code>',
    '<Error/>',
  ])('with 403 and %j is no word of S3', async text => {
    await expect(openKept([{ status: 403, body: text }]).put()).rejects.toMatchObject({
      name: 'SyntaxError',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

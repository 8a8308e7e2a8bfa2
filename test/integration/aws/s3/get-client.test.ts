import { hash } from 'node:crypto';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createBucketHome } from '../../../../src/aws/s3/bucket-region.ts';
import { GetClient, type S3Part } from '../../../../src/aws/s3/get-client.ts';
import { askSdk, ENV, type Env, fault, KEYS, keepRequests, type Told } from './kept-requests.ts';

const TEXT = '{"Records":[]}';
const found = (headers: Told['headers'] = {}): Told => ({ headers: { etag: '"e"', ...headers }, body: TEXT });

function openKept(answers: readonly Told[] = [found()], region = 'eu-west-1', env: Env = {}) {
  const { requestHandler, sent } = keepRequests(answers);
  const client = new GetClient({
    home: createBucketHome(region),
    options: { env: { ...ENV, ...env } },
    requestHandler,
    credentials: async () => KEYS,
  });
  const get = (part: Partial<S3Part> = {}) => client.get({ bucket: 'acme', key: 'x', ...part });
  return { get, sent };
}

/** The same request as the SDK makes it. */
function getBySdk(
  { bucket = 'acme', key = 'x', etag, range }: Partial<S3Part>,
  region: string,
  env: Env = {},
) {
  const input = { Bucket: bucket, Key: key, IfMatch: etag, Range: range && `bytes=${range[0]}-${range[1]}` };
  return askSdk(client => client.send(new GetObjectCommand(input)), region, env);
}

const OWN = { AWS_ENDPOINT_URL_S3: 'https://minio.acme.internal:9000/s3/' };
const UNCHECKED = { AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required' };

describe('an object is asked for as the SDK does', () => {
  test.each<[part: Partial<S3Part>, region: string, env: Env]>([
    [{ key: 'a/b c+d.json' }, 'eu-west-1', {}],
    [{ key: "ü!'()*~" }, 'cn-north-1', {}],
    [{ key: 'a//b/../c' }, 'us-east-1', {}],
    // A dot more would not be covered by the certificate of *.s3.REGION.amazonaws.com.
    [{ bucket: 'acme.audit' }, 'eu-west-1', {}],
    [{ etag: '"e"', range: [0, 9] }, 'us-gov-west-1', { AWS_USE_FIPS_ENDPOINT: 'true' }],
    [{ etag: '"e"' }, 'eu-west-1', OWN],
    [{}, 'eu-west-1', UNCHECKED],
  ])('%j in %s with %j', async (part, region, env) => {
    const { get, sent } = openKept([found()], region, env);
    await get(part);
    const [own] = sent;
    const sdk = await getBySdk(part, region, env);
    expect(own).toMatchObject({
      method: sdk.method,
      protocol: sdk.protocol,
      hostname: sdk.hostname,
      path: sdk.path,
    });
    expect(own?.port).toBe(sdk.port);
    const names = ['host', 'if-match', 'range', 'x-amz-checksum-mode', 'x-amz-security-token'];
    for (const name of [...names, 'content-type', 'content-length'])
      expect(own?.headers[name], name).toBe(sdk.headers[name] ?? sdk.headers[name.toUpperCase()]);
    expect(own?.headers['authorization']).toContain(`/${region}/s3/aws4_request`);
  });
});

test('what S3 gives is the body with its ETag and what its writer said', async () => {
  const { get } = openKept([found({ 'x-amz-meta-signature': 'abc', 'content-type': 'x' })]);
  expect(await get()).toMatchObject({
    ETag: '"e"',
    Body: Buffer.from(TEXT),
    Metadata: { signature: 'abc' },
    $metadata: { attempts: 1, httpStatusCode: 200 },
  });
});

/** Of the text, by tools of other makers; the CRCs are those of the catalogue of parametrised CRC algorithms. */
const CHECKSUMS: readonly [algorithm: string, checksum: string][] = [
  ['sha256', hash('sha256', TEXT, 'base64')],
  ['sha1', hash('sha1', TEXT, 'base64')],
  ['crc32', crcOf(TEXT, { bits: 32, polynomial: 0xedb88320n })],
  ['crc32c', crcOf(TEXT, { bits: 32, polynomial: 0x82f63b78n })],
  ['crc64nvme', crcOf(TEXT, { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n })],
];

/** A reflected CRC, bit by bit. */
function crcOf(text: string, { bits, polynomial }: { bits: number; polynomial: bigint }): string {
  const ones = (1n << BigInt(bits)) - 1n;
  let crc = ones;
  for (const byte of Buffer.from(text)) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return Buffer.from((crc ^ ones).toString(16).padStart(bits / 4, '0'), 'hex').toString('base64');
}

describe('a body', () => {
  test.each(CHECKSUMS)('with its %s is held against it', async (algorithm, checksum) => {
    const header = `x-amz-checksum-${algorithm}`;
    const { get } = openKept([found({ [header]: checksum })]);
    expect(await get()).toMatchObject({ $metadata: { attempts: 1 } });
    const wrong = Buffer.from(checksum, 'base64').fill(1).toString('base64');
    const again = openKept([found({ [header]: wrong }), found({ [header]: checksum })]);
    expect(await again.get()).toMatchObject({ $metadata: { attempts: 2 } });
    const never = openKept([found({ [header]: wrong })]);
    await expect(never.get()).rejects.toMatchObject({
      name: 'ChecksumMismatch',
      $metadata: { attempts: 3, httpStatusCode: 200 },
    });
  });

  test('uploaded in parts has a checksum of its parts, which says nothing of it', async () => {
    const { get } = openKept([found({ 'x-amz-checksum-crc32': 'AAAAAA==-3' })]);
    expect(await get()).toMatchObject({ $metadata: { attempts: 1 } });
  });
});

test('a clock that is wrong is corrected once, for all further requests', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const { get, sent } = openKept([fault(403, 'RequestTimeTooSkewed', { date }), { ...found({ date }) }]);
  await get();
  await get();
  expect(sent).toHaveLength(3);
});

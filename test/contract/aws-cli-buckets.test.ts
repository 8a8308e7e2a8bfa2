import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openS3 } from '../../src/aws/s3/client.ts';
import { type ListQuery, listFolder, listObjects } from '../../src/aws/s3/list.ts';
import { readPart, type S3Call } from '../../src/aws/s3/object.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import { toObject } from '../trail-world/bucket.ts';
import { findAwsCli, runAwsCli } from './aws-cli.ts';

// That the AWS CLI is there in CI is held in aws-cli-reads.test.ts.
const cli = findAwsCli(process.env);
const BODY = Buffer.from('0123456789');
/** In the order of their bytes. */
const KEYS = ['a b/1', 'a b/2/x', 'a b/2/y', "a b/größe=+&%'(f)", 'a b/<&>', 'a-1', 'c/d/e', 'z'].toSorted(
  (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
);

describe.runIf(typeof cli !== 'string')('a bucket as the AWS CLI sees it', () => {
  let server: AwsServer;
  let folder: string;
  let call: S3Call;
  beforeEach(async () => {
    server = await startAwsServer();
    // The SDK's client looks there.
    for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
    const objects = new Map(KEYS.map(key => [key, toObject(BODY, 0)]));
    server.state.buckets.set('trail', { objects });
    folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
    call = { service: openS3({ region: server.state.region, env: server.env() }), signal: undefined };
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    call.service.client.destroy();
    await server.close();
    await rm(folder, { recursive: true });
    expect(server.violations).toEqual([]);
  });

  async function run(...args: string[]) {
    if (typeof cli === 'string') throw new Error(cli);
    return runAwsCli(cli, server, ['s3api', ...args]);
  }

  async function read(...args: string[]) {
    const result = await run(...args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(result.stdout);
  }

  const list = (...more: string[]) => read('list-objects-v2', '--bucket', 'trail', ...more);
  const names = ({ Contents = [] }: { Contents?: { Key: string }[] }) => Contents.map(({ Key }) => Key);
  const folders = ({ CommonPrefixes = [] }: { CommonPrefixes?: { Prefix: string }[] }) =>
    CommonPrefixes.map(({ Prefix }) => Prefix);

  test('each page says what was asked, how much it holds, and how it goes on', async () => {
    const asked = ['--no-paginate', '--prefix', 'a b/', '--delimiter', '/', '--start-after', 'a b/1'];
    const first = await list(...asked, '--max-keys', '2');
    expect(first).toMatchObject({
      Name: 'trail',
      Prefix: 'a b/',
      Delimiter: '/',
      StartAfter: 'a b/1',
      MaxKeys: 2,
      KeyCount: 2,
      IsTruncated: true,
      NextContinuationToken: expect.stringMatching(/./),
    });
    // A folder counts as one, and lies where its keys do.
    expect([folders(first), names(first)]).toEqual([['a b/2/'], ['a b/<&>']]);
    const token = first.NextContinuationToken;
    const second = await list(...asked, '--max-keys', '2', '--continuation-token', token);
    expect(second).toMatchObject({ KeyCount: 1, IsTruncated: false, ContinuationToken: token });
    expect(second).not.toHaveProperty('NextContinuationToken');
    expect([folders(second), names(second)]).toEqual([[], ["a b/größe=+&%'(f)"]]);
  });

  test('a page that is just full is the last one, and there may be nothing at all', async () => {
    const full = await list('--no-paginate', '--max-keys', String(KEYS.length));
    expect(full).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false });
    expect(names(full)).toEqual(KEYS);
    for (const none of [
      ['--prefix', 'nothing'],
      ['--start-after', 'z'],
      ['--max-keys', '0'],
    ])
      expect(await list('--no-paginate', ...none)).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('names are encoded as S3 does, where that is asked for', async () => {
    const encoded = await list('--no-paginate', '--encoding-type', 'url', '--prefix', 'a b/');
    expect(encoded).toMatchObject({ EncodingType: 'url', Prefix: 'a+b/' });
    expect(names(encoded)).toContain('a+b/gr%C3%B6%C3%9Fe%3D%2B%26%25%27%28f%29');
    expect(names(encoded)).toContain('a+b/%3C%26%3E');
  });

  const queries: [query: Omit<ListQuery, 'bucket'>, delimiter: boolean, args: string[]][] = [
    [{ prefix: '' }, false, []],
    [{ prefix: '' }, true, ['--delimiter', '/']],
    [{ prefix: 'a b/' }, true, ['--prefix', 'a b/', '--delimiter', '/']],
    [{ prefix: 'a b/', startAfter: 'a b/2/x' }, false, ['--prefix', 'a b/', '--start-after', 'a b/2/x']],
    [{ prefix: '', startAfter: 'a b/größe' }, false, ['--start-after', 'a b/größe']],
  ];
  test.each(queries)(
    '%j with a delimiter or not (%j) is asked and answered as for us',
    async (query, isFolder, args) => {
      const seen = await list(...args);
      const asked = server.requests.at(-1)?.query ?? [];
      const own = { objects: [] as string[], folders: [] as string[] };
      if (isFolder) {
        const found = await listFolder({ bucket: 'trail', ...query }, call);
        own.objects.push(...found.objects.map(({ key }) => key));
        own.folders.push(...found.folders);
      } else {
        for await (const { key } of listObjects({ bucket: 'trail', ...query }, call)) own.objects.push(key);
      }
      expect(own).toEqual({ objects: names(seen), folders: folders(seen) });
      const ours = server.requests.at(-1)?.query ?? [];
      const meant = (pairs: readonly (readonly [string, string])[]) =>
        pairs
          .filter(
            ([name, value]) =>
              !['encoding-type', 'x-id'].includes(name) && !(name === 'prefix' && value === ''),
          )
          .toSorted();
      expect(meant(ours)).toEqual(meant(asked));
    },
  );

  const ranges: [range: string, text: string, told: string][] = [
    ['bytes=2-5', '2345', 'bytes 2-5/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ];
  test.each(ranges)('get-object --range %s gives %s', async (range, text, told) => {
    const file = join(folder, 'part');
    const got = await read('get-object', '--bucket', 'trail', '--key', 'z', '--range', range, file);
    expect(got).toMatchObject({ ContentRange: told, ContentLength: text.length, AcceptRanges: 'bytes' });
    expect(await readFile(file, 'utf8')).toBe(text);
    // No checksum of the whole is told of a part.
    expect(Object.keys(got).filter(name => name.startsWith('Checksum'))).toEqual([]);
  });

  test('a part is asked for as the AWS CLI does, and one beyond the end is none', async () => {
    const etag = toObject(BODY, 0).etag;
    const object = ['get-object', '--bucket', 'trail', '--key', "a b/größe=+&%'(f)", '--if-match', etag];
    await read(...object, '--range', 'bytes=2-5', join(folder, 'part'));
    const asked = server.requests.at(-1);
    const part = { bucket: 'trail', key: "a b/größe=+&%'(f)", etag, range: [2, 5] } as const;
    expect(Buffer.from((await readPart(part, call)).body).toString()).toBe('2345');
    const own = server.requests.at(-1);
    expect(own?.path).toBe(asked?.path);
    for (const name of ['range', 'if-match', 'x-amz-checksum-mode', 'content-type'])
      expect(own?.headers[name], name).toBe(asked?.headers[name]);
    const beyond = await run(...object, '--range', 'bytes=10-', join(folder, 'none'));
    expect(beyond.stderr).toContain('(InvalidRange)');
    const other = await run(
      'get-object',
      '--bucket',
      'trail',
      '--key',
      'z',
      '--if-match',
      '"x"',
      join(folder, 'no'),
    );
    expect(other.stderr).toContain('(PreconditionFailed)');
  });
});

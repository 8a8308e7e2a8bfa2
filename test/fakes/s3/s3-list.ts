import { AwsRefusal, createResponse, escapeXml, strictViolation } from '../aws-refusal.ts';
import { type HttpRequest, headerValue } from '../http-message.ts';
import type { Operation } from '../operation.ts';
import { bucketRegion, checkHeaders, findBucket } from './s3-operations.ts';
import type { StoredObject } from './s3-state.ts';

const BUCKET_PATH = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;

/** What the request may ask for: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const PARAMETERS = [
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'x-id',
];

/** Whether a request lists a bucket in the second form of that operation. */
export function isBucketList({ path, query }: HttpRequest): boolean {
  return BUCKET_PATH.test(path) && query.some(([name, value]) => name === 'list-type' && value === '2');
}

function readQuery(request: HttpRequest): ReadonlyMap<string, string> {
  const query = new Map(request.query);
  if (query.size !== request.query.length) throw strictViolation('A query parameter is given twice.');
  const stranger = [...query.keys()].find(name => !PARAMETERS.includes(name));
  if (stranger !== undefined) throw strictViolation(`Unknown query parameter '${stranger}'.`);
  return query;
}

function readMost(text: string | undefined): number {
  if (text !== undefined && !/^\d+$/.test(text))
    throw new AwsRefusal(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range', {
      violation: true,
    });
  return Math.min(Number(text ?? 1000), 1000);
}

interface Entry {
  /** The key, or the common prefix. */
  readonly name: string;
  readonly object: StoredObject | undefined;
  /** The last key that it stands for. */
  readonly last: string;
}

/** Objects in the order of the bytes of their keys, those below one common prefix as one. */
function group(objects: ReadonlyMap<string, StoredObject>, prefix: string, delimiter: string): Entry[] {
  const entries: Entry[] = [];
  const sorted = [...objects]
    .filter(([key]) => key.startsWith(prefix))
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [key, object] of sorted) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (entries.at(-1)?.name === name) entries.pop();
    entries.push({ name, object: end < 0 ? object : undefined, last: key });
  }
  return entries;
}

function isAfter(key: string, start: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(start)) > 0;
}

/** As a form has it, but for the slash; how AWS's tools decode it. */
function toKey(text: string, encoding: string | undefined): string {
  if (encoding === undefined) return escapeXml(text);
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('%2F', '/');
}

function renderEntry({ name, object }: Entry, encoding: string | undefined): string {
  const key = toKey(name, encoding);
  if (object === undefined) return `<CommonPrefixes><Prefix>${key}</Prefix></CommonPrefixes>`;
  const time = new Date(object.modifiedAt).toISOString();
  return (
    `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>${escapeXml(object.etag)}</ETag>` +
    `<Size>${object.body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}

/** ListObjectsV2: keys in order, page by page, also only those that begin alike and folded at a delimiter. */
export const LIST_OBJECTS: Operation = {
  service: 's3',
  protocol: 'rest-xml',
  signed: true,
  region: bucketRegion,
  name: 'ListObjectsV2',
  prepare(state, call) {
    const { request } = call;
    const query = readQuery(request);
    checkHeaders(request, []);
    if (headerValue(request, 'content-type') !== undefined || request.body.length > 0)
      throw strictViolation('A GET must not have a body.');
    const [, bucket = ''] = BUCKET_PATH.exec(request.path) ?? [];
    const most = readMost(query.get('max-keys'));
    const [prefix = '', delimiter = '', encoding] = ['prefix', 'delimiter', 'encoding-type'].map(name =>
      query.get(name),
    );
    const [token, after] = ['continuation-token', 'start-after'].map(name => query.get(name));
    if (encoding !== undefined && encoding !== 'url')
      throw new AwsRefusal(400, 'InvalidArgument', 'Invalid Encoding Method specified in Request', {
        violation: true,
      });
    return () => {
      const start = token === undefined ? after : Buffer.from(token, 'base64').toString();
      const all = group(findBucket(state, call, bucket).objects, prefix, delimiter);
      const rest = start === undefined ? all : all.filter(({ last }) => isAfter(last, start));
      const page = rest.slice(0, most);
      const isTruncated = most > 0 && rest.length > most;
      const next = Buffer.from(page.at(-1)?.last ?? '').toString('base64');
      const text = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
        `<Name>${bucket}</Name><Prefix>${toKey(prefix, encoding)}</Prefix><MaxKeys>${most}</MaxKeys>`,
        ...(delimiter === '' ? [] : [`<Delimiter>${toKey(delimiter, encoding)}</Delimiter>`]),
        ...(encoding === undefined ? [] : [`<EncodingType>${encoding}</EncodingType>`]),
        ...(after === undefined ? [] : [`<StartAfter>${toKey(after, encoding)}</StartAfter>`]),
        ...(token === undefined ? [] : [`<ContinuationToken>${token}</ContinuationToken>`]),
        `<KeyCount>${page.length}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>`,
        ...(isTruncated ? [`<NextContinuationToken>${next}</NextContinuationToken>`] : []),
        ...page.map(entry => renderEntry(entry, encoding)),
        '</ListBucketResult>',
      ].join('\n');
      return createResponse('rest-xml', 200, text);
    };
  },
};

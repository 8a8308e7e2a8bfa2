import { createHash } from 'node:crypto';
import { AwsRefusal, createResponse, strictViolation } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';
import { type HttpRequest, headerValue } from '../http-message.ts';
import { accountOf, type Call, type Operation } from '../operation.ts';
import { claimedRegion, servedRegion } from '../signed-region.ts';
import { CHECKSUM_HEADERS, checkChecksums, checksumOf } from './s3-checksums.ts';
import type { Bucket, StoredObject } from './s3-state.ts';

const S3 = { service: 's3', protocol: 'rest-xml', signed: true, region: bucketRegion } as const;

// `/bucket/key`, as clients write it for an endpoint that is an IP address.
const OBJECT_PATH = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/;

const KNOWN_HEADERS = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-expected-bucket-owner',
];
const GET_HEADERS = ['x-amz-checksum-mode', 'range'];
const RANGE = /^bytes=(\d*)-(\d*)$/;
const PUT_HEADERS = ['x-amz-sdk-checksum-algorithm', ...CHECKSUM_HEADERS];

/**
 * The region that a request of S3 is held to: a bucket that is elsewhere is only told of to a request that is signed well, wherever it is
 * signed for.
 */
export function bucketRegion(state: AwsState, request: HttpRequest): string {
  const bucket = state.buckets.get(request.path.split('/')[1] ?? '');
  if (bucket?.region === undefined) return servedRegion(state, request);
  return claimedRegion(request) ?? state.region;
}

/** Whether a path names an object of a bucket, in UTF-8. */
export function isObjectPath(path: string): boolean {
  if (!OBJECT_PATH.test(path)) return false;
  try {
    return decodeURIComponent(path) !== '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

function readAddress(request: HttpRequest): ObjectAddress {
  const [, bucket = '', encoded = ''] = OBJECT_PATH.exec(request.path) ?? [];
  const key = decodeURIComponent(encoded);
  if (Buffer.byteLength(key) > 1024)
    throw new AwsRefusal(400, 'KeyTooLongError', 'Your key is too long', { violation: true });
  return { bucket, key };
}

/** Refuses headers that no request of this operation has, and the lack of the one that each has. */
export function checkHeaders(request: HttpRequest, headers: readonly string[]): void {
  const known = [...KNOWN_HEADERS, ...headers];
  const unknown = request.headers.find(([name]) => name.startsWith('x-amz-') && !known.includes(name));
  if (unknown !== undefined) throw strictViolation(`Unknown header '${unknown[0]}'.`);
  for (const name of ['range', 'if-modified-since', 'if-unmodified-since'])
    if (headerValue(request, name) !== undefined && !headers.includes(name))
      throw strictViolation(`This server has no ${name}.`);
  if (headerValue(request, 'x-amz-content-sha256') === undefined)
    throw new AwsRefusal(
      400,
      'InvalidRequest',
      'Missing required header for this request: x-amz-content-sha256',
      { violation: true },
    );
}

function checkEnvelope(request: HttpRequest, operation: string, headers: readonly string[]): void {
  const stranger = request.query.find(([name, value]) => name !== 'x-id' || value !== operation);
  if (stranger !== undefined) throw strictViolation(`Unknown query parameter '${stranger[0]}'.`);
  checkHeaders(request, headers);
}

/** The bucket of that name, if it is the caller's. @throws {AwsRefusal} NoSuchBucket, AccessDenied */
export function findBucket(state: AwsState, call: Call, name: string): Bucket {
  const bucket = state.buckets.get(name);
  if (bucket === undefined) throw new AwsRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const owner = bucket.accountId ?? state.accountId;
  const { region } = bucket;
  if (region !== undefined && call.caller?.scope.region !== region)
    throw new AwsRefusal(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { headers: { 'x-amz-bucket-region': region } },
    );
  const expected = headerValue(call.request, 'x-amz-expected-bucket-owner') ?? owner;
  if (owner !== accountOf(call) || owner !== expected)
    throw new AwsRefusal(403, 'AccessDenied', 'Access Denied');
  return bucket;
}

/**
 * What a bucket asks of a PutObject, beside its owner's word.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html and conditional-writes-enforce.html
 */
function checkBucketRules({ objectLock, takesNewOnly }: Bucket, request: HttpRequest): void {
  const hasDigest =
    Object.keys(checksumOf(request)).length > 0 || headerValue(request, 'content-md5') !== undefined;
  if (objectLock === true && !hasDigest)
    throw new AwsRefusal(
      400,
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      { violation: true },
    );
  if (takesNewOnly === true && headerValue(request, 'if-none-match') === undefined)
    throw new AwsRefusal(403, 'AccessDenied', 'Access Denied');
}

function noSuchKey(): AwsRefusal {
  return new AwsRefusal(404, 'NoSuchKey', 'The specified key does not exist.');
}

function preconditionFailed(): AwsRefusal {
  return new AwsRefusal(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  );
}

/** An ETag with its quotes, which S3 does not insist on. */
function readEtag(request: HttpRequest, name: 'if-match' | 'if-none-match'): string | undefined {
  const value = headerValue(request, name);
  if (value === undefined || value === '*' || /^"[^"]*"$/.test(value)) return value;
  if (!/^[\w-]+$/.test(value)) throw strictViolation(`${name} is '${value}', not one ETag.`);
  return `"${value}"`;
}

function describeObject({ etag, modifiedAt, metadata = {} }: StoredObject): Record<string, string> {
  const told = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const times = { 'last-modified': new Date(modifiedAt).toUTCString(), 'accept-ranges': 'bytes' };
  return { etag, ...times, ...Object.fromEntries(told) };
}

/** First and last byte; without the first as many from the end, without the last all to it. */
type Range = readonly [first: number | undefined, last: number | undefined];

/** The part of a body that a request asks for, if it does. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function readRange(request: HttpRequest): Range | undefined {
  const asked = headerValue(request, 'range');
  if (asked === undefined) return undefined;
  const [first, last] = (RANGE.exec(asked) ?? [])
    .slice(1)
    .map(text => (text === '' ? undefined : Number(text)));
  if ((first ?? last) === undefined || (last ?? Number.POSITIVE_INFINITY) < (first ?? 0))
    throw strictViolation(`range is '${asked}'.`);
  return [first, last];
}

function cutRange(range: Range, body: Buffer): { body: Buffer; headers: Record<string, string> } {
  const isTail = range[0] === undefined;
  const first = range[0] ?? Math.max(0, body.length - (range[1] ?? 0));
  const last = isTail ? body.length - 1 : (range[1] ?? body.length - 1);
  if (first >= body.length)
    throw new AwsRefusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  const part = body.subarray(first, last + 1);
  return {
    body: part,
    headers: { 'content-range': `bytes ${first}-${first + part.length - 1}/${body.length}` },
  };
}

/** GetObject: the object or a part of it, if it still is, or no longer is, the one that a condition names. */
export const GET_OBJECT: Operation = {
  ...S3,
  name: 'GetObject',
  prepare(state, call) {
    const { request } = call;
    checkEnvelope(request, 'GetObject', GET_HEADERS);
    if (request.body.length > 0) throw strictViolation('A GET must not have a body.');
    const { bucket, key } = readAddress(request);
    const ifMatch = readEtag(request, 'if-match');
    const ifNoneMatch = readEtag(request, 'if-none-match');
    const range = readRange(request);
    return () => {
      const found = findBucket(state, call, bucket).objects.get(key);
      if (found === undefined) throw noSuchKey();
      if (found.refusal !== undefined) {
        const { status, code, message } = found.refusal;
        throw new AwsRefusal(status, code, message);
      }
      if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== found.etag) throw preconditionFailed();
      const headers = describeObject(found);
      if (ifNoneMatch === '*' || ifNoneMatch === found.etag)
        throw new AwsRefusal(304, 'NotModified', 'Not Modified', { headers });
      const mode = headerValue(request, 'x-amz-checksum-mode');
      if (mode !== undefined && mode !== 'ENABLED')
        throw strictViolation(`x-amz-checksum-mode is '${mode}'.`);
      const part = range && cutRange(range, found.body);
      const checksum = mode === undefined || part !== undefined ? {} : found.checksum;
      return {
        status: part === undefined ? 200 : 206,
        headers: { ...headers, ...checksum, ...part?.headers, 'content-type': found.contentType },
        body: part?.body ?? found.body,
        delivery: { kind: 'whole' },
      };
    };
  },
};

function checkPutEnvelope(request: HttpRequest): void {
  checkEnvelope(request, 'PutObject', PUT_HEADERS);
  if (headerValue(request, 'content-length') === undefined)
    throw new AwsRefusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      violation: true,
    });
  if (headerValue(request, 'content-encoding') !== undefined)
    throw strictViolation('The body must be sent as it is to be stored, without an encoding.');
  checkChecksums(request);
}

function checkConditions(request: HttpRequest, before: StoredObject | undefined): void {
  const ifMatch = readEtag(request, 'if-match');
  if (readEtag(request, 'if-none-match') !== undefined && before !== undefined) throw preconditionFailed();
  if (ifMatch === undefined) return;
  if (before === undefined) throw noSuchKey();
  if (before.etag !== ifMatch) throw preconditionFailed();
}

/**
 * PutObject, also only if there is no such object yet (`If-None-Match: *`) or if it still is the one with an ETag
 * (`If-Match`).
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export const PUT_OBJECT: Operation = {
  ...S3,
  name: 'PutObject',
  prepare(state, call) {
    const { request } = call;
    checkPutEnvelope(request);
    const { bucket, key } = readAddress(request);
    const ifNoneMatch = readEtag(request, 'if-none-match');
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
      throw new AwsRefusal(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        {
          violation: true,
        },
      );
    if (ifNoneMatch !== undefined && readEtag(request, 'if-match') !== undefined)
      throw strictViolation('If-Match and If-None-Match exclude each other.');
    if (readEtag(request, 'if-match') === '*') throw strictViolation('If-Match of a PutObject is an ETag.');
    return () => {
      const found = findBucket(state, call, bucket);
      const { objects } = found;
      checkBucketRules(found, request);
      checkConditions(request, objects.get(key));
      const { body } = request;
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      const contentType = headerValue(request, 'content-type') ?? 'binary/octet-stream';
      objects.set(key, { body, etag, contentType, modifiedAt: state.now(), checksum: checksumOf(request) });
      const response = createResponse('rest-xml', 200, '');
      return { ...response, headers: { etag, ...checksumOf(request) } };
    };
  },
};

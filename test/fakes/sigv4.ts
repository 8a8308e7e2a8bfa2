import { createHash, createHmac } from 'node:crypto';
import type { Pair } from './http-message.ts';

/** The credential scope without the access key: `20150830/us-east-1/iam/aws4_request`. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The parts of a request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  readonly service: string;
  /** Path as on the wire, already percent-encoded once. */
  readonly path: string;
  readonly query: readonly Pair[];
  /** All headers, names in lower case. */
  readonly headers: readonly Pair[];
  /** Names of the signed headers, lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** Lower-case hex SHA-256 of the body. */
  readonly payloadHash: string;
}

/** Lower-case hex SHA-256. */
export function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * AWS's UriEncode: every byte but `A-Z a-z 0-9 - . _ ~` becomes `%XY` in upper case.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

// S3 signs the key encoded once and not normalised, whatever a client leaves unencoded on the wire.
function canonicalKeyPath(path: string): string {
  return path
    .split('/')
    .map(segment => uriEncode(decodeURIComponent(segment)))
    .join('/');
}

// Services other than S3 sign the normalised path with each segment encoded a second time.
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(uriEncode(segment));
  }
  const tail = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${tail}`;
}

function byCodePoint(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function canonicalQuery(query: readonly Pair[]): string {
  return query
    .map(([name, value]): Pair => [uriEncode(name), uriEncode(value)])
    .sort((a, b) => byCodePoint(a[0], b[0]) || byCodePoint(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalHeader(name: string, headers: readonly Pair[]): string {
  const values = headers
    .filter(([header]) => header === name)
    .map(([, value]) => value.trim().replace(/ +/g, ' '));
  return `${name}:${values.join(',')}\n`;
}

/** The canonical request of Signature Version 4, step 1 of AWS's description. */
export function canonicalRequest(parts: SignedParts): string {
  return [
    parts.method,
    parts.service === 's3' ? canonicalKeyPath(parts.path) : canonicalPath(parts.path),
    canonicalQuery(parts.query),
    parts.signedHeaders.map(name => canonicalHeader(name, parts.headers)).join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');
}

/** The string to sign, steps 2 and 3; `amzDate` is `YYYYMMDD'T'HHMMSS'Z'`. */
export function stringToSign(canonical: string, amzDate: string, scope: CredentialScope): string {
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  return ['AWS4-HMAC-SHA256', amzDate, scopeText, sha256Hex(canonical)].join('\n');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The signature in lower-case hex, step 4: a key derived from the secret by the scope, applied to `text`. */
export function calculateSignature(secret: string, scope: CredentialScope, text: string): string {
  const dateKey = hmac(`AWS4${secret}`, scope.date);
  const signingKey = hmac(hmac(hmac(dateKey, scope.region), scope.service), 'aws4_request');
  return hmac(signingKey, text).toString('hex');
}

/** A time in milliseconds as SigV4 writes it: `20150830T123600Z`. */
export function toAmzDate(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The time in milliseconds of an `x-amz-date`, or undefined when it is not one. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

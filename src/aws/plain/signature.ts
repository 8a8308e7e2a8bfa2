import { createHmac, hash } from 'node:crypto';
import { toQueryText, toUnreserved } from '../client/query-text.ts';
import type { AwsCredentials } from '../credentials/keys.ts';

/** A request as it is sent, but for its signature. */
export interface UnsignedRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request is signed with and for. */
export interface Signing {
  readonly credentials: AwsCredentials;
  readonly region: string;
  /** Name of the service in signatures. */
  readonly service: string;
  /** Keeps the key between requests; without it each makes its own. */
  readonly keys?: SigningKeys;
}

/** The key of the latest signature: it holds for a day, and takes more work than the signature itself. */
export class SigningKeys {
  #of: string | undefined;
  #key = Buffer.alloc(0);

  /** @param scope day, Region, service and `aws4_request`, with slashes between them */
  keyFor(secret: string, scope: string): Buffer {
    const of = `${scope}/${secret}`;
    if (of !== this.#of) {
      let key: string | Buffer = `AWS4${secret}`;
      for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
      this.#key = Buffer.from(key);
      this.#of = of;
    }
    return this.#key;
  }
}

/**
 * The headers of a request with its signature (Signature Version 4), which covers the body, too.
 *
 * @param time milliseconds since the epoch
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(
  request: UnsignedRequest & { readonly body: string | Uint8Array },
  { time, ...signing }: Signing & { readonly time: number },
): Record<string, string> {
  const { sessionToken } = signing.credentials;
  const digest = hash('sha256', request.body, 'hex');
  const headers = {
    ...request.headers,
    'x-amz-date': new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, ''),
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    'x-amz-content-sha256': digest,
  };
  return { ...headers, authorization: authorize({ ...request, headers }, digest, signing) };
}

/**
 * The `authorization` of a request, whose headers are complete otherwise.
 *
 * @param digest SHA-256 of the body, in hexadecimal
 */
export function authorize(request: UnsignedRequest, digest: string, signing: Signing): string {
  const { method, path, query, headers } = request;
  const { credentials, region, service, keys = new SigningKeys() } = signing;
  const date = headers['x-amz-date'] ?? '';
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const signed = Object.entries(headers)
    .filter(([name]) => !UNSIGNED.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${toCanonicalValue(value)}\n`).join('');
  const canonicalPath = service === 's3' ? path : toCanonicalPath(path);
  const canonical = [method, canonicalPath, toQueryText(query), lines, names, digest].join('\n');
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  const key = keys.keyFor(credentials.secretAccessKey, scope);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

/** What may be changed on the way, so that no signature covers it; the list is the SDK's. */
const UNSIGNED =
  /^(?:authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

function toCanonicalValue(value: string): string {
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** Normalised, and encoded once more, as for all services but S3, in whose keys `..` and `//` are what they are. */
function toCanonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(toUnreserved(segment));
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

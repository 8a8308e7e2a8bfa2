import { setTimeout as sleep } from 'node:timers/promises';
import { partition } from '@aws-sdk/core/client';
import { resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { quote } from '../../core/base/quote.ts';
import { checkRegion, isRegion } from '../../core/base/region.ts';
import type { S3Address } from '../../core/base/s3-address.ts';
import type { Env } from '../../io/io.ts';
import { VERSION } from '../../version.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import type { Connection } from '../client/connection.ts';
import { toEndpointUrl } from '../client/endpoint-guard.ts';
import { Sha256 } from '../client/sha256.ts';

const FIRST_PAUSE_MS = 200;
/** Time for the head of an answer, and between two parts of its body, which has some kilobytes. */
const ATTEMPT_MS = 10_000;

/** A request for one object. */
export interface S3Request {
  readonly method: 'GET' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal | undefined;
}

/** What S3 said to it under a status below 300. */
export interface S3Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 1, or more where earlier ones failed and may have been carried out all the same. */
  readonly attempts: number;
}

/** Where an object lies and how it is asked for. */
export interface S3Place extends Connection {
  readonly address: S3Address;
  /** Of the bucket, as far as we know; S3 corrects it. */
  readonly region: string;
  readonly env: Env;
  /** Of one request. */
  readonly maxAttempts: number;
}

/** An error of S3 in the form of the SDK's, which `toAwsError` reads. */
class S3Error extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: object;
  override readonly name: string;

  constructor(answer: HttpResponse, body: string, attempts: number) {
    super(/<Message>([^<]*)/.exec(body)?.[1] ?? '');
    const { statusCode, headers } = answer;
    this.name = /<Code>([\w.]+)/.exec(body)?.[1] ?? nameOf(statusCode);
    this.$fault = statusCode >= 500 ? 'server' : 'client';
    this.$metadata = { httpStatusCode: statusCode, requestId: headers['x-amz-request-id'], attempts };
  }
}

/**
 * Makes the sender of requests for one object, signed by the SDK's own signer. 5xx, 429 and faults of the connection are tried again;
 * where the bucket is in another Region, S3 says so and the request goes there.
 *
 * It fails with what `toAwsError` reads.
 *
 * @throws DeployMarkerError CONFIG_INVALID if that is no Region
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTRedirect.html
 */
export function createS3Requester(place: S3Place): (request: S3Request) => Promise<S3Answer> {
  let region = checkRegion(place.region);
  let wasMoved = false;

  async function exchange(request: S3Request): Promise<{ answer: HttpResponse; body: string }> {
    const signed = await sign(toHttpRequest(request, place, region), place, region);
    const options = request.signal === undefined ? {} : { abortSignal: request.signal };
    const { response } = await place.requestHandler.handle(signed, {
      ...options,
      requestTimeout: ATTEMPT_MS,
    });
    let body = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) body += decoder.decode(chunk, { stream: true });
    return { answer: response, body: body + decoder.decode() };
  }

  async function exchangePatiently(request: S3Request): Promise<S3Answer> {
    for (let attempts = 1; ; attempts += 1) {
      const isLast = attempts >= place.maxAttempts;
      try {
        const { answer, body } = await exchange(request);
        const { statusCode, headers } = answer;
        if (statusCode < 300) return { headers, body, attempts };
        const moved = headers['x-amz-bucket-region'];
        if (!wasMoved && statusCode >= 300 && moved !== undefined && moved !== region) {
          wasMoved = true;
          if (!isRegion(moved))
            throw unexpectedAnswer({ operation: 'S3' }, `with the Region ${quote(moved)}`);
          region = moved;
          attempts -= 1;
          continue;
        }
        if (isLast || !(statusCode >= 500 || statusCode === 429)) throw new S3Error(answer, body, attempts);
      } catch (error) {
        if (error instanceof S3Error || request.signal?.aborted || !isFaultOfConnection(error)) throw error;
        // Where the SDK's own errors have it.
        if (isLast) throw Object.assign(error, { $metadata: { attempts } });
      }
      const pause = FIRST_PAUSE_MS * 2 ** (attempts - 1) * (0.5 + Math.random());
      await sleep(pause, undefined, request.signal === undefined ? {} : { signal: request.signal });
    }
  }

  return request => exchangePatiently(request).finally(() => place.requestHandler.destroy?.());
}

/** An answer without a body of its own has no error code. */
function nameOf(status: number): string {
  if (status === 412) return 'PreconditionFailed';
  return status === 403 ? 'AccessDenied' : `HTTP${status}`;
}

function isFaultOfConnection(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.name !== 'DeployMarkerError';
}

/** The bucket in the host name, but under an endpoint of the user's own, and where a dot would spoil the certificate. */
function toHttpRequest({ method, headers, body }: S3Request, place: S3Place, region: string): HttpRequest {
  const { bucket, key } = place.address;
  const { dnsSuffix } = partition(region);
  const own = place.env['AWS_ENDPOINT_URL_S3'] || place.env['AWS_ENDPOINT_URL'] || undefined;
  const inPath = own !== undefined || bucket.includes('.');
  const url = readEndpoint(own ?? `https://${inPath ? '' : `${bucket}.`}s3.${region}.${dnsSuffix}`);
  const port = url.port === '' ? {} : { port: Number(url.port) };
  return new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...port,
    path: `${url.pathname.replace(/\/$/, '')}${inPath ? `/${bucket}` : ''}/${key.split('/').map(toUnreserved).join('/')}`,
    headers: { ...headers, host: url.host, 'user-agent': `deploy-marker/${VERSION}` },
    body,
  });
}

function readEndpoint(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  return toEndpointUrl({ protocol: '', hostname: text });
}

/** As S3 signs it: all but the unreserved characters of RFC 3986. */
function toUnreserved(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function sign(request: HttpRequest, { credentials }: S3Place, region: string): Promise<HttpRequest> {
  const { signer } = resolveAwsSdkSigV4Config({
    credentials: credentials.provider,
    region,
    sha256: Sha256,
    serviceId: 'S3',
    defaultSigningName: 's3',
    // S3 alone takes the path as it stands: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    signingEscapePath: false,
    useFipsEndpoint: async () => false,
    useDualstackEndpoint: async () => false,
  });
  const signed = await (await signer()).sign(request);
  if (HttpRequest.isInstance(signed)) return signed;
  throw new Error('the signer gave no request');
}

import { request as httpRequest } from 'node:http';
import type { AwsServer } from './aws-server.ts';
import type { AccessKey } from './aws-state.ts';
import type { AuditEventEntry } from './cloudtrail/audit-event-rules.ts';
import { type Pair, pairHeaders, parseTarget } from './http-message.ts';
import { calculateSignature, canonicalRequest, sha256Hex, stringToSign, toAmzDate } from './sigv4.ts';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A request, byte for byte as the test wants it; nothing is added but `host` and `content-length`. */
export interface RawRequest {
  readonly method?: string;
  /** Path and query as on the wire. */
  readonly target: string;
  readonly headers?: readonly Pair[];
  readonly body?: string | Buffer;
  /** Sends the body without a content-length. */
  readonly chunked?: boolean;
}

/** What a signature is made for, and how a test may get it wrong. */
export interface SigningOptions {
  readonly key: AccessKey;
  readonly service: string;
  readonly region: string;
  readonly time?: number;
  /** Default: true when the key has one. */
  readonly sendToken?: boolean;
  /** Signs these headers instead of all of them. */
  readonly signedHeaders?: readonly string[];
  readonly terminator?: string;
  /** Date of the scope, when it is not the request's. */
  readonly scopeDate?: string;
}

/** Sends one request on a connection of its own. */
export function sendRaw(server: AwsServer, raw: RawRequest): Promise<Answer> {
  const body = Buffer.from(raw.body ?? '');
  const length: Pair[] = raw.chunked ? [] : [['content-length', String(body.length)]];
  const headers = [['host', `127.0.0.1:${server.port}`], ...length, ...(raw.headers ?? [])].flat();
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: server.port,
      method: raw.method ?? 'POST',
      path: raw.target,
      headers,
      agent: false,
    });
    request.on('error', reject);
    request.on('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(pairHeaders(response.rawHeaders)),
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.end(body);
  });
}

/** `raw` with the headers of a Signature Version 4 added. */
export function signRequest(server: AwsServer, raw: RawRequest, options: SigningOptions): RawRequest {
  const { key, region, service } = options;
  const amzDate = toAmzDate(options.time ?? server.state.now());
  const token: Pair[] =
    key.sessionToken !== undefined && options.sendToken !== false
      ? [['x-amz-security-token', key.sessionToken]]
      : [];
  const headers: Pair[] = [...(raw.headers ?? []), ['x-amz-date', amzDate], ...token];
  const covered: Pair[] = [['host', `127.0.0.1:${server.port}`], ...headers];
  const signedHeaders = options.signedHeaders ?? [...new Set(covered.map(([name]) => name))].sort();
  const scope = { date: options.scopeDate ?? amzDate.slice(0, 8), region, service };
  const canonical = canonicalRequest({
    method: raw.method ?? 'POST',
    service,
    ...parseTarget(raw.target),
    headers: covered,
    signedHeaders,
    payloadHash: sha256Hex(Buffer.from(raw.body ?? '')),
  });
  const signature = calculateSignature(key.secret, scope, stringToSign(canonical, amzDate, scope));
  const credential = `${key.id}/${scope.date}/${region}/${service}/${options.terminator ?? 'aws4_request'}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return { ...raw, headers: [...headers, ['authorization', authorization]] };
}

/** A PutAuditEvents request to the default channel, unsigned as yet. */
export function putAuditEvents(server: AwsServer, body: unknown, target?: string): RawRequest {
  const channelArn = encodeURIComponent(server.state.defaultChannelArn);
  return {
    target: target ?? `/PutAuditEvents?channelArn=${channelArn}`,
    headers: [['content-type', 'application/json']],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Signs `raw` with the default key for the default region and sends it. */
export function sendSigned(
  server: AwsServer,
  raw: RawRequest,
  options: Partial<SigningOptions> = {},
): Promise<Answer> {
  const defaults = { key: server.state.defaultKey, service: 'cloudtrail-data', region: server.state.region };
  return sendRaw(server, signRequest(server, raw, { ...defaults, ...options }));
}

/** An STS request, unsigned as yet. */
export function stsRequest(parameters: Readonly<Record<string, string>>): RawRequest {
  return {
    target: '/',
    headers: [['content-type', 'application/x-www-form-urlencoded; charset=utf-8']],
    body: new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString(),
  };
}

/** An entry of `auditEvents` that CloudTrail takes; `change` replaces fields of its `eventData`. */
export function auditEntry(id: string, change: Readonly<Record<string, unknown>> = {}): AuditEventEntry {
  const eventData = {
    version: '1.0',
    UID: id,
    userIdentity: { type: 'CustomUserIdentity', principalId: 'circleci', details: { job: 'deploy' } },
    eventSource: 'deploymarker.internal',
    eventName: 'DeployMarker',
    eventTime: '2026-11-22T08:12:34Z',
    requestParameters: { env: 'prod' },
    recipientAccountId: '111122223333',
    ...change,
  };
  return { id, eventData: JSON.stringify(eventData) };
}

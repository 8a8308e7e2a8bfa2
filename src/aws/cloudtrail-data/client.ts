import { randomUUID } from 'node:crypto';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { VERSION } from '../../version.ts';
import { toQueryText } from '../client/query-text.ts';
import type { PlainHandler, PlainRequest } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { Retries } from './retries.ts';
import { type CloudTrailDataPlace, readSettings, type Settings } from './settings.ts';
import { signRequest } from './signature.ts';

/** What PutAuditEvents takes. */
export interface PutAuditEventsRequest {
  /** The body as it is sent: `{"auditEvents":[…]}` with 1 to 100 events. */
  readonly body: string;
  /** ARN of the channel. */
  readonly channelArn: string;
  /** Needed when the channel's resource policy asks for one: 2 to 1224 characters. */
  readonly externalId?: string | undefined;
}

/** What a client needs. */
export interface CloudTrailDataClientConfig extends CloudTrailDataPlace {
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: (error: Error) => void;
}

/** A clock that is off by so much is why a request was refused; the SDK's own limit. */
const SKEW_MS = 240_000;

/**
 * Client of the CloudTrail Data service for the one call that every deploy makes: the SDK's runtime takes longer to load than the call
 * itself. Signature, retries, correction of the clock, endpoint and settings are as in the SDK's clients, whose strategies it loads with the
 * first failure.
 */
export class CloudTrailDataClient {
  readonly #config: CloudTrailDataClientConfig;
  #settings: Promise<Settings> | undefined;
  #retries: Promise<Retries> | undefined;
  /** Milliseconds that the service's clock is ahead of ours. */
  #clockOffset = 0;

  constructor(config: CloudTrailDataClientConfig) {
    this.#config = config;
  }

  /**
   * Stores up to 100 events in the event data stores behind a channel. An event can be refused although the call succeeds: read `failed` of
   * the answer, which is as the service gave it, unchecked, beside `$metadata`.
   *
   * It fails with what `toAwsError` reads.
   *
   * @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
   */
  async putAuditEvents(input: PutAuditEventsRequest, signal?: AbortSignal): Promise<object> {
    const { credentials, onFailure } = this.#config;
    this.#settings ??= readSettings(this.#config);
    const settings = await this.#settings;
    const request = toPlainRequest(input, settings);
    const identity = await credentials();
    if (settings.isAdaptive) this.#retries ??= loadRetries(settings);
    let call = await (await this.#retries)?.begin();
    for (let attempts = 1; ; attempts += 1) {
      request.headers['amz-sdk-request'] = `attempt=${attempts}; max=${settings.maxAttempts}`;
      try {
        const output = await this.#attempt(request, identity, settings, signal);
        call?.succeeded();
        return { ...output.fields, $metadata: { ...output.metadata, attempts } };
      } catch (error) {
        if (!(error instanceof Error) || signal?.aborted) throw error;
        onFailure?.(error);
        this.#retries ??= loadRetries(settings);
        call ??= await (await this.#retries).begin();
        if (!(await call.waitForNext(error))) throw withMetadata(error, { attempts });
      }
    }
  }

  async #attempt(
    request: JsonRequest,
    credentials: AwsCredentials,
    { correctsClock }: Settings,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly fields: object; readonly metadata: object }> {
    const { region, requestHandler } = this.#config;
    const offset = this.#clockOffset;
    const headers = signRequest(request, {
      credentials,
      region,
      service: SERVICE,
      time: Date.now() + offset,
    });
    const answer = await requestHandler.send({ ...request, headers }, { abortSignal: signal });
    if (correctsClock) this.#setClock(answer.headers);
    const { statusCode, headers: answered } = answer;
    const requestId =
      answered['x-amzn-requestid'] ?? answered['x-amzn-request-id'] ?? answered['x-amz-request-id'];
    const metadata = { httpStatusCode: statusCode, requestId };
    try {
      const text = await answer.readText();
      if (statusCode < 300) return { fields: toFields(text), metadata };
      throw (await import('./service-error.ts')).readServiceError(answer, text);
    } catch (error) {
      // Our own errors are final.
      if (!(error instanceof Error) || isDeployMarkerError(error)) throw error;
      const clockSkewCorrected = Math.abs(this.#clockOffset) >= SKEW_MS && this.#clockOffset !== offset;
      Object.defineProperty(error, '$response', { value: answer });
      throw withMetadata(error, { ...metadata, clockSkewCorrected });
    }
  }

  /** An answer out of a cache has the time at which it was stored. */
  #setClock({ date, age }: Readonly<Record<string, string>>): void {
    const time = Date.parse(date ?? '');
    if (age === undefined && !Number.isNaN(time)) this.#clockOffset = time - Date.now();
  }
}

/** The very request that would be sent, but for its signature: in one line its target, and its body. @throws as `putAuditEvents` does */
export async function describePutAuditEvents(
  input: PutAuditEventsRequest,
  place: CloudTrailDataPlace,
): Promise<{ readonly target: string; readonly body: string }> {
  const { method, protocol, headers, path, query, body } = toPlainRequest(input, await readSettings(place));
  return { target: `${method} ${protocol}//${headers['host']}${path}?${toQueryText(query)}`, body };
}

/** Name of the service in signatures. */
const SERVICE = 'cloudtrail-data';

type JsonRequest = PlainRequest & {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** Source of the form: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html */
function toPlainRequest(
  { body, channelArn, externalId }: PutAuditEventsRequest,
  { endpoint, appId, traceId }: Settings,
): JsonRequest {
  const { protocol, hostname, port, host, pathname } = endpoint;
  const trace = traceId();
  const agent = `deploy-marker/${VERSION}`;
  return {
    method: 'POST',
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    path: `${pathname === '/' ? '' : pathname}/PutAuditEvents`,
    query: { channelArn, ...(externalId === undefined ? {} : { externalId }) },
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-user-agent': agent,
      'user-agent': appId === undefined ? agent : `${agent} app/${appId}`,
      host,
      ...(trace ? { 'x-amzn-trace-id': trace } : {}),
      'amz-sdk-invocation-id': randomUUID(),
    },
    body,
  };
}

async function loadRetries({ isAdaptive, maxAttempts }: Settings): Promise<Retries> {
  return (await import('./retries.ts')).createRetries(isAdaptive, maxAttempts);
}

/** What is no object has no members. @throws SyntaxError */
function toFields(text: string): object {
  const json: unknown = text === '' ? {} : JSON.parse(text);
  return typeof json === 'object' && json !== null ? json : {};
}

/** The error with more of what the SDK's errors tell of their request. */
function withMetadata(error: Error, more: object): Error {
  const known = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : {};
  return Object.assign(error, { $metadata: { ...known, ...more } });
}

import { toQueryText } from '../client/query-text.ts';
import type { PlainHandler } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import { Attempts, type Output, readOutput } from '../plain/attempts.ts';
import { type TextRequest, toTextRequest } from '../plain/request.ts';
import { type PlainPlace, readSettings, type Settings } from '../plain/settings.ts';
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
export interface CloudTrailDataClientConfig extends PlainPlace {
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: (error: Error) => void;
}

/** Name of the service in hosts and signatures. */
const SERVICE = 'cloudtrail-data';

/** A clock that is off by so much is why a request was refused; the SDK's own limit. */
const SKEW_MS = 240_000;

/** The settings of one client, and its attempts. */
interface Setup {
  readonly settings: Settings;
  readonly attempts: Attempts;
}

/**
 * Client of the CloudTrail Data service for the one call that every deploy makes: the SDK's runtime takes longer to load than the call
 * itself. Signature, retries, correction of the clock, endpoint and settings are as in the SDK's clients, whose strategies it loads with the
 * first failure.
 */
export class CloudTrailDataClient {
  readonly #config: CloudTrailDataClientConfig;
  #setup: Promise<Setup> | undefined;
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
    this.#setup ??= this.#prepare();
    const { settings, attempts } = await this.#setup;
    const request = toRequest(input, settings);
    const identity = await this.#config.credentials();
    return attempts.run(request, signal, () => this.#attempt(request, identity, settings, signal));
  }

  async #prepare(): Promise<Setup> {
    const settings = await readSettings(SERVICE, this.#config);
    return { settings, attempts: new Attempts(settings, this.#config.onFailure) };
  }

  async #attempt(
    request: TextRequest,
    credentials: AwsCredentials,
    { correctsClock }: Settings,
    signal: AbortSignal | undefined,
  ): Promise<Output> {
    const { region, requestHandler } = this.#config;
    const offset = this.#clockOffset;
    const signing = { credentials, region, service: SERVICE, time: Date.now() + offset };
    const headers = signRequest(request, signing);
    const answer = await requestHandler.send({ ...request, headers }, { abortSignal: signal });
    if (correctsClock) this.#setClock(answer.headers);
    return readOutput(answer, {
      toFields,
      toError: async (...refusal) => (await import('./service-error.ts')).readServiceError(...refusal),
      more: () => ({
        clockSkewCorrected: Math.abs(this.#clockOffset) >= SKEW_MS && this.#clockOffset !== offset,
      }),
    });
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
  place: PlainPlace,
): Promise<{ readonly target: string; readonly body: string }> {
  const settings = await readSettings(SERVICE, place);
  const { method, protocol, headers, path, query, body } = toRequest(input, settings);
  return { target: `${method} ${protocol}//${headers['host']}${path}?${toQueryText(query)}`, body };
}

/** Source of the form: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html */
function toRequest({ body, channelArn, externalId }: PutAuditEventsRequest, settings: Settings): TextRequest {
  const query = { channelArn, ...(externalId === undefined ? {} : { externalId }) };
  return toTextRequest({ path: '/PutAuditEvents', query, contentType: 'application/json', body }, settings);
}

/** What is no object has no members. @throws SyntaxError */
function toFields(text: string): object {
  const json: unknown = text === '' ? {} : JSON.parse(text);
  return typeof json === 'object' && json !== null ? json : {};
}

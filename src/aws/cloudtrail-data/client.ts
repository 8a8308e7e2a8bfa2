import { toQueryText } from '../client/query-text.ts';
import type { PlainHandler } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import { type TextRequest, toTextRequest } from '../plain/request.ts';
import { type PlainPlace, readServiceSettings, type Settings } from '../plain/settings.ts';
import { SignedCalls } from '../plain/signed-calls.ts';

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

/** Client of the CloudTrail Data service for its one call; see {@link SignedCalls}. Endpoint and settings are as in the SDK's clients. */
export class CloudTrailDataClient {
  readonly #config: CloudTrailDataClientConfig;
  readonly #calls: SignedCalls<object>;
  #settings: Promise<Settings> | undefined;

  constructor(config: CloudTrailDataClientConfig) {
    this.#config = config;
    const { requestHandler, credentials, onFailure } = config;
    this.#calls = new SignedCalls({
      service: SERVICE,
      requestHandler,
      credentials,
      onFailure,
      toFields,
      toError: async (...refusal) => (await import('./service-error.ts')).readServiceError(...refusal),
    });
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
    this.#settings ??= readServiceSettings(SERVICE, this.#config);
    const settings = await this.#settings;
    const { region } = this.#config;
    return this.#calls.send({ ...toRequest(input, settings), region }, { settings, signal });
  }
}

/** The very request that would be sent, but for its signature: in one line its target, and its body. @throws as `putAuditEvents` does */
export async function describePutAuditEvents(
  input: PutAuditEventsRequest,
  place: PlainPlace,
): Promise<{ readonly target: string; readonly body: string }> {
  const settings = await readServiceSettings(SERVICE, place);
  const { method, protocol, headers, path, query, body } = toRequest(input, settings);
  return { target: `${method} ${protocol}//${headers['host']}${path}?${toQueryText(query)}`, body };
}

/** Source of the form: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html */
function toRequest({ body, channelArn, externalId }: PutAuditEventsRequest, settings: Settings): TextRequest {
  const query = { channelArn, ...(externalId === undefined ? {} : { externalId }) };
  return toTextRequest({ path: '/PutAuditEvents', query, contentType: 'application/json', body }, settings);
}

/** What is no object has no members. @throws SyntaxError */
function toFields(body: Buffer): object {
  const json: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
  return typeof json === 'object' && json !== null ? json : {};
}

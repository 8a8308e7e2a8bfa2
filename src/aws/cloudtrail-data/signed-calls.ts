import { randomUUID } from 'node:crypto';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { VERSION } from '../../version.ts';
import type { AnswerHead } from '../client/http-exchange.ts';
import type { PlainHandler, PlainRequest } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { Retries } from './retries.ts';
import type { CallSettings } from './settings.ts';
import { signRequest } from './signature.ts';

/** A request that is complete but for its signature. */
export type SignableRequest = PlainRequest & {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** A request, and the Region that it is signed for. */
export interface SignedTarget {
  readonly request: SignableRequest;
  readonly region: string;
}

/** How one service is called. `T` is what is made of an answer. */
export interface SignedCallsConfig<T extends object> {
  /** Name of the service in signatures. */
  readonly service: string;
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  /** What an answer of success says; what it throws fails the attempt. */
  read(text: string, head: AnswerHead): T;
  /** What the service says of a request that it did not carry out, in the form of the SDK's errors. */
  readFault(head: AnswerHead, text: string): Promise<Error>;
  /** Where the request belongs instead, if the failure says that. */
  readonly follow?: (error: Error) => SignedTarget | undefined;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/** What an answer says, and how it came. */
export type SignedAnswer<T> = T & { readonly $metadata: object };

/** A clock that is off by so much is why a request was refused; the SDK's own limit. */
const SKEW_MS = 240_000;

/**
 * Calls of one service, for those that every deploy makes: the SDK's runtime takes longer to load than the call itself. Signature, retries
 * and correction of the clock are as in the SDK's clients, whose strategies it loads with the first failure.
 */
export class SignedCalls<T extends object> {
  readonly #config: SignedCallsConfig<T>;
  #retries: Promise<Retries> | undefined;
  /** Milliseconds that the service's clock is ahead of ours. */
  #clockOffset = 0;

  constructor(config: SignedCallsConfig<T>) {
    this.#config = config;
  }

  /** Sends a request until it is answered or no attempt is left. It fails with what `toAwsError` reads. */
  async send(
    first: SignedTarget,
    settings: CallSettings,
    signal: AbortSignal | undefined,
  ): Promise<SignedAnswer<T>> {
    const { credentials, onFailure, follow } = this.#config;
    let target = first;
    const identity = await credentials();
    if (settings.isAdaptive) this.#retries ??= loadRetries(settings);
    let call = await (await this.#retries)?.begin();
    for (let attempts = 1; ; attempts += 1) {
      target.request.headers['amz-sdk-request'] = `attempt=${attempts}; max=${settings.maxAttempts}`;
      try {
        const { output, metadata } = await this.#attempt(target, identity, settings, signal);
        call?.succeeded();
        return { ...output, $metadata: { ...metadata, attempts } };
      } catch (error) {
        if (!(error instanceof Error) || signal?.aborted) throw error;
        onFailure?.(error);
        const elsewhere = follow?.(error);
        target = elsewhere ?? target;
        if (elsewhere !== undefined) continue;
        this.#retries ??= loadRetries(settings);
        call ??= await (await this.#retries).begin();
        if (!(await call.waitForNext(error))) throw withMetadata(error, { attempts });
      }
    }
  }

  async #attempt(
    { request, region }: SignedTarget,
    credentials: AwsCredentials,
    { correctsClock }: CallSettings,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly output: T; readonly metadata: object }> {
    const { service, requestHandler, read, readFault } = this.#config;
    const offset = this.#clockOffset;
    const headers = signRequest(request, { credentials, region, service, time: Date.now() + offset });
    const answer = await requestHandler.send({ ...request, headers }, { abortSignal: signal });
    if (correctsClock) this.#setClock(answer.headers);
    const { statusCode, headers: answered } = answer;
    const requestId =
      answered['x-amzn-requestid'] ?? answered['x-amzn-request-id'] ?? answered['x-amz-request-id'];
    const metadata = { httpStatusCode: statusCode, requestId };
    try {
      const text = await answer.readText();
      if (statusCode < 300) return { output: read(text, answer), metadata };
      throw await readFault(answer, text);
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

/** Where a request goes, as the URL of its endpoint has it. */
export function toPlace({
  protocol,
  hostname,
  port,
}: URL): Pick<PlainRequest, 'protocol' | 'hostname' | 'port'> {
  return { protocol, hostname, port: port === '' ? undefined : Number(port) };
}

/** Headers of every request, beside those of its kind: what is sent, and by whom. */
export function commonHeaders(
  { body, host, contentType }: { readonly body: string; readonly host: string; readonly contentType: string },
  { appId, traceId }: CallSettings,
): Record<string, string> {
  const trace = traceId();
  const agent = `deploy-marker/${VERSION}`;
  return {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'x-amz-user-agent': agent,
    'user-agent': appId === undefined ? agent : `${agent} app/${appId}`,
    host,
    ...(trace ? { 'x-amzn-trace-id': trace } : {}),
    'amz-sdk-invocation-id': randomUUID(),
  };
}

async function loadRetries({ isAdaptive, maxAttempts }: CallSettings): Promise<Retries> {
  return (await import('./retries.ts')).createRetries(isAdaptive, maxAttempts);
}

/** The error with more of what the SDK's errors tell of their request. */
function withMetadata(error: Error, more: object): Error {
  const known = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : {};
  return Object.assign(error, { $metadata: { ...known, ...more } });
}

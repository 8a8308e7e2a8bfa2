import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { AnswerHead } from '../client/http-exchange.ts';
import type { PlainAnswer, PlainRequest } from '../client/request-handler.ts';
import type { Retries } from './retries.ts';
import type { CallSettings } from './settings.ts';

/** What one attempt gave. */
export interface Output<T extends object> {
  /** What the answer says. */
  readonly fields: T;
  readonly metadata: object;
}

/** What an answer says, and how it came. */
export type Answered<T> = T & { readonly $metadata: object };

/** One call: how it is tried, and where it belongs instead if a failure says that. */
export interface Trial<R extends PlainRequest, T extends object> {
  readonly request: R;
  attempt(request: R): Promise<Output<T>>;
  follow?(error: Error): R | undefined;
}

/** The attempts of all calls of one client: it loads the SDK's strategies with the first failure, or in the adaptive mode. */
export class Attempts {
  readonly #settings: CallSettings;
  readonly #onFailure: ((error: Error) => void) | undefined;
  #retries: Promise<Retries> | undefined;

  /** @param onFailure is told why an attempt failed, also where another one follows */
  constructor(settings: CallSettings, onFailure?: (error: Error) => void) {
    this.#settings = settings;
    this.#onFailure = onFailure;
  }

  /** The first output, with `$metadata`; else what the last attempt failed with, in the form of the SDK's errors. */
  async run<R extends PlainRequest, T extends object>(
    trial: Trial<R, T>,
    signal: AbortSignal | undefined,
  ): Promise<Answered<T>> {
    const settings = this.#settings;
    if (settings.isAdaptive) this.#retries ??= loadRetries(settings);
    let call = await (await this.#retries)?.begin();
    let { request } = trial;
    for (let attempts = 1; ; attempts += 1) {
      request.headers['amz-sdk-request'] = `attempt=${attempts}; max=${settings.maxAttempts}`;
      try {
        const { fields, metadata } = await trial.attempt(request);
        call?.succeeded();
        return { ...fields, $metadata: { ...metadata, attempts } };
      } catch (error) {
        if (!(error instanceof Error) || signal?.aborted) throw error;
        this.#onFailure?.(error);
        const elsewhere = trial.follow?.(error);
        request = elsewhere ?? request;
        if (elsewhere !== undefined) continue;
        this.#retries ??= loadRetries(settings);
        call ??= await (await this.#retries).begin();
        if (!(await call.waitForNext(error))) throw withMetadata(error, { attempts });
      }
    }
  }
}

/** How the answers of one service are read. */
export interface AnswerReader<T extends object> {
  /** What it throws fails the attempt. */
  toFields(body: Buffer, head: AnswerHead): T | Promise<T>;
  /** What a refusal says, in the form of the SDK's errors; it throws where the body is none. */
  toError(head: AnswerHead, body: string): Promise<Error>;
  /** What else the errors tell of their attempt. */
  readonly more?: () => object;
}

/** Reads an answer to its end. Fails as the reader and the connection do, with what the SDK's errors tell of the answer. */
export async function readOutput<T extends object>(
  answer: PlainAnswer,
  reader: AnswerReader<T>,
): Promise<Output<T>> {
  const { statusCode, headers } = answer;
  const requestId =
    headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'];
  const metadata = { httpStatusCode: statusCode, requestId };
  try {
    const body = await answer.readBody();
    if (statusCode < 300) return { fields: await reader.toFields(body, answer), metadata };
    throw await reader.toError(answer, body.toString());
  } catch (error) {
    // Our own errors are final.
    if (!(error instanceof Error) || isDeployMarkerError(error)) throw error;
    Object.defineProperty(error, '$response', { value: answer });
    throw withMetadata(error, { ...metadata, ...reader.more?.() });
  }
}

async function loadRetries({ isAdaptive, maxAttempts }: CallSettings): Promise<Retries> {
  return (await import('./retries.ts')).createRetries(isAdaptive, maxAttempts);
}

/** The error with more of what the SDK's errors tell of their request. */
function withMetadata(error: Error, more: object): Error {
  const known = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : {};
  return Object.assign(error, { $metadata: { ...known, ...more } });
}

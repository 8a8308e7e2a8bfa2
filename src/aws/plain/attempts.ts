import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { PlainRequest, TextAnswer } from '../client/request-handler.ts';
import type { Retries } from './retries.ts';
import type { Settings } from './settings.ts';

/** What one attempt gave. */
export interface Output {
  /** Members of the answer, as the service gave them. */
  readonly fields: object;
  readonly metadata: object;
}

/** The attempts of all calls of one client: it loads the SDK's strategies with the first failure, or in the adaptive mode. */
export class Attempts {
  readonly #settings: Settings;
  readonly #onFailure: ((error: Error) => void) | undefined;
  #retries: Promise<Retries> | undefined;

  /** @param onFailure is told why an attempt failed, also where another one follows */
  constructor(settings: Settings, onFailure?: (error: Error) => void) {
    this.#settings = settings;
    this.#onFailure = onFailure;
  }

  /** The first output, with `$metadata`; else what the last attempt failed with, in the form of the SDK's errors. */
  async run(
    request: PlainRequest,
    signal: AbortSignal | undefined,
    attempt: () => Promise<Output>,
  ): Promise<object> {
    const settings = this.#settings;
    if (settings.isAdaptive) this.#retries ??= loadRetries(settings);
    let call = await (await this.#retries)?.begin();
    for (let attempts = 1; ; attempts += 1) {
      request.headers['amz-sdk-request'] = `attempt=${attempts}; max=${settings.maxAttempts}`;
      try {
        const { fields, metadata } = await attempt();
        call?.succeeded();
        return { ...fields, $metadata: { ...metadata, attempts } };
      } catch (error) {
        if (!(error instanceof Error) || signal?.aborted) throw error;
        this.#onFailure?.(error);
        this.#retries ??= loadRetries(settings);
        call ??= await (await this.#retries).begin();
        if (!(await call.waitForNext(error))) throw withMetadata(error, { attempts });
      }
    }
  }
}

/** How the answers of one service are read. */
export interface AnswerReader {
  toFields(body: string): object;
  /** What a refusal says; it throws where the body is none. */
  toError(answer: TextAnswer, body: string): Promise<Error>;
  /** What else the errors tell of their attempt. */
  readonly more?: () => object;
}

/** Reads an answer to its end. Fails as the reader and the connection do, with what the SDK's errors tell of the answer. */
export async function readOutput(answer: TextAnswer, reader: AnswerReader): Promise<Output> {
  const { statusCode, headers } = answer;
  const requestId =
    headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'];
  const metadata = { httpStatusCode: statusCode, requestId };
  try {
    const body = await answer.readText();
    if (statusCode < 300) return { fields: reader.toFields(body), metadata };
    throw await reader.toError(answer, body);
  } catch (error) {
    // Our own errors are final.
    if (!(error instanceof Error) || isDeployMarkerError(error)) throw error;
    Object.defineProperty(error, '$response', { value: answer });
    throw withMetadata(error, { ...metadata, ...reader.more?.() });
  }
}

async function loadRetries({ isAdaptive, maxAttempts }: Settings): Promise<Retries> {
  return (await import('./retries.ts')).createRetries(isAdaptive, maxAttempts);
}

/** The error with more of what the SDK's errors tell of their request. */
function withMetadata(error: Error, more: object): Error {
  const known = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : {};
  return Object.assign(error, { $metadata: { ...known, ...more } });
}

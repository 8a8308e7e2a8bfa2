import type { PlainHandler } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import { type Answered, type AnswerReader, Attempts, type Output, readOutput } from './attempts.ts';
import type { TextRequest } from './request.ts';
import type { CallSettings } from './settings.ts';
import { SigningKeys, signRequest } from './signature.ts';

/** A request, and the Region that it is signed for. */
export type SignedRequest = TextRequest & { readonly region: string };

/** How one service is called. `T` is what is made of an answer. */
export interface SignedCallsConfig<T extends object> extends Omit<AnswerReader<T>, 'more'> {
  /** Name of the service in signatures. */
  readonly service: string;
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: ((error: Error) => void) | undefined;
  /** Milliseconds for the head of an answer, and between two parts of its body, in place of the handler's own. */
  readonly attemptMs?: number | undefined;
}

/** How one request is sent. */
export interface SignedTrip {
  readonly settings: CallSettings;
  readonly signal: AbortSignal | undefined;
  /** Where the request belongs instead, if the failure says that. */
  readonly follow?: (error: Error) => SignedRequest | undefined;
}

/** A clock that is off by so much is why a request was refused; the SDK's own limit. */
const SKEW_MS = 240_000;

/**
 * Calls of one service, for those that every deploy makes: the SDK's runtime takes longer to load than the call itself. Signature, retries
 * and correction of the clock are as in the SDK's clients, whose strategies it loads with the first failure.
 */
export class SignedCalls<T extends object> {
  readonly #config: SignedCallsConfig<T>;
  readonly #keys = new SigningKeys();
  #attempts: Attempts | undefined;
  /** Milliseconds that the service's clock is ahead of ours. */
  #clockOffset = 0;

  constructor(config: SignedCallsConfig<T>) {
    this.#config = config;
  }

  /** Sends a request until it is answered or no attempt is left. It fails with what `toAwsError` reads. */
  async send(request: SignedRequest, { settings, signal, follow }: SignedTrip): Promise<Answered<T>> {
    const { credentials, onFailure } = this.#config;
    this.#attempts ??= new Attempts(settings, onFailure);
    const identity = await credentials();
    const attempt = (each: SignedRequest): Promise<Output<T>> =>
      this.#attempt(each, identity, settings, signal);
    return this.#attempts.run({ request, attempt, ...(follow === undefined ? {} : { follow }) }, signal);
  }

  async #attempt(
    { region, ...request }: SignedRequest,
    credentials: AwsCredentials,
    { correctsClock }: CallSettings,
    signal: AbortSignal | undefined,
  ): Promise<Output<T>> {
    const { service, requestHandler, attemptMs } = this.#config;
    const offset = this.#clockOffset;
    const signing = { credentials, region, service, keys: this.#keys };
    const headers = signRequest(request, { ...signing, time: Date.now() + offset });
    const answer = await requestHandler.send(
      { ...request, headers },
      {
        abortSignal: signal,
        ...(attemptMs === undefined ? {} : { requestTimeout: attemptMs }),
      },
    );
    if (correctsClock) this.#setClock(answer.headers);
    return readOutput(answer, {
      toFields: (...read) => this.#config.toFields(...read),
      toError: (...refusal) => this.#config.toError(...refusal),
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

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpHandlerOptions } from '@smithy/types';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** One request to send, and how long to wait for it. */
export interface Exchange {
  /** Opens the request without sending its body. */
  readonly open: () => ClientRequest;
  /** Text or bytes, or nothing. */
  readonly body: unknown;
  readonly signal: HttpHandlerOptions['abortSignal'] | undefined;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** From the request to the last byte of the body, however regularly they come. */
  readonly exchangeTimeoutMs: number;
}

/** The head of an answer. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly reason: string;
  readonly headers: Record<string, string>;
}

/** An answer whose body is a stream that fails if the connection does. */
export interface Answer extends AnswerHead {
  readonly body: Readable;
}

/**
 * Sends one request and waits for the head of the answer.
 *
 * Fails with an `AbortError` whose cause is the signal's reason, with a `TimeoutError`, or with Node's own error of the
 * connection; these are the names that the SDK's retries know. An answer that does not end in time is no fault of the
 * connection: it fails with TIMEOUT, which nobody tries again.
 */
export function exchange(settings: Exchange): Promise<Answer> {
  const { signal, requestTimeoutMs, exchangeTimeoutMs } = settings;
  if (signal?.aborted) return Promise.reject(toAbortError(signal));
  return new Promise((resolve, reject) => {
    const request = settings.open();
    let response: IncomingMessage | undefined;
    const fail = (error: Error): void => {
      // The body of an answer that has begun must fail too, with the same error.
      response?.destroy(error);
      request.destroy(error);
      reject(error);
    };
    const timer = setTimeout(() => fail(toTimeoutError('no answer', requestTimeoutMs)), requestTimeoutMs);
    // A socket that still gives something keeps the process; the timer need not.
    const end = setTimeout(() => fail(toEndless(exchangeTimeoutMs)), exchangeTimeoutMs).unref();
    const onAbort = (): void => fail(toAbortError(signal));
    limitConnecting(request, settings.connectTimeoutMs, fail);
    refuseClosedTunnel(request, fail);
    listen(signal, onAbort);
    request.once('close', () => {
      clearTimeout(timer);
      clearTimeout(end);
      unlisten(signal, onAbort);
    });
    request.on('error', fail);
    request.once('response', answer => {
      clearTimeout(timer);
      response = answer;
      // Whoever reads the body gets the error too; until then it must not end the process.
      answer.on('error', () => {});
      answer.setTimeout(requestTimeoutMs, () => fail(toTimeoutError('the answer stopped', requestTimeoutMs)));
      resolve({ ...toHead(answer), body: answer });
    });
    request.end(settings.body ?? undefined);
  });
}

function toHead(message: IncomingMessage): AnswerHead {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return { statusCode: message.statusCode ?? 0, reason: message.statusMessage ?? '', headers };
}

/** Counts from the moment the socket begins to connect, so that waiting for a free one does not count. */
function limitConnecting(request: ClientRequest, limitMs: number, fail: (error: Error) => void): void {
  request.once('socket', socket => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => fail(toTimeoutError('no connection', limitMs)), limitMs);
    const stop = (): void => clearTimeout(timer);
    socket.once('connect', stop);
    socket.once('close', stop);
  });
}

/** A proxy that refuses a tunnel answers in its own name; that answer must not be taken for the service's. */
function refuseClosedTunnel(request: ClientRequest, fail: (error: Error) => void): void {
  request.once('proxyConnect', (answer: { statusCode?: number }) => {
    if (answer.statusCode === undefined || answer.statusCode === 200) return;
    fail(
      new DeployMarkerError('NETWORK', `the proxy refused the connection with HTTP ${answer.statusCode}`, {
        hint:
          answer.statusCode === 407
            ? 'put the user and password of the proxy into HTTPS_PROXY'
            : 'allow the endpoint in the proxy, or name it in NO_PROXY',
      }),
    );
  });
}

type Signal = HttpHandlerOptions['abortSignal'] | undefined;

function listen(signal: Signal, onAbort: () => void): void {
  if (signal instanceof AbortSignal) signal.addEventListener('abort', onAbort, { once: true });
}

function unlisten(signal: Signal, onAbort: () => void): void {
  if (signal instanceof AbortSignal) signal.removeEventListener('abort', onAbort);
}

function toAbortError(signal: Signal): Error {
  const reason: unknown = signal instanceof AbortSignal ? signal.reason : undefined;
  return Object.assign(new Error('the request was aborted', { cause: reason }), { name: 'AbortError' });
}

function toEndless(limitMs: number): DeployMarkerError {
  return new DeployMarkerError('TIMEOUT', `the answer had not ended after ${limitMs / 1000} s`, {
    hint: 'run the same command again; if it stays so, check the network, the proxy and the endpoint',
  });
}

function toTimeoutError(what: string, limitMs: number): Error {
  const error = new Error(`${what} for ${limitMs / 1000} s`);
  return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

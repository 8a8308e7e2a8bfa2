import type { IncomingMessage, RequestOptions } from 'node:http';

/** No answer that we read has more than some kilobytes. */
const MAX_BODY_LENGTH = 100_000;

/** The answer to one request. */
export interface TextResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One request over node:http or node:https, whichever the URL asks for; any HTTP status is an answer. Fails as Node.js does. */
export async function requestText(url: URL, options: RequestOptions, body?: string): Promise<TextResponse> {
  const http = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = http.request(url, options, resolve).on('error', reject);
    // A proxy that refuses a tunnel answers in its own name; that answer must not be taken for the server's.
    request.once('proxyConnect', ({ statusCode }: { statusCode?: number }) => {
      if (statusCode !== undefined && statusCode !== 200)
        request.destroy(new Error(`the proxy refused the connection with HTTP ${statusCode}`));
    });
    request.end(body);
  });
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > MAX_BODY_LENGTH) throw new Error('the answer is far too long');
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** Why a request of {@link requestText} failed, in words. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Connecting to several addresses gives an AggregateError without a message.
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

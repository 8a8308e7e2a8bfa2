/** One header or query parameter: name and value. */
export type Pair = readonly [name: string, value: string];

/** A request as it came over the wire, with its body read to the end. */
export interface HttpRequest {
  readonly method: string;
  /** Path exactly as sent, still percent-encoded. */
  readonly path: string;
  /** Query parameters, decoded, in the order sent. */
  readonly query: readonly Pair[];
  /** Headers in the order sent, names in lower case, repeated ones kept apart. */
  readonly headers: readonly Pair[];
  readonly body: Buffer;
}

/** How an answer travels: whole, in small pieces, cut off, or never. */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly pieces: number; readonly pauseMs: number };

/** What a handler answers; the mount writes it to the socket. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly delivery: Delivery;
}

/** The target of a request line or URL, split into path and decoded query. */
export function parseTarget(target: string): { path: string; query: Pair[] } {
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, query: [] };
  return { path: target.slice(0, mark), query: [...new URLSearchParams(target.slice(mark + 1))] };
}

/** All values of the header `name` (lower case), in the order sent. */
export function headerValues(request: HttpRequest, name: string): string[] {
  return request.headers.filter(([header]) => header === name).map(([, value]) => value);
}

/** The first value of the header `name` (lower case). */
export function headerValue(request: HttpRequest, name: string): string | undefined {
  return headerValues(request, name)[0];
}

/** The media type of the request without its parameters, in lower case; `''` when there is none. */
export function mediaType(request: HttpRequest): string {
  return (headerValue(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Node's flat `rawHeaders` list as pairs with names in lower case. */
export function pairHeaders(rawHeaders: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([(rawHeaders[index] ?? '').toLowerCase(), rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

/** Whether `value` is a JSON object, neither an array nor null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

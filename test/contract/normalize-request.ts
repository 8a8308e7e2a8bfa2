import type { RecordedRequest } from '../fakes/aws-server.ts';

/** What a request means, whoever sent it: two clients with one intent must give equal values. */
export interface NormalizedRequest {
  readonly method: string;
  readonly path: string;
  /** Sorted by name, then value. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** JSON value, or object of form fields. */
  readonly body: unknown;
  /** Service and region of the verified signature; null for an unsigned request. */
  readonly signing: { readonly service: string; readonly region: string } | null;
  readonly contentType: 'json' | 'form' | 'other';
}

function contentFamily(contentType: string): NormalizedRequest['contentType'] {
  const media = contentType.split(';')[0]?.trim().toLowerCase();
  if (media === 'application/json') return 'json';
  return media === 'application/x-www-form-urlencoded' ? 'form' : 'other';
}

/** Drops what may differ between clients: user agent, dates, signature, host and port, invocation ids, header order. */
export function normalizeRequest(recorded: RecordedRequest): NormalizedRequest {
  const { scope } = recorded;
  const key = ([name, value]: readonly [string, string]) => JSON.stringify([name, value]);
  return {
    method: recorded.method,
    path: recorded.path,
    query: recorded.query.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
    body: recorded.parsedBody,
    signing: scope === undefined ? null : { service: scope.service, region: scope.region },
    contentType: contentFamily(recorded.headers['content-type'] ?? ''),
  };
}

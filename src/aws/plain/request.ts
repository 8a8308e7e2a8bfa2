import { randomUUID } from 'node:crypto';
import { VERSION } from '../../version.ts';
import type { PlainRequest } from '../client/request-handler.ts';
import type { Settings } from './settings.ts';

/** A request whose body is text, and which is not signed yet. */
export type TextRequest = PlainRequest & {
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What is asked of a service. */
export interface TextCall {
  /** Below the endpoint's own path; begins with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
}

/** A POST with the headers of AWS's SDKs. */
export function toTextRequest(
  { path, query = {}, contentType, body }: TextCall,
  { endpoint, appId, traceId }: Settings,
): TextRequest {
  const { protocol, hostname, port, host, pathname } = endpoint;
  const trace = traceId();
  const agent = `deploy-marker/${VERSION}`;
  return {
    method: 'POST',
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    path: `${pathname === '/' ? '' : pathname}${path}`,
    query,
    headers: {
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-user-agent': agent,
      'user-agent': appId === undefined ? agent : `${agent} app/${appId}`,
      host,
      ...(trace ? { 'x-amzn-trace-id': trace } : {}),
      'amz-sdk-invocation-id': randomUUID(),
    },
    body,
  };
}

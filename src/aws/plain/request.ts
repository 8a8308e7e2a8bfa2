import { randomUUID } from 'node:crypto';
import { VERSION } from '../../version.ts';
import type { PlainRequest } from '../client/request-handler.ts';
import type { CallSettings, Settings } from './settings.ts';

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
export function toTextRequest({ path, query = {}, ...call }: TextCall, settings: Settings): TextRequest {
  const { host, pathname } = settings.endpoint;
  return {
    method: 'POST',
    ...toPlace(settings.endpoint),
    path: `${pathname === '/' ? '' : pathname}${path}`,
    query,
    headers: { ...contentHeaders(call), ...commonHeaders(host, settings) },
    body: call.body,
  };
}

/** Where a request goes, as the URL of its endpoint has it. */
export function toPlace({
  protocol,
  hostname,
  port,
}: URL): Pick<PlainRequest, 'protocol' | 'hostname' | 'port'> {
  return { protocol, hostname, port: port === '' ? undefined : Number(port) };
}

/** Headers that say what is sent. */
export function contentHeaders({
  body,
  contentType,
}: Pick<TextCall, 'body' | 'contentType'>): Record<string, string> {
  return { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) };
}

/** Headers of every request, beside those of its kind: where it goes, and who sends it. */
export function commonHeaders(host: string, { appId, traceId }: CallSettings): Record<string, string> {
  const trace = traceId();
  const agent = `deploy-marker/${VERSION}`;
  return {
    'x-amz-user-agent': agent,
    'user-agent': appId === undefined ? agent : `${agent} app/${appId}`,
    host,
    ...(trace ? { 'x-amzn-trace-id': trace } : {}),
    'amz-sdk-invocation-id': randomUUID(),
  };
}

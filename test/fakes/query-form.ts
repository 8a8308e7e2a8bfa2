import { createResponse, strictViolation } from './aws-refusal.ts';
import { type HttpResponse, mediaType } from './http-message.ts';
import type { Call } from './operation.ts';

/** A checked request of the query protocol: its parameters by name. */
export type QueryForm = ReadonlyMap<string, string>;

/**
 * The parameters of a request of the API `version`, of which only those that `isKnown` may appear.
 *
 * @throws {AwsRefusal} for another envelope than the query protocol prescribes, or an unknown parameter.
 */
export function readQueryForm(call: Call, version: string, isKnown: (name: string) => boolean): QueryForm {
  const { request } = call;
  if (request.query.length > 0) throw strictViolation('Parameters belong into the body, not into the query.');
  if (mediaType(request) !== 'application/x-www-form-urlencoded')
    throw strictViolation(`Content-Type is '${mediaType(request)}', not application/x-www-form-urlencoded.`);
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(request.body.toString())) {
    if (name !== 'Action' && name !== 'Version' && !isKnown(name))
      throw strictViolation(`Unknown parameter '${name}'.`);
    if (form.has(name)) throw strictViolation(`Parameter '${name}' is given twice.`);
    form.set(name, value);
  }
  if (form.get('Version') !== version)
    throw strictViolation(`Version is '${form.get('Version')}', not ${version}.`);
  return form;
}

/** What an answer of the query protocol consists of; `result` is XML. */
export interface QueryResult {
  readonly action: string;
  readonly namespace: string;
  readonly result: string;
  readonly requestId: string;
}

/** The XML envelope of a successful answer. */
export function createQueryResponse({ action, namespace, result, requestId }: QueryResult): HttpResponse {
  return createResponse(
    'query',
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  );
}

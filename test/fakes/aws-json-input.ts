import { AwsRefusal, createResponse, strictViolation } from './aws-refusal.ts';
import { type HttpResponse, headerValue, headerValues, isJsonObject, mediaType } from './http-message.ts';
import type { Call } from './operation.ts';

/** The members of an awsJson 1.1 request, of which only known ones are there. */
export type JsonInput = Readonly<Record<string, unknown>>;

/** A value of another JSON type than the service's model has for `field`. */
export function wrongType(field: string, type: string): AwsRefusal {
  return new AwsRefusal(400, 'SerializationException', `${field} must be a JSON ${type}.`, {
    violation: true,
  });
}

/**
 * The body as a JSON object with none but the members `known`.
 *
 * @throws {AwsRefusal} for another envelope than awsJson 1.1 prescribes, or an unknown member.
 */
export function readJsonInput(call: Call, known: readonly string[]): JsonInput {
  const { request, body } = call;
  const [stranger] = request.query;
  if (stranger !== undefined) throw strictViolation(`Unknown query parameter '${stranger[0]}'.`);
  if (headerValues(request, 'x-amz-target').length > 1) throw strictViolation('X-Amz-Target is given twice.');
  if (mediaType(request) !== 'application/x-amz-json-1.1')
    throw strictViolation(
      `Content-Type is '${headerValue(request, 'content-type')}', not application/x-amz-json-1.1.`,
    );
  if (headerValue(request, 'content-encoding') !== undefined)
    throw strictViolation('The body must not be compressed.');
  if (headerValue(request, 'content-length') === undefined)
    throw strictViolation('Content-Length is missing.');
  if (!isJsonObject(body)) throw wrongType('The body', 'object');
  checkMembers(body, known, 'the body');
  return body;
}

/** @throws {AwsRefusal} if `value` has a member that is not one of `known` */
export function checkMembers(value: Record<string, unknown>, known: readonly string[], at: string): void {
  const stranger = Object.keys(value).find(name => !known.includes(name));
  if (stranger !== undefined) throw strictViolation(`Unknown field '${stranger}' in ${at}.`);
}

/** A string member, or undefined; half a surrogate pair cannot be written as UTF-8 and is refused. */
export function readText(input: JsonInput, name: string, at = name): string | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(at, 'string');
  if (/\p{Surrogate}/u.test(value)) throw strictViolation(`${at} has half a surrogate pair in it.`);
  return value;
}

/** A boolean member, or undefined. */
export function readFlag(input: JsonInput, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(name, 'boolean');
}

/** An answer with the members `output`; of operations without output, an empty body. */
export function createJsonResponse(output?: Readonly<Record<string, unknown>>): HttpResponse {
  return createResponse('aws-json', 200, output === undefined ? '' : JSON.stringify(output));
}

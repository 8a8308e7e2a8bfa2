import { AwsRefusal, createResponse, strictViolation } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import { type HttpResponse, headerValue, headerValues, isJsonObject, mediaType } from './http-message.ts';
import type { LogGroup } from './logs-state.ts';
import type { Call } from './operation.ts';

/** What CloudWatch Logs operations have in common. */
export const LOGS = {
  service: 'logs',
  protocol: 'aws-json',
  signed: true,
  region: (state: AwsState): string => state.region,
} as const;

/** The members of a request, of which only known ones are there. */
export type LogsInput = Readonly<Record<string, unknown>>;

/** A request that breaks a rule of CloudWatch Logs which a correct client knows. */
export function invalidParameter(message: string): AwsRefusal {
  return new AwsRefusal(400, 'InvalidParameterException', message, { violation: true });
}

/** A value outside the limits that the service's model gives for `field`. */
export function logsConstraint(field: string, rule: string): AwsRefusal {
  return invalidParameter(
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${rule}`,
  );
}

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
export function readLogsInput(call: Call, known: readonly string[]): LogsInput {
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
export function readText(input: LogsInput, name: string, at = name): string | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(at, 'string');
  if (/\p{Surrogate}/u.test(value)) throw strictViolation(`${at} has half a surrogate pair in it.`);
  return value;
}

/** An integer member from `min` to `max`, or undefined. */
export function readInteger(input: LogsInput, name: string, min: number, max: number): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(name, 'integer');
  if (value < min || value > max) throw logsConstraint(name, `Member must be between ${min} and ${max}`);
  return value;
}

/** A boolean member, or undefined. */
export function readFlag(input: LogsInput, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(name, 'boolean');
}

const NAMES = {
  logGroupName: /^[.\-_/#A-Za-z0-9]{1,512}$/,
  logStreamName: /^[^:*]{1,512}$/,
} as const;

/** The name of a group or stream; `at` is the member, when it is not called so itself. */
export function readName(input: LogsInput, kind: keyof typeof NAMES, at: string = kind): string {
  const name = readText(input, at);
  // Counted in UTF-16 code units, the narrower way for characters outside the basic plane.
  if (name === undefined || !NAMES[kind].test(name))
    throw logsConstraint(at, `Member must have length 1 to 512 and match ${NAMES[kind].source}`);
  return name;
}

/** The caller's log group. */
export function findLogGroup(state: AwsState, call: Call, name: string): LogGroup {
  const group = state.logGroups.get(name);
  if (group === undefined || (group.accountId ?? state.accountId) !== accountOf(call))
    throw new AwsRefusal(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

/** The account that signed the request. */
export function accountOf(call: Call): string | undefined {
  return call.caller?.key.arn.split(':')[4];
}

/** The refusal for a stream that is not there. */
export function noSuchStream(): AwsRefusal {
  return new AwsRefusal(400, 'ResourceNotFoundException', 'The specified log stream does not exist.');
}

/** The refusal for a group or stream that is there already. */
export function alreadyExists(what: 'group' | 'stream'): AwsRefusal {
  return new AwsRefusal(400, 'ResourceAlreadyExistsException', `The specified log ${what} already exists`);
}

/** An answer with the members `output`; of operations without output, an empty body. */
export function createLogsResponse(output?: Readonly<Record<string, unknown>>): HttpResponse {
  return createResponse('aws-json', 200, output === undefined ? '' : JSON.stringify(output));
}

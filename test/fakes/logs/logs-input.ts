import { type JsonInput, readText, wrongType } from '../aws-json-input.ts';
import { AwsRefusal } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';
import { accountOf, type Call } from '../operation.ts';
import type { LogGroup } from './logs-state.ts';

/** What CloudWatch Logs operations have in common. */
export const LOGS = {
  service: 'logs',
  protocol: 'aws-json',
  signed: true,
  region: (state: AwsState): string => state.region,
} as const;

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

/** An integer member from `min` to `max`, or undefined. */
export function readInteger(input: JsonInput, name: string, min: number, max: number): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(name, 'integer');
  if (value < min || value > max) throw logsConstraint(name, `Member must be between ${min} and ${max}`);
  return value;
}

const NAMES = {
  logGroupName: /^[.\-_/#A-Za-z0-9]{1,512}$/,
  logStreamName: /^[^:*]{1,512}$/,
} as const;

/** The name of a group or stream; `at` is the member, when it is not called so itself. */
export function readName(input: JsonInput, kind: keyof typeof NAMES, at: string = kind): string {
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

/** The refusal for a stream that is not there. */
export function noSuchStream(): AwsRefusal {
  return new AwsRefusal(400, 'ResourceNotFoundException', 'The specified log stream does not exist.');
}

/** The refusal for a group or stream that is there already. */
export function alreadyExists(what: 'group' | 'stream'): AwsRefusal {
  return new AwsRefusal(400, 'ResourceAlreadyExistsException', `The specified log ${what} already exists`);
}

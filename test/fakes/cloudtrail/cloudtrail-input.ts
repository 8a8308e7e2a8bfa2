import { type JsonInput, wrongType } from '../aws-json-input.ts';
import { AwsRefusal } from '../aws-refusal.ts';
import { servedRegion } from '../signed-region.ts';

/** What CloudTrail's operations have in common, by the service's model of 2013-11-01. */
export const CLOUDTRAIL = {
  service: 'cloudtrail',
  protocol: 'aws-json',
  signed: true,
  region: servedRegion,
} as const;

/** A request that breaks a rule which a correct client knows. */
export function cloudTrailViolation(code: string, message: string): AwsRefusal {
  return new AwsRefusal(400, code, message, { violation: true });
}

/** A refusal that a correct client may meet. */
export function cloudTrailRefusal(code: string, message: string): AwsRefusal {
  return new AwsRefusal(400, code, message);
}

/** A timestamp member (seconds since 1970) in milliseconds, or undefined. */
export function readSeconds(input: JsonInput, name: string): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(name, 'number');
  return value * 1000;
}

/** An integer member from 1 to `max`, or `max`; outside of it, InvalidMaxResultsException. */
export function readMaxResults(input: JsonInput, name: string, max: number): number {
  const value = input[name];
  if (value === undefined) return max;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(name, 'integer');
  if (value < 1 || value > max)
    throw cloudTrailViolation('InvalidMaxResultsException', `${name} must be between 1 and ${max}.`);
  return value;
}

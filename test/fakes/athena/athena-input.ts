import { AwsRefusal } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';

/** What Athena's operations have in common, by the service's model of 2017-05-18. */
export const ATHENA = {
  service: 'athena',
  protocol: 'aws-json',
  signed: true,
  region: (state: AwsState): string => state.region,
} as const;

/** A refusal that a correct client may meet. */
export function athenaRefusal(message: string, code = 'InvalidRequestException'): AwsRefusal {
  return new AwsRefusal(400, code, message);
}

/** A request that breaks a rule which a correct client knows. */
export function athenaViolation(message: string): AwsRefusal {
  return new AwsRefusal(400, 'InvalidRequestException', message, { violation: true });
}

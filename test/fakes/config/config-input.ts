import { type JsonInput, readText } from '../aws-json-input.ts';
import { AwsRefusal } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';
import { type Call, placeOf } from '../operation.ts';
import { servedRegion } from '../signed-region.ts';
import type { ConfigState } from './config-state.ts';

/** What Config's operations have in common, by the service's model of 2014-11-12. */
export const CONFIG = {
  service: 'config',
  protocol: 'aws-json',
  signed: true,
  region: servedRegion,
} as const;

// Requests of a client that keeps to five a second may arrive a little closer to each other than they were sent.
const WINDOW_MS = 950;

/** A request that breaks a rule which a correct client knows. */
export function configViolation(code: string, message: string): AwsRefusal {
  return new AwsRefusal(400, code, message, { violation: true });
}

/** A refusal that a correct client may meet. */
export function configRefusal(code: string, message: string): AwsRefusal {
  return new AwsRefusal(400, code, message);
}

/** A text that has to be there. */
export function readRequired(input: JsonInput, name: string): string {
  const value = readText(input, name);
  if (value === undefined || value === '')
    throw configViolation('ValidationException', `${name} is missing.`);
  return value;
}

/** Config at the place of a call. The sixth call within a second is throttled, and a violation: clients know the limit. */
export function configAt(state: AwsState, call: Call): ConfigState {
  const place = placeOf(call);
  const now = performance.now();
  const recent = (state.configTimes.get(place) ?? []).filter(time => now - time < WINDOW_MS);
  state.configTimes.set(place, [...recent, now]);
  if (recent.length >= state.configCallsPerSecond)
    throw configViolation('ThrottlingException', 'Rate exceeded');
  return state.configs.get(place) ?? { recorders: [], items: [] };
}

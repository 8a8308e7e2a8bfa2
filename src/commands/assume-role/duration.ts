import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/**
 * DurationSeconds of AssumeRoleWithWebIdentity, in seconds.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
const DURATION = { min: 900, max: 43_200 } as const;

/** Seconds that credentials of a role are to last. @throws DeployMarkerError USAGE */
export function parseSessionDuration(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= DURATION.min && seconds <= DURATION.max) return seconds;
  throw new DeployMarkerError(
    'USAGE',
    `--duration must be ${DURATION.min} to ${DURATION.max} seconds, got ${quote(text)}`,
    {
      hint: 'pass --duration 3600; longer needs a role whose MaxSessionDuration allows it',
    },
  );
}

import { detectCi } from '../ci/detect.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { currentProfile } from '../io/aws-config/files.ts';
import { requireKnownProfile } from '../io/aws-config/known-profile.ts';
import type { Env } from '../io/io.ts';

/**
 * The error where a Region has to be known and is not, for a misspelt profile looks like it.
 *
 * @param what whose Region it is, as in `of the log group`
 * @throws DeployMarkerError CONFIG_INVALID if the profile is in neither of AWS's files
 */
export function unknownRegion(what: string, env: Env): DeployMarkerError {
  requireKnownProfile(env);
  const message = ['the Region', what, 'is not known'].filter(Boolean).join(' ');
  return new DeployMarkerError('USAGE', message, { hint: regionHint(env) });
}

/** Beside the flag, what keeps it for the next time. */
function regionHint(env: Env): string {
  const forGood =
    detectCi(env) === undefined
      ? `, or run \`aws configure set region REGION --profile ${currentProfile(env)}\``
      : '';
  return `pass --region, or set AWS_REGION${forGood}`;
}

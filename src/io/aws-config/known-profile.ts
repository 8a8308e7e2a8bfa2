import { findNear } from '../../core/base/nearest.ts';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { awsConfigPath, awsCredentialsPath, listProfiles, type NamedProfile, namedProfile } from './files.ts';

/**
 * Refuses a profile that a variable names and that is in neither of AWS's files, before its absence looks like a missing Region
 * or like missing credentials.
 *
 * @throws DeployMarkerError CONFIG_INVALID with the profiles whose names are near
 */
export function requireKnownProfile(env: Env): void {
  const named = namedProfile(env);
  if (named === undefined || named.profile === 'default') return;
  if (!listProfiles(env).includes(named.profile)) throw unknownProfile(named, env);
}

/**
 * The error of a profile that is in neither of AWS's files, with those whose names are near. One with a blank in its name may well be
 * there, for the AWS CLI reads it.
 */
export function unknownProfile({ profile, variable }: NamedProfile, env: Env): DeployMarkerError {
  if (/\s/.test(profile)) {
    const message = `the profile ${quote(profile)} of ${variable} has a blank in its name: AWS's SDK for JavaScript reads no such profile`;
    const hint = 'give it a name without blanks in both files, or pass its keys in the environment';
    return new DeployMarkerError('CONFIG_INVALID', message, { hint });
  }
  const near = findNear(profile, listProfiles(env)).slice(0, 5);
  const offer = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  const message = `the profile ${quote(profile)} of ${variable} is neither in ${quote(awsConfigPath(env))} nor in ${quote(awsCredentialsPath(env))}`;
  return new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `${offer}\`aws configure list-profiles\` shows those that are there`,
  });
}

import { findNear } from '../../core/base/nearest.ts';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { awsConfigPath, awsCredentialsPath, listProfiles } from './files.ts';

/**
 * Refuses a profile that is named in `AWS_PROFILE` and is in neither of AWS's files, before its absence looks like a missing Region
 * or like missing credentials.
 *
 * @throws DeployMarkerError CONFIG_INVALID with the profiles whose names are near
 */
export function requireKnownProfile(env: Env): void {
  const profile = env['AWS_PROFILE'];
  if (!profile || profile === 'default') return;
  if (!listProfiles(env).includes(profile)) throw unknownProfile(profile, env);
}

/** The error of a profile that is in neither of AWS's files, with those whose names are near. */
export function unknownProfile(profile: string, env: Env): DeployMarkerError {
  const near = findNear(profile, listProfiles(env)).slice(0, 5);
  const offer = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  const message = `the profile ${quote(profile)} of AWS_PROFILE is neither in ${quote(awsConfigPath(env))} nor in ${quote(awsCredentialsPath(env))}`;
  return new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `${offer}\`aws configure list-profiles\` shows those that are there`,
  });
}

import { detectCi } from '../../ci/detect.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { expiresSoon } from '../../core/time/expiry.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { hasProfile, namedProfile } from '../../io/aws-config/files.ts';
import { withoutLeftovers } from '../assume-role/recipe.ts';
import type { DoctorScene } from './scene.ts';

const NAME = 'credentials';
/** The check that asks AWS. */
const IDENTITY = 'see the check identity';

/**
 * The check of the keys at hand, as far as the environment tells.
 *
 * @param hasToken whether new ones could be had for the same session
 */
export async function checkCredentials(
  { own, assume, emit, context: { io } }: DoctorScene,
  hasToken: boolean,
): Promise<DoctorCheck> {
  const env = withoutLeftovers(io.env);
  const key = env['AWS_ACCESS_KEY_ID'];
  const named = env['AWS_PROFILE'] || !key ? namedProfile(env) : undefined;
  if (named !== undefined && !hasProfile(env, named.profile)) {
    if (detectCi(env) === undefined) {
      const { unknownProfile } = await import('../../io/aws-config/known-profile.ts');
      return failed(NAME, unknownProfile(named, env));
    }
    const { profile, variable } = named;
    const message = `the profile ${profile}, which ${variable} names, is in neither of AWS's files`;
    const hint = `unset ${variable}, or write the profile, for example with \`assume-role --output profile\``;
    return failed(NAME, new DeployMarkerError('CREDENTIALS_MISSING', message, { hint }));
  }
  if (named !== undefined) {
    const next = own.online ? IDENTITY : 'run doctor --online to learn whose it is';
    return noted(NAME, 'skipped', `those of the profile ${named.profile} are not looked at`, next);
  }
  if (!key) {
    const other = own.online ? IDENTITY : 'doctor --online';
    const next = `run \`deploy-marker assume-role\` in the job; if a profile or an instance has them, ${other}`;
    return noted(NAME, 'skipped', 'there are none in the environment', next);
  }
  if (!env['AWS_SECRET_ACCESS_KEY']) return missing('AWS_SECRET_ACCESS_KEY');
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  if (key.startsWith('ASIA') && !env['AWS_SESSION_TOKEN']) return missing('AWS_SESSION_TOKEN');
  const until = env['AWS_CREDENTIAL_EXPIRATION'];
  if (!until) return passed(NAME, 'in the environment; when they expire is not known');
  const expiry = Date.parse(until);
  const left = Math.floor((expiry - io.now()) / 1000);
  if (Number.isNaN(left)) {
    return noted(
      NAME,
      'warn',
      'AWS_CREDENTIAL_EXPIRATION is not a time',
      'unset it, or run `deploy-marker assume-role`',
    );
  }
  if (!expiresSoon(expiry, io.now()))
    return passed(NAME, `in the environment, expire in ${left} s (${until})`);
  const message = `those in the environment ${left > 0 ? `expire in ${left} s` : `expired ${-left} s ago`} (${until})`;
  const isRenewed = hasToken && assume['role-arn'] !== undefined && emit.values['session-name'] !== undefined;
  if (!isRenewed) return failed(NAME, new DeployMarkerError('CREDENTIALS_EXPIRED', message));
  return noted(NAME, 'warn', message, 'run `deploy-marker assume-role` again; emit by itself takes new ones');
}

function missing(variable: string): DoctorCheck {
  const message = `AWS_ACCESS_KEY_ID is set, and ${variable} is not`;
  return failed(NAME, new DeployMarkerError('CREDENTIALS_MISSING', message, { hint: `set ${variable} too` }));
}

import { detectCi } from '../../ci/detect.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { currentProfile } from '../../io/aws-config/files.ts';
import { findLoginProfile } from '../../io/aws-config/login-profile.ts';
import type { Env } from '../../io/io.ts';

/** How hints name the step of a CI job that gets credentials. */
const CI_STEP = 'deploy-marker assume-role';

/** The error with the step that helps where it happened: outside CI nobody assumes a role with a job's token. */
export function withPersonHint(error: DeployMarkerError, env: Env): DeployMarkerError {
  const { code, message, problems, cause } = error;
  const hint = personHint(error, env);
  return hint === error.hint ? error : new DeployMarkerError(code, message, { hint, problems, cause });
}

/** The same of the hint alone, where an error is told as something else, such as a check or a gap. */
export function personHint({ code, hint }: Pick<DeployMarkerError, 'code' | 'hint'>, env: Env): string {
  if (!code.startsWith('CREDENTIALS_') || !hint.includes(CI_STEP) || isJob(env)) return hint;
  // What is to be done after it, with the markers that are kept meanwhile, stays.
  const [next = ''] = /; then run .*$/s.exec(hint) ?? [];
  return `${stepOf(code, env)}${next}`;
}

/** A CI system, or whatever `assume-role` has worked in before. */
function isJob(env: Env): boolean {
  return detectCi(env) !== undefined || Boolean(env['DEPLOY_MARKER_ROLE_ARN']);
}

function stepOf(code: string, env: Env): string {
  const profile = currentProfile(env);
  const sso = findLoginProfile(env, 'aws sso login');
  const hasKeys = Boolean(env['AWS_ACCESS_KEY_ID']) && !env['AWS_PROFILE'];
  if (sso !== undefined && !hasKeys) return `run \`aws sso login --profile ${sso}\``;
  if (code === 'CREDENTIALS_EXPIRED') {
    return hasKeys
      ? 'get new keys: those in AWS_ACCESS_KEY_ID are over; or unset them and set AWS_PROFILE'
      : `get new credentials for the profile ${profile}, as you did for the AWS CLI`;
  }
  return 'set AWS_PROFILE to one of `aws configure list-profiles`, or make one with `aws configure sso`';
}

import { detectCi } from '../../ci/detect.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { currentProfile, readProfileSetting } from '../../io/aws-config/files.ts';
import type { Env } from '../../io/io.ts';

/** How hints name the step of a CI job that gets credentials. */
const CI_STEP = 'deploy-marker assume-role';

/** The error with the step that helps where it happened: outside CI nobody assumes a role with a job's token. */
export function withPersonHint(error: DeployMarkerError, env: Env): DeployMarkerError {
  const { code, message, hint, problems, cause } = error;
  if (!code.startsWith('CREDENTIALS_') || !hint.includes(CI_STEP) || isJob(env)) return error;
  // What is to be done after it, with the markers that are kept meanwhile, stays.
  const [next = ''] = /; then run .*$/s.exec(hint) ?? [];
  return new DeployMarkerError(code, message, { hint: `${stepOf(code, env)}${next}`, problems, cause });
}

/** A CI system, or whatever `assume-role` has worked in before. */
function isJob(env: Env): boolean {
  return detectCi(env) !== undefined || Boolean(env['DEPLOY_MARKER_ROLE_ARN']);
}

function stepOf(code: string, env: Env): string {
  const profile = currentProfile(env);
  const isSso = ['sso_session', 'sso_start_url'].some(
    key => readProfileSetting(env, key, 'config') !== undefined,
  );
  const hasKeys = Boolean(env['AWS_ACCESS_KEY_ID']) && !env['AWS_PROFILE'];
  if (isSso && !hasKeys) return `run \`aws sso login --profile ${profile}\``;
  if (code === 'CREDENTIALS_EXPIRED') {
    return hasKeys
      ? 'get new keys: those in AWS_ACCESS_KEY_ID are over; or unset them and set AWS_PROFILE'
      : `get new credentials for the profile ${profile}, as you did for the AWS CLI`;
  }
  return 'set AWS_PROFILE to one of `aws configure list-profiles`, or make one with `aws configure sso`';
}

/** The hint for a Region that is not known: beside the flag, what keeps it for the next time. */
export function regionHint(env: Env): string {
  const forGood =
    detectCi(env) === undefined
      ? `, or run \`aws configure set region REGION --profile ${currentProfile(env)}\``
      : '';
  return `pass --region, or set AWS_REGION${forGood}`;
}

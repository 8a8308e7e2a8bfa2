import { findOidcToken, type OidcToken } from '../../ci/token/oidc-token.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { readTokenClaims } from '../../core/trust/claims.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { type DoctorScene, inTime } from './scene.ts';

/** A check, and the token that it found. */
export interface TokenCheck {
  readonly check: DoctorCheck;
  readonly token: OidcToken | undefined;
}

/** The check of the job's OIDC token. Without `--online` nobody is asked for one. */
export async function checkToken(scene: DoctorScene): Promise<TokenCheck> {
  const { io, out, redactor } = scene.context;
  const { 'token-file': tokenFile, 'token-env': tokenEnv, audience } = scene.assume;
  const { env, now, cwd } = io;
  const asked = { env, now, cwd, tokenFile, tokenEnv, audience, warn: out.warn, offline: !scene.own.online };
  try {
    // What the job has is looked at and not waited for, and making a deadline takes longer than that.
    const token = asked.offline
      ? await findOidcToken(asked)
      : await inTime(scene, 'CI gave a token', signal => findOidcToken({ ...asked, signal }));
    redactor.learn(token.token);
    return { check: describeToken(token, scene), token };
  } catch (error) {
    if (!isDeployMarkerError(error) || error.code === 'CANCELLED') throw error;
    return { check: describeMissing(error, scene), token: undefined };
  }
}

/** No token is a fault where a role is to be assumed in a job, and nothing to wonder at on a laptop. */
function describeMissing(error: DeployMarkerError, { facts, assume, own }: DoctorScene): DoctorCheck {
  if (error.code !== 'OIDC_TOKEN_MISSING' || assume['token-env'] !== undefined) return failed('token', error);
  if (facts.system === undefined) return noted('token', 'skipped', error.message, error.hint);
  const canBeAsked = !own.online && /--online/.test(error.message);
  if (canBeAsked) return noted('token', 'skipped', error.message, 'run doctor --online in the job');
  if (assume['role-arn'] !== undefined) return failed('token', error);
  return noted('token', 'warn', error.message, error.hint);
}

const EXPIRES_SOON_S = 60;
/** Seconds since the epoch, in the year 5138: what is later was written in milliseconds. */
const LATEST_S = 1e11;

function describeToken({ token, source }: OidcToken, { context, own }: DoctorScene): DoctorCheck {
  const { iss, aud, sub, exp } = readTokenClaims(token);
  const claims = Object.entries({ iss, aud, sub });
  const details = claims.map(([name, value]) => `${name} ${value ?? '(missing)'}`);
  const missing = claims.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0 || exp === undefined || Math.abs(exp) > LATEST_S) {
    const lack = exp === undefined || Math.abs(exp) > LATEST_S ? [...missing, 'exp'] : missing;
    const told = `the token from ${source} has no ${lack.join(', ')} that STS could read`;
    return noted('token', 'warn', told, 'look at who makes it; STS will refuse it', details);
  }
  const left = Math.floor(exp - context.io.now() / 1000);
  const when = formatUtcTime(exp * 1000);
  if (left > EXPIRES_SOON_S)
    return passed('token', `from ${source}, expires in ${left} s (${when})`, details);
  const told = `the token from ${source} ${left > 0 ? `expires in ${left} s` : `expired ${-left} s ago`} (${when})`;
  // assume-role has CircleCI make a new one, which doctor does only where it may ask.
  const isRenewed = /^CIRCLE_OIDC_TOKEN/.test(source) && !own.online;
  if (isRenewed)
    return noted(
      'token',
      'warn',
      told,
      'run doctor --online to see whether CircleCI makes a new one',
      details,
    );
  if (left > 0) return noted('token', 'warn', told, 'assume the role earlier in the job', details);
  return failed('token', new DeployMarkerError('OIDC_TOKEN_EXPIRED', told), details);
}

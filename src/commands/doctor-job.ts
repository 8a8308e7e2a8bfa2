import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findOidcToken, type OidcToken } from '../ci/oidc-token.ts';
import { parseRoleArn } from '../core/arn.ts';
import { type DoctorCheck, failed, noted, passed } from '../core/doctor-check.ts';
import { quote } from '../core/quote.ts';
import { checkSessionName, SESSION_NAME_LENGTH } from '../core/session-name.ts';
import { readTokenClaims } from '../core/token-claims.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import { DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type DoctorScene, diagnose } from './doctor-scene.ts';
import { composeFromJob } from './session-name.ts';

/** Oldest Node.js that the package declares (`engines` in package.json). */
const OLDEST_NODE = [20, 19] as const;

/** The check of what Node.js this is. */
export function checkNode({ context: { io } }: DoctorScene): DoctorCheck {
  const [major = 0, minor = 0] = io.nodeVersion.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return passed('node', `Node.js ${io.nodeVersion}`);
  const message = `Node.js ${io.nodeVersion} is older than ${OLDEST_NODE.join('.')}`;
  return failed('node', new DeployMarkerError('USAGE', message, { hint: 'install a newer Node.js' }));
}

/** The check of what CI says of the job. */
export function checkCi({ facts }: DoctorScene): DoctorCheck {
  const { system, job, ref, sha } = facts;
  if (system === undefined) {
    return noted('ci', 'skipped', 'this is no job of a CI system', 'run it in a job, too');
  }
  const parts = Object.entries({ job, ref, commit: sha }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  return passed('ci', [system, ...parts].join(', '));
}

/** A check, and the session name that it found, for the checks that follow. */
export interface NameCheck {
  readonly check: DoctorCheck;
  readonly sessionName: string | undefined;
}

/** The check of the session name: the one that is set, or the one that the parts make. */
export async function checkName({ assume, emit, context }: DoctorScene): Promise<NameCheck> {
  let sessionName: string | undefined;
  const check = await diagnose('session-name', async () => {
    const given = assume['session-name'] ?? emit.values['session-name'];
    if (given === undefined && assume.env === undefined) {
      return noted(
        'session-name',
        'skipped',
        'the environment is not set, and so no name is made',
        'pass --env as your steps do, for example --env prod',
      );
    }
    if (given !== undefined) sessionName = checkSessionName(given);
    const { name, changes } =
      sessionName === undefined
        ? await composeFromJob(assume, context.io)
        : { name: sessionName, changes: [] };
    sessionName = name;
    const details = changes.map(
      ({ part, from, to, reason }) => `${part} ${reason}: ${quote(from)} is ${quote(to)}`,
    );
    return passed(
      'session-name',
      `${name} (${name.length} of ${SESSION_NAME_LENGTH.max} characters)`,
      details,
    );
  });
  return { check: sessionName === undefined ? withoutParts(check) : check, sessionName };
}

/** On a laptop, what the name needs may well be missing. */
function withoutParts(check: DoctorCheck): DoctorCheck {
  if (check.code !== 'USAGE') return check;
  return noted('session-name', 'skipped', check.summary, check.next ?? '');
}

/** The check of the role's ARN. */
export async function checkRole({ assume, context: { io } }: DoctorScene): Promise<DoctorCheck> {
  const roleArn = assume['role-arn'];
  if (roleArn === undefined) {
    return noted(
      'role',
      'skipped',
      'no role is set',
      'pass --role-arn, or run it after `deploy-marker assume-role`',
    );
  }
  return diagnose('role', async () => {
    const { account } = parseRoleArn(roleArn);
    const region = assume.region ?? (io.env['AWS_REGION'] || io.env['AWS_DEFAULT_REGION']);
    return passed('role', `${roleArn}: account ${account}, STS in ${region || 'us-east-1'}`);
  });
}

/** A check, and the token that it found. */
export interface TokenCheck {
  readonly check: DoctorCheck;
  readonly token: OidcToken | undefined;
}

/** The check of the job's OIDC token. Without `--online` nobody is asked for one. */
export async function checkToken(scene: DoctorScene): Promise<TokenCheck> {
  const { io, out, redactor } = scene.context;
  const { 'token-file': tokenFile, 'token-env': tokenEnv, audience } = scene.assume;
  try {
    const token = await findOidcToken({
      env: io.env,
      now: io.now,
      cwd: io.cwd,
      tokenFile,
      tokenEnv,
      audience,
      signal: io.signal,
      warn: out.warn,
      offline: !scene.own.online,
    });
    redactor.learn(token.token);
    return { check: describeToken(token, scene), token };
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    return { check: describeMissing(error, scene), token: undefined };
  }
}

/** No token is a fault where a role is to be assumed in a job, and nothing to wonder at on a laptop. */
function describeMissing(error: DeployMarkerError, { facts, assume, own }: DoctorScene): DoctorCheck {
  if (error.code !== 'OIDC_TOKEN_MISSING') return failed('token', error);
  if (facts.system === undefined) return noted('token', 'skipped', error.message, error.hint);
  if (!own.online && facts.system === 'github') {
    return noted('token', 'skipped', error.message, 'run doctor --online in the job');
  }
  if (assume['role-arn'] !== undefined) return failed('token', error);
  return noted('token', 'warn', error.message, error.hint);
}

const EXPIRES_SOON_S = 60;

function describeToken({ token, source }: OidcToken, { facts, context }: DoctorScene): DoctorCheck {
  const { iss, aud, sub, exp } = readTokenClaims(token);
  const details = Object.entries({ iss, aud, sub }).map(([name, value]) => `${name} ${value ?? '(missing)'}`);
  if (exp === undefined) {
    return noted(
      'token',
      'warn',
      `from ${source}; it says not when it expires`,
      'check who makes it',
      details,
    );
  }
  const left = Math.floor(exp - context.io.now() / 1000);
  const when = Math.abs(exp) < 1e11 ? ` (${formatUtcTime(exp * 1000)})` : '';
  if (left > EXPIRES_SOON_S) return passed('token', `from ${source}, expires in ${left} s${when}`, details);
  const summary = left > 0 ? `expires in ${left} s` : `expired ${-left} s ago`;
  const told = `the token from ${source} ${summary}${when}`;
  if (left > 0 || facts.system === 'circleci') {
    const next =
      facts.system === 'circleci'
        ? 'nothing: assume-role asks CircleCI for a new one; doctor --online tries it'
        : 'assume the role earlier in the job';
    return noted('token', 'warn', told, next, details);
  }
  return failed('token', new DeployMarkerError('OIDC_TOKEN_EXPIRED', told), details);
}

/**
 * The trust policy as text: the file, or with `--online` the role's; undefined if there is none.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE, and what IAM answers
 */
export async function readTrustText(scene: DoctorScene, signal: AbortSignal): Promise<string | undefined> {
  const { own, assume, context } = scene;
  const { io, out } = context;
  const file = own['trust-policy'];
  if (file !== undefined) {
    return readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DeployMarkerError(
        'INPUT_UNREADABLE',
        `the trust policy ${quote(file)} cannot be read: ${why}`,
        {
          hint: 'name a readable file with --trust-policy',
          cause,
        },
      );
    });
  }
  const roleArn = assume['role-arn'];
  if (!own.online || roleArn === undefined) return undefined;
  const { readRoleTrust } = await import('../aws/role-trust.ts');
  return (await readRoleTrust({ roleArn, env: io.env, warn: out.warn }, signal)).policy;
}

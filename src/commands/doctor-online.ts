import { type CallerIdentity, readCallerIdentity } from '../aws/caller-identity.ts';
import { parseRoleArn, readArn } from '../core/arn.ts';
import { type DoctorCheck, failed, noted, passed } from '../core/doctor-check.ts';
import { DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type AskOptions, checkPlaces, PLACE_CHECKS } from './doctor-places.ts';
import type { DoctorScene } from './doctor-scene.ts';

/**
 * How wrong a clock may be, in seconds: AWS takes no signature that is more than five minutes off.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const SKEW_S = { odd: 60, wrong: 300 } as const;

/** The checks that ask AWS, with the credentials at hand. Of those that nobody can make without an identity it says so. */
export async function checkOnline(scene: DoctorScene, signal: AbortSignal): Promise<DoctorCheck[]> {
  const { io, out } = scene.context;
  const asking: AskOptions = { region: regionOf(scene), env: io.env, warn: out.warn };
  try {
    const caller = await readCallerIdentity(asking, signal);
    const places = await checkPlaces(scene, asking, signal);
    return [checkIdentity(caller, scene), checkClock(caller), ...places];
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    const next = 'mend what is said of the identity first';
    const rest = ['clock', ...PLACE_CHECKS].map(name => noted(name, 'skipped', 'STS did not answer', next));
    return [failed('identity', error), ...rest];
  }
}

/** The Region that is asked: the one that is set, else the channel's. */
function regionOf({ emit, assume, context: { io } }: DoctorScene): string {
  const own = assume.region ?? (io.env['AWS_REGION'] || io.env['AWS_DEFAULT_REGION']);
  return own || readArn(emit.values['channel-arn'] ?? '')?.region || 'us-east-1';
}

/** The caller is to be in the role that is set, and in the session that is. */
function checkIdentity({ arn, account }: CallerIdentity, { assume, emit }: DoctorScene): DoctorCheck {
  const roleArn = assume['role-arn'];
  const session = assume['session-name'] ?? emit.values['session-name'];
  const [, role, found] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  const wrong: string[] = [];
  if (roleArn !== undefined) {
    const expected = parseRoleArn(roleArn);
    const name = expected.resource.split('/').at(-1);
    if (role !== name || account !== expected.account) wrong.push(`the role ${roleArn}`);
  }
  if (session !== undefined && found !== session) wrong.push(`the session ${session}`);
  if (wrong.length === 0) return passed('identity', arn);
  const message = `the caller is ${arn}, not in ${wrong.join(', ')}`;
  return failed('identity', new DeployMarkerError('IDENTITY_UNEXPECTED', message));
}

function checkClock({ clockSkewMs }: CallerIdentity): DoctorCheck {
  if (clockSkewMs === undefined) {
    return noted('clock', 'skipped', 'the answer has no date', 'check what stands between here and AWS');
  }
  const seconds = Math.round(Math.abs(clockSkewMs) / 1000);
  const told = `${seconds} s ${clockSkewMs > 0 ? 'behind' : 'ahead of'} AWS's`;
  if (seconds > SKEW_S.wrong) return failed('clock', new DeployMarkerError('CLOCK_SKEWED', told));
  if (seconds > SKEW_S.odd) return noted('clock', 'warn', told, 'set the clock, for example by NTP');
  return passed('clock', seconds < 2 ? "the same as AWS's, to about a second" : told);
}

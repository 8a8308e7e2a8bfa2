import type { ServiceOptions } from '../../../aws/client/service-client.ts';
import { type CallerIdentity, readCallerIdentity } from '../../../aws/sts/caller-identity.ts';
import { parseRoleArn, readArn, roleNameOf } from '../../../core/base/arn.ts';
import { type DoctorCheck, failed, noted, passed } from '../../../core/doctor-check.ts';
import { DeployMarkerError } from '../../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../../io/aws-config/files.ts';
import { connectionOf } from '../../sinks/connection.ts';
import { type DoctorScene, diagnoseInTime } from '../scene.ts';
import { checkPlaces } from './places.ts';

/**
 * How wrong a clock may be, in seconds: AWS takes no signature that is more than five minutes off.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const SKEW_S = { odd: 60, wrong: 300 } as const;

/** What AWS said. */
export interface OnlineChecks {
  readonly checks: readonly DoctorCheck[];
  /** Whether the caller is the role that deploys, which need not read anything. */
  readonly isDeployer: boolean;
}

/**
 * The checks that ask AWS, with the credentials at hand, all at once.
 *
 * @param composed the session name that this job would take, where none is set
 */
export async function checkOnline(scene: DoctorScene, composed: string | undefined): Promise<OnlineChecks> {
  const region = regionOf(scene);
  const own = connectionOf({ ...scene.emit.values, 'sink-role-arn': undefined }, region, scene.context);
  const asking: ServiceOptions = { ...own, region };
  let caller: CallerIdentity | undefined;
  const [identity, places] = await Promise.all([
    diagnoseInTime('identity', scene, 'STS', async signal => {
      caller = await readCallerIdentity(asking, signal);
      return checkIdentity(caller, scene, composed);
    }),
    checkPlaces(scene, asking),
  ]);
  const isDeployer = scene.assume['role-arn'] !== undefined && /^(?:ok|warn)$/.test(identity.status);
  const known = places.map(check => (isSame(check, identity) ? asIdentity(check) : check));
  return { checks: [identity, checkClock(caller), ...known], isDeployer };
}

/** Without credentials, or with wrong ones, every question fails in the same way: it is told once. */
function isSame(check: DoctorCheck, identity: DoctorCheck): boolean {
  return identity.status === 'fail' && check.code === identity.code && check.code !== 'TIMEOUT';
}

function asIdentity({ name }: DoctorCheck): DoctorCheck {
  return noted(name, 'skipped', 'it fails as identity does', 'mend what is said of the identity first');
}

/** The Region that is asked: the one that is set, else the channel's. */
function regionOf({ emit, trail, context: { io } }: DoctorScene): string {
  const own = trail.region[0] ?? awsRegionOf(io.env);
  return own || readArn(emit.values['channel-arn'] ?? '')?.region || 'us-east-1';
}

/** The caller is to be in the role that is set, and in the session that is. */
function checkIdentity(
  { arn, account }: CallerIdentity,
  { assume, emit }: DoctorScene,
  composed: string | undefined,
): DoctorCheck {
  const roleArn = assume['role-arn'];
  const session = assume['session-name'] ?? emit.values['session-name'];
  const [, role, found] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  const wrong: string[] = [];
  if (roleArn !== undefined) {
    const expected = parseRoleArn(roleArn);
    if (role !== roleNameOf(roleArn) || account !== expected.account) wrong.push(`the role ${roleArn}`);
  }
  if (session !== undefined && found !== session) wrong.push(`the session ${session}`);
  if (wrong.length > 0) {
    const message = `the caller is ${arn}, not in ${wrong.join(', ')}`;
    return failed('identity', new DeployMarkerError('IDENTITY_UNEXPECTED', message));
  }
  if (roleArn === undefined && session === undefined) {
    return noted('identity', 'skipped', `${arn}; no role is set to compare it with`, 'pass --role-arn');
  }
  if (session !== undefined || composed === undefined || found === composed) {
    return passed('identity', arn);
  }
  const told = `${arn}: this job's session would be called ${composed}`;
  return noted(
    'identity',
    'warn',
    told,
    'assume the role with `deploy-marker assume-role`, or pass --session-name',
  );
}

function checkClock(caller: CallerIdentity | undefined): DoctorCheck {
  const skew = caller?.clockSkewMs;
  if (skew === undefined) {
    const why = caller === undefined ? 'STS did not answer it' : "STS's answer has no date";
    return noted('clock', 'skipped', why, 'mend what is said of the identity first');
  }
  const seconds = Math.round(Math.abs(skew) / 1000);
  const told = `${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} AWS's`;
  if (seconds > SKEW_S.wrong) return failed('clock', new DeployMarkerError('CLOCK_SKEWED', told));
  if (seconds > SKEW_S.odd) return noted('clock', 'warn', told, 'set the clock, for example by NTP');
  return passed('clock', seconds < 2 ? "the same as AWS's, to about a second" : told);
}

import { parseRoleArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { checkPartition, checkRegion } from '../../core/base/region.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { checkSessionName, SESSION_NAME_LENGTH } from '../../core/session-name.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import { OLDEST_NODE } from '../../version.ts';
import { composeFromFacts } from '../session-name.ts';
import { type DoctorScene, diagnose } from './scene.ts';

/** The check of what Node.js this is. */
export function checkNode({ context: { io } }: DoctorScene): DoctorCheck {
  const [major = 0, minor = 0] = io.nodeVersion.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return passed('node', `Node.js ${io.nodeVersion}`);
  const message = `Node.js ${io.nodeVersion} is older than ${OLDEST_NODE.join('.')}`;
  return failed('node', new DeployMarkerError('USAGE', message, { hint: 'install a newer Node.js' }));
}

/** The check of what CI says of the job. */
export function checkCi({ facts, notes }: DoctorScene): DoctorCheck {
  const { system, job, ref, sha } = facts;
  if (system === undefined) {
    return noted('ci', 'skipped', 'this is not a CI job', 'run it in the job that deploys, too');
  }
  const parts = Object.entries({ job, ref, commit: sha }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  const [odd] = notes;
  if (odd !== undefined)
    return noted('ci', 'warn', odd, 'check out the commit of the job, or pass --git-sha', parts);
  return passed('ci', [system, ...parts].join(', '));
}

/** A check, and the session name that it found, for the checks that follow. */
export interface NameCheck {
  readonly check: DoctorCheck;
  readonly sessionName: string | undefined;
}

/** The check of the session name: the one that is set, or the one that the parts make. */
export async function checkName({ assume, emit, facts }: DoctorScene): Promise<NameCheck> {
  let sessionName: string | undefined;
  const check = await diagnose('session-name', async () => {
    // As assume-role: a name that an earlier step left counts only where there is nothing to make one of.
    const left = assume.env === undefined ? emit.values['session-name'] : undefined;
    const given = assume['session-name'] ?? left;
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
      sessionName === undefined ? composeFromFacts(assume, facts) : { name: sessionName, changes: [] };
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

/** A check, and the scene without the roles that do not hold, so that no other check fails for them. */
export interface RoleCheck {
  readonly check: DoctorCheck;
  readonly sound: DoctorScene;
}

/** The check of the ARNs of roles. */
export function checkRole(scene: DoctorScene): RoleCheck {
  const { assume, emit, context } = scene;
  const { env } = context.io;
  const roleArn = assume['role-arn'];
  const sinkRoleArn = emit.values['sink-role-arn'];
  try {
    for (const arn of [roleArn, sinkRoleArn]) if (arn !== undefined) parseRoleArn(arn);
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    const none = { 'role-arn': undefined, 'sink-role-arn': undefined };
    const sound = {
      ...scene,
      assume: { ...assume, ...none },
      emit: { ...emit, values: { ...emit.values, ...none } },
    };
    return { check: failed('role', error), sound };
  }
  if (roleArn === undefined) {
    const next = 'pass --role-arn, or run it after `deploy-marker assume-role`';
    return { check: noted('role', 'skipped', 'no role is set', next), sound: scene };
  }
  const region = scene.trail.region[0] ?? awsRegionOf(env);
  const role = parseRoleArn(roleArn);
  try {
    checkPartition(role, checkRegion(region || 'us-east-1'));
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    return { check: failed('role', error), sound: scene };
  }
  const { account } = role;
  const told = `${roleArn}: account ${account}, STS in ${region || 'us-east-1'}`;
  return { check: passed('role', told), sound: scene };
}

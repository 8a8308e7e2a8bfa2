import { isAbsolute } from 'node:path';
import { findStepFile } from '../ci/step-file.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { awsConfigPath } from '../io/aws-files.ts';
import { checkProfile, removeProfile, writeProfile } from '../io/aws-profile.ts';
import { appendToBashEnv } from '../io/bash-env.ts';
import type { Io } from '../io/io.ts';
import { appendPrivately, checkAppendable } from '../io/private-file.ts';
import { bringBack, findHiders, putAside, refuseHiders } from '../io/profile-hiders.ts';
import type { RoleRequest } from './assume-role.ts';
import type { CommandContext } from './command.ts';
import { toProfileSettings } from './credential-process.ts';
import type { CredentialTarget } from './credential-target.ts';

/**
 * Where the profile is written: a file that is found from any folder.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function profilePath({ env }: Io): string {
  const path = awsConfigPath(env);
  if (isAbsolute(path)) return path;
  throw new DeployMarkerError(
    'CONFIG_INVALID',
    `AWS_CONFIG_FILE is ${JSON.stringify(path)}, which is another file in every folder`,
    { hint: 'set AWS_CONFIG_FILE to a whole path, or to one that begins with ~/' },
  );
}

/**
 * Checks, before STS is asked for anything, that the profile can be written, and that AWS's tools will then take it.
 *
 * @throws DeployMarkerError USAGE, FILE_UNWRITABLE or CONFIG_INVALID
 */
export async function checkProfileTarget(
  { path, profile, force }: CredentialTarget,
  request: RoleRequest,
  { env, self }: Io,
): Promise<void> {
  const { region } = toProfileSettings(request, self);
  await checkProfile(path, profile, { force });
  const hiders = await findHiders(env, { profile, hasRegion: region !== undefined });
  if (!force) refuseHiders(hiders, profile);
  else if (hiders.settings.length > 0) await checkAppendable(hiders.file);
}

/** Writes the profile, and with `--force` puts aside what would hide it. */
export async function writeTargetProfile(
  { path, profile, force }: CredentialTarget,
  request: RoleRequest,
  context: CommandContext,
): Promise<void> {
  const { io, out } = context;
  const settings = toProfileSettings(request, io.self);
  const written = { profile, hasRegion: settings['region'] !== undefined };
  const hiders = await findHiders(io.env, written);
  if (force && hiders.settings.length > 0) {
    await putAside(hiders.file, written);
    out.warn(
      `${hiders.settings.join(', ')} of profile ${profile} in ${hiders.file} would hide it, and are comments now`,
    );
  }
  await writeProfile(path, profile, settings, { force });
  if (force && hiders.variables.length > 0) await unsetLater(hiders.variables, profile, context);
}

/** Takes the profile away again, and brings back what was put aside for it. */
export async function clearTargetProfile({ path, profile }: CredentialTarget, { env }: Io): Promise<void> {
  await removeProfile(path, profile);
  await bringBack(env, profile);
}

/** Keeps variables that would hide the profile from later steps, where there is a file for that. */
async function unsetLater(
  variables: readonly string[],
  profile: string,
  { io, out }: CommandContext,
): Promise<void> {
  const file = findStepFile(io.env);
  if (file?.kind === 'bash-env') await appendToBashEnv(file.path, { set: {}, unset: variables });
  // What is empty counts as absent there, but for the name of a profile, which would be one without a name.
  const empty = file?.kind === 'github-env' ? variables.filter(name => !name.endsWith('_PROFILE')) : [];
  if (empty.length > 0 && file !== undefined)
    await appendPrivately(file.path, empty.map(name => `${name}=\n`).join(''));
  const done = file?.kind === 'bash-env' ? variables : empty;
  const left = variables.filter(name => !done.includes(name));
  if (done.length > 0)
    out.warn(`${done.join(', ')} would hide profile ${profile}, and are unset for later steps`);
  if (left.length > 0)
    out.warn(`${left.join(', ')} may hide profile ${profile}; unset them in steps that use the profile`);
}

import { isAbsolute } from 'node:path';
import { findStepFile, type StepFile } from '../../ci/step-file.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsConfigPath, awsCredentialsPath, refusePipes } from '../../io/aws-config/files.ts';
import { bringBack, findHiders, putAside, refuseHiders } from '../../io/aws-config/hiders.ts';
import { checkProfile, removeProfile, writeProfile } from '../../io/aws-config/profile.ts';
import { appendPrivately, checkAppendable } from '../../io/file/private.ts';
import type { Io } from '../../io/io.ts';
import { appendToBashEnv } from '../../io/job/bash-env.ts';
import type { CommandContext } from '../command.ts';
import { toProfileSettings } from './credential-process.ts';
import type { CredentialTarget } from './credential-target.ts';
import type { RoleRequest } from './role-request.ts';

/**
 * Where the profile is written: a file that is found from any folder. So is the credentials file, where something might hide it.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function profilePath({ env }: Io): string {
  requireWhole('AWS_SHARED_CREDENTIALS_FILE', awsCredentialsPath(env));
  return requireWhole('AWS_CONFIG_FILE', awsConfigPath(env));
}

/** The AWS CLI also expands `~USER`, which is nothing to guess at. */
function requireWhole(variable: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new DeployMarkerError(
    'CONFIG_INVALID',
    `${variable} is ${JSON.stringify(path)}, which is another file in every folder`,
    { hint: `set ${variable} to a whole path, or to one that begins with ~/` },
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
  refusePipes(env);
  await checkProfile(path, profile, { force });
  const hiders = await findHiders(env, { profile, hasRegion: region !== undefined });
  if (!force) refuseHiders(hiders, profile);
  const { left } = splitVariables(hiders.variables, env);
  if (left.length > 0) throw notToBeUnset(left, profile);
  for (const { file } of hiders.places) await checkAppendable(file);
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
  if (force && hiders.places.length > 0) {
    await putAside(io.env, written, io.signal);
    for (const { file, settings } of hiders.places)
      out.warn(`${settings.join(', ')} in ${file} would hide profile ${profile}, and are comments now`);
  }
  await writeProfile(path, profile, settings, { force, signal: io.signal });
  if (force && hiders.variables.length > 0) await unsetLater(hiders.variables, profile, context);
}

/** Takes the profile away again, and brings back what was put aside for it. */
export async function clearTargetProfile(
  { path, profile }: CredentialTarget,
  { env, signal }: Io,
): Promise<void> {
  await removeProfile(path, profile, signal);
  await bringBack(env, profile, signal);
}

/** Which variables can be kept from later steps, and which cannot: there is no file for that, or it has no word for it. */
function splitVariables(
  variables: readonly string[],
  env: Io['env'],
): {
  readonly file: StepFile | undefined;
  readonly done: readonly string[];
  readonly left: readonly string[];
} {
  const file = findStepFile(env);
  // What is empty counts as absent in $GITHUB_ENV, but for the name of a profile, which would be one without a name.
  const canUnset = (name: string): boolean =>
    file?.kind === 'bash-env' || (file?.kind === 'github-env' && !name.endsWith('_PROFILE'));
  return { file, done: variables.filter(canUnset), left: variables.filter(name => !canUnset(name)) };
}

async function unsetLater(
  variables: readonly string[],
  profile: string,
  { io, out }: CommandContext,
): Promise<void> {
  const { file, done } = splitVariables(variables, io.env);
  if (file === undefined || done.length === 0) return;
  if (file.kind === 'bash-env') await appendToBashEnv(file.path, { set: {}, unset: done });
  else await appendPrivately(file.path, done.map(name => `${name}=\n`).join(''));
  out.warn(`${done.join(', ')} would hide profile ${profile}, and are unset for later steps`);
}

function notToBeUnset(variables: readonly string[], profile: string): DeployMarkerError {
  const names = variables.join(', ');
  const message = `profile ${profile} would be hidden by ${names}, which cannot be unset for later steps from here`;
  return new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `unset ${names} here and where the profile is used, or choose another --profile`,
  });
}

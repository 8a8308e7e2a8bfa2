import { detectCi } from '../../ci/detect.ts';
import { findStepFile } from '../../ci/step-file.ts';
import type { OptionValues } from '../../config/option.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { UNSET_VARIABLES } from '../../io/aws-config/hiders.ts';
import { checkProfileName } from '../../io/aws-config/profile.ts';
import { type Appended, appendPrivately, checkAppendable } from '../../io/file/private.ts';
import type { Io } from '../../io/io.ts';
import { appendToBashEnv, clearBashEnv, toShellLines, type VariableChanges } from '../../io/job/bash-env.ts';
import { toGithubEnvLines } from '../../io/job/shell-variable.ts';
import type { CommandContext } from '../command.ts';
import type { ASSUME_ROLE_FLAGS } from './assume-role.flags.ts';
import { toCredentialProcess } from './credential-process.ts';
import type { CredentialTarget } from './credential-target.ts';
import { checkProfileTarget, clearTargetProfile, profilePath, writeTargetProfile } from './profile.ts';
import type { RoleRequest } from './role-request.ts';
import { CREDENTIAL_VARIABLES, type Leavings, toChanges } from './variables.ts';

/** Every variable that a block in `$BASH_ENV` sets or unsets. */
const BLOCK_VARIABLES = [...CREDENTIAL_VARIABLES, ...UNSET_VARIABLES];

/**
 * Chooses where credentials go: what `--output` says, else the CI system's file for later steps.
 *
 * @throws DeployMarkerError USAGE if nothing says where, or flags contradict each other.
 */
export function chooseTarget(
  flags: OptionValues<typeof ASSUME_ROLE_FLAGS>,
  context: CommandContext,
): CredentialTarget {
  const output = flags.output ?? findStepFile(context.io.env)?.kind;
  if (output !== 'profile' && (flags.profile !== undefined || flags.force)) {
    const flag = flags.profile === undefined ? '--force' : '--profile';
    throw new DeployMarkerError('USAGE', `${flag} is about --output profile, which was not asked for`, {
      hint: 'add --output profile',
    });
  }
  switch (output) {
    case 'bash-env':
      return fileTarget(output, 'BASH_ENV', context);
    case 'github-env':
      return fileTarget(output, 'GITHUB_ENV', context);
    case 'profile':
      return profileTarget(flags, context);
    case 'env':
    case 'json':
    case 'credential-process':
      return stdoutTarget(output, flags.clear, context);
    default:
      throw new DeployMarkerError(
        'USAGE',
        'there is nowhere to leave credentials: neither BASH_ENV nor GITHUB_ENV is set',
        {
          hint: 'say where with --output, for example set +x; creds="$(npx deploy-marker assume-role --output env …)" && eval "$creds", for a shell under set -x prints the keys',
        },
      );
  }
}

/**
 * Checks that the target will take credentials, before any are asked for.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE; USAGE if the request cannot be repeated by a profile; CONFIG_INVALID if something would hide it.
 */
export async function checkTarget(target: CredentialTarget, request: RoleRequest, io: Io): Promise<void> {
  if (target.output === 'profile') await checkProfileTarget(target, request, io);
  else if (target.path !== '') await checkAppendable(target.path);
}

/** Leaves credentials, and what later steps want to know of them, at the target. */
export async function leaveCredentials(
  target: CredentialTarget,
  leavings: Leavings,
  context: CommandContext,
): Promise<void> {
  const { out, io } = context;
  const changes = toChanges(leavings, io.env);
  maskForGithub(target, leavings, context);
  noteUnset(target, changes, context);
  switch (target.output) {
    case 'bash-env':
      return warnOfReaders(target, await appendToBashEnv(target.path, changes), context);
    case 'github-env':
      return warnOfReaders(target, await writeGithubEnv(target.path, changes), context);
    case 'env':
      return out.secretResult(toShellLines(changes).join('\n'));
    case 'json':
      return out.secretResult(JSON.stringify(changes.set));
    case 'credential-process':
      return out.secretResult(toCredentialProcess(leavings.assumed));
    case 'profile':
      return writeTargetProfile(target, leavings.request, context);
  }
}

/** Takes back what {@link leaveCredentials} left at the target. */
export async function clearCredentials(target: CredentialTarget, context: CommandContext): Promise<void> {
  if (target.output === 'bash-env') await clearBashEnv(target.path, BLOCK_VARIABLES, context.io.signal);
  else if (target.output === 'github-env') {
    // GitHub applies the file after each step and has no word for unsetting; empty is what SDKs take for absent, but for
    // the Region, without which the AWS CLI makes malformed host names. It is no secret and stays.
    const names = CREDENTIAL_VARIABLES.filter(name => !name.endsWith('_REGION'));
    await appendPrivately(target.path, names.map(name => `${name}=\n`).join(''));
  } else if (target.output === 'profile') await clearTargetProfile(target, context.io);
  else context.out.resultText(CREDENTIAL_VARIABLES.map(name => `unset ${name}`).join('\n'));
}

function fileTarget(
  output: 'bash-env' | 'github-env',
  variable: string,
  { io }: CommandContext,
): CredentialTarget {
  const path = io.env[variable];
  if (!path)
    throw new DeployMarkerError(
      'USAGE',
      `--output ${output} needs the variable ${variable}, which is not set`,
    );
  return { output, title: `$${variable}`, path, profile: '', force: false, takesStdout: false };
}

function profileTarget(
  flags: OptionValues<typeof ASSUME_ROLE_FLAGS>,
  { io }: CommandContext,
): CredentialTarget {
  if (flags.profile === undefined) {
    throw new DeployMarkerError('USAGE', '--output profile needs to know which', {
      hint: 'pass --profile NAME',
    });
  }
  const profile = checkProfileName(flags.profile);
  const path = profilePath(io);
  return {
    output: 'profile',
    title: `profile ${profile}`,
    path,
    profile,
    force: flags.force,
    takesStdout: false,
  };
}

function stdoutTarget(
  output: 'env' | 'json' | 'credential-process',
  clear: boolean,
  context: CommandContext,
): CredentialTarget {
  if (context.json) {
    throw new DeployMarkerError('USAGE', `--json and --output ${output} both want stdout`, {
      hint: 'leave out one of them; --json is a summary without credentials',
    });
  }
  if (clear && output !== 'env') {
    throw new DeployMarkerError(
      'USAGE',
      `--output ${output} leaves nothing behind that --clear could take back`,
    );
  }
  return { output, title: 'stdout', path: '', profile: '', force: false, takesStdout: true };
}

/** What becomes of AWS_PROFILE, which in the SDKs outranks keys in the environment. */
function noteUnset({ output }: CredentialTarget, { unset }: VariableChanges, { out }: CommandContext): void {
  if (unset.length === 0) return;
  if (output === 'bash-env' || output === 'env') {
    out.note('note: AWS_PROFILE is unset for later steps, where it would hide the new credentials');
  } else if (output === 'github-env') {
    // An empty AWS_PROFILE makes the AWS CLI fail, for it looks for a profile without a name.
    out.warn('AWS_PROFILE is set, which GITHUB_ENV cannot unset; it may hide the new credentials');
  }
}

function warnOfReaders(
  { path }: CredentialTarget,
  { readableByOthers, writableByOthers }: Appended,
  { out }: CommandContext,
): void {
  if (readableByOthers) out.warn(`${path} can be read by other users of this machine`);
  if (writableByOthers) out.warn(`${path} can be changed by other users of this machine`);
}

/**
 * Has the runner of a GitHub job hide the credentials in its log, before any later step can print them. What goes to stdout goes to
 * a program that asked for it.
 */
function maskForGithub(
  { output }: CredentialTarget,
  { assumed }: Leavings,
  { io, json, out }: CommandContext,
): void {
  const isJob = output === 'bash-env' && detectCi(io.env)?.system === 'github';
  if (output !== 'github-env' && !isJob) return;
  const { accessKeyId, secretAccessKey, sessionToken } = assumed.credentials;
  // Under --json stdout holds one JSON object, and the runner reads both streams.
  for (const secret of [accessKeyId, secretAccessKey, sessionToken]) {
    if (secret !== undefined) out.maskSecret(secret, json ? 'stderr' : 'stdout');
  }
}

async function writeGithubEnv(path: string, changes: VariableChanges): Promise<Appended> {
  const delimiter = `deploy-marker-${crypto.randomUUID()}`;
  const lines = Object.entries(changes.set).map(([name, value]) => toGithubEnvLines(name, value, delimiter));
  return appendPrivately(path, `${lines.join('\n')}\n`);
}

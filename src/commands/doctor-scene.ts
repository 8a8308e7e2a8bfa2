import type { OptionValues } from '../config/option.ts';
import { type OptionSources, type Resolved, resolveOptions } from '../config/resolve.ts';
import { type DoctorCheck, failed } from '../core/doctor-check.ts';
import { isDeployMarkerError } from '../errors/deploy-marker-error.ts';
import { ASSUME_ROLE_FLAGS } from './assume-role.flags.ts';
import type { CommandContext, CommandInput } from './command.ts';
import type { DOCTOR_FLAGS } from './doctor.flags.ts';
import { EMIT_FLAGS } from './emit.flags.ts';
import { type JobFacts, readJobFacts } from './job-facts.ts';
import { QUERY_FLAGS } from './query.flags.ts';
import { TRAIL_FLAGS } from './trail.flags.ts';

/** What the checks look at: the same flags as the commands would get here, and what CI says of the job. */
export interface DoctorScene {
  readonly own: OptionValues<typeof DOCTOR_FLAGS>;
  readonly emit: Resolved<typeof EMIT_FLAGS>;
  readonly assume: OptionValues<typeof ASSUME_ROLE_FLAGS>;
  readonly query: OptionValues<typeof QUERY_FLAGS>;
  readonly trail: OptionValues<typeof TRAIL_FLAGS>;
  readonly facts: JobFacts;
  readonly context: CommandContext;
}

/** @throws DeployMarkerError USAGE if a setting has a value that no command takes */
export async function readScene(
  { values, sources }: CommandInput<typeof DOCTOR_FLAGS>,
  context: CommandContext,
): Promise<DoctorScene> {
  const all: OptionSources = sources;
  const assume = resolveOptions(ASSUME_ROLE_FLAGS, all).values;
  return {
    own: values,
    emit: resolveOptions(EMIT_FLAGS, all),
    assume,
    query: resolveOptions(QUERY_FLAGS, all).values,
    trail: resolveOptions(TRAIL_FLAGS, all).values,
    facts: await readJobFacts(context.io, { needsCommit: assume['git-sha'] === undefined }),
    context,
  };
}

/** Makes a check; an error of ours is what it found. */
export async function diagnose(name: string, check: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await check();
  } catch (error) {
    if (isDeployMarkerError(error)) return failed(name, error);
    throw error;
  }
}

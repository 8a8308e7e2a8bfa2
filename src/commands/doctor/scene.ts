import type { OptionValues } from '../../config/option.ts';
import { type OptionSources, type Resolved, resolveOptions } from '../../config/resolve.ts';
import type { Setting } from '../../config/settings.ts';
import { type DoctorCheck, failed } from '../../core/doctor-check.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { toDeployMarkerError } from '../../errors/render.ts';
import { ASSUME_ROLE_FLAGS } from '../assume-role/assume-role.flags.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { startDeadline } from '../delivery/deadline.ts';
import { EMIT_FLAGS } from '../emit/emit.flags.ts';
import { type JobFacts, readJobFacts } from '../job-facts.ts';
import { QUERY_FLAGS } from '../query/query.flags.ts';
import { TRAIL_FLAGS } from '../trail/trail.flags.ts';
import type { DOCTOR_FLAGS } from './doctor.flags.ts';
import { checkSettings } from './settings.ts';

/** What the checks look at: the same flags as the commands would get here, and what CI says of the job. */
export interface DoctorScene {
  readonly own: OptionValues<typeof DOCTOR_FLAGS>;
  readonly emit: Resolved<typeof EMIT_FLAGS>;
  readonly assume: OptionValues<typeof ASSUME_ROLE_FLAGS>;
  readonly query: OptionValues<typeof QUERY_FLAGS>;
  readonly trail: OptionValues<typeof TRAIL_FLAGS>;
  /** Where those flags come from. */
  readonly sources: OptionSources;
  readonly facts: JobFacts;
  /** What is odd about the facts. */
  readonly notes: readonly string[];
  readonly context: CommandContext;
  /** The check of the settings; one that does not hold is left out of the flags. */
  readonly settings: DoctorCheck;
}

/** Reads flags and facts. Settings that do not hold are told by a check and keep no other check from being made. */
export async function readScene(
  { values, sources }: CommandInput<typeof DOCTOR_FLAGS>,
  settings: readonly Setting[],
  context: CommandContext,
): Promise<DoctorScene> {
  const checked = await checkSettings(settings, sources, context);
  const assume = resolveOptions(ASSUME_ROLE_FLAGS, checked.sources).values;
  const notes: string[] = [];
  const needsCommit = assume['git-sha'] === undefined;
  return {
    own: values,
    emit: resolveOptions(EMIT_FLAGS, checked.sources),
    assume,
    query: resolveOptions(QUERY_FLAGS, checked.sources).values,
    trail: resolveOptions(TRAIL_FLAGS, checked.sources).values,
    sources: checked.sources,
    facts: await readJobFacts(context.io, { needsCommit, warn: note => notes.push(note) }),
    notes,
    context,
    settings: checked.check,
  };
}

/** Where the role's trust policy is to be read: a file, or IAM. */
export type TrustPlace = { readonly file: string } | { readonly roleArn: string };

/** Where that is here; undefined if there is none to look at. */
export function trustPlaceOf({ own, assume }: DoctorScene): TrustPlace | undefined {
  const { 'trust-policy': file, online } = own;
  if (file !== undefined) return { file };
  const roleArn = assume['role-arn'];
  return online && roleArn !== undefined ? { roleArn } : undefined;
}

/** Makes a check. Whatever goes wrong is what it found, so that the other checks are told all the same; but a signal ends all. */
export async function diagnose(name: string, check: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await check();
  } catch (caught) {
    const error = toDeployMarkerError(caught);
    if (error.code === 'CANCELLED') throw error;
    return failed(name, error);
  }
}

/** Does what waits for somebody else: each has the whole of `--timeout` for itself, since all run at once. */
export async function inTime<T>(
  { emit, context }: DoctorScene,
  awaited: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = parseDuration(emit.values.timeout, '--timeout');
  const { signal, stop } = startDeadline(timeout, context.io.signal, awaited);
  try {
    return await work(signal);
  } finally {
    stop();
  }
}

/** Makes a check that waits for somebody else. */
export function diagnoseInTime(
  name: string,
  scene: DoctorScene,
  asked: string,
  check: (signal: AbortSignal) => Promise<DoctorCheck>,
): Promise<DoctorCheck> {
  return inTime(scene, `${asked} answered`, signal => diagnose(name, () => check(signal)));
}

import { findStepFile } from '../ci/step-file.ts';
import type { OptionValues } from '../config/option.ts';
import { quote } from '../core/base/quote.ts';
import { type ComposedSessionName, checkSessionName, composeSessionName } from '../core/session-name.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Io } from '../io/io.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { type JobFacts, readJobFacts, requireCommit, requireEnvironment } from './job-facts.ts';
import type { SESSION_NAME_FLAGS, SESSION_NAME_PARTS } from './session-name.flags.ts';

/** Composes or checks a session name, prints it, and sets it for later steps if asked to. */
export async function run(
  input: CommandInput<typeof SESSION_NAME_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { values } = input;
  const { io, out, json } = context;
  const composed: ComposedSessionName =
    values.check === undefined
      ? await composeFromJob(values, io, out.warn)
      : { name: checkSessionName(values.check), digest: null, changes: [] };
  for (const { part, from, to, reason } of composed.changes) {
    out.note(`note: ${part} ${reason}: ${quote(from)} is ${quote(to)} in the session name`);
  }
  if (values.export !== undefined) await exportVariable(values.export, composed.name, io);
  const { name, digest, changes } = composed;
  if (json) out.resultJson({ name, length: name.length, digest, changes });
  else out.result(name);
}

/**
 * Composes a session name from flags, and from what CI and git say where flags are silent.
 *
 * @throws DeployMarkerError USAGE if env or commit is unknown; SESSION_NAME_INVALID if a part does not hold, or, under
 *   `--strict`, would have to be changed.
 */
export async function composeFromJob(
  flags: OptionValues<typeof SESSION_NAME_PARTS>,
  io: Io,
  warn: (note: string) => void,
): Promise<ComposedSessionName> {
  // Before git is asked for what would not help.
  requireEnvironment(flags.env);
  return composeFromFacts(
    flags,
    await readJobFacts(io, { needsCommit: flags['git-sha'] === undefined, warn }),
  );
}

/** As {@link composeFromJob}, where the facts of the job have been read. */
export function composeFromFacts(
  flags: OptionValues<typeof SESSION_NAME_PARTS>,
  facts: JobFacts,
): ComposedSessionName {
  const composed = composeSessionName({
    prefix: flags.prefix,
    env: requireEnvironment(flags.env),
    workflow: flags.workflow ?? facts.uniqueRun,
    job: flags.job ?? facts.job,
    sha: requireCommit(flags['git-sha'] ?? facts.sha),
  });
  if (flags.strict) refuseChanges(composed);
  return composed;
}

function refuseChanges({ changes }: ComposedSessionName): void {
  const [first] = changes;
  if (first === undefined) return;
  throw new DeployMarkerError(
    'SESSION_NAME_INVALID',
    `${first.part} ${quote(first.from)} does not fit into a session name as it is; it would be ${first.reason} to ${quote(first.to)}`,
    { hint: `pass a --${first.part} that needs no change, or leave out --strict` },
  );
}

/** The files module is loaded only here, so that printing a name stays quick. */
async function exportVariable(variable: string, name: string, io: Io): Promise<void> {
  const file = findStepFile(io.env);
  if (file === undefined) {
    throw new DeployMarkerError(
      'USAGE',
      '--export has nowhere to write: neither BASH_ENV nor GITHUB_ENV is set',
      { hint: `outside CI use ${variable}="$(deploy-marker session-name …)"` },
    );
  }
  const { exportForLaterSteps } = await import('../io/job/later-steps.ts');
  await exportForLaterSteps(file, variable, name);
}

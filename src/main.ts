import { type Invocation, parseCommandLine } from './command-line.ts';
import { readConfigFile } from './config/config-file.ts';
import type { OptionTable } from './config/option.ts';
import { DeployMarkerError } from './errors/deploy-marker-error.ts';
import { EXIT_PRIORITY } from './errors/exit-codes.ts';
import { createRedactor, type Redactor, secretsOfEnvironment } from './errors/redactor.ts';
import { toDeployMarkerError } from './errors/render.ts';
import type { Io } from './io/io.ts';
import { createOutput } from './io/output.ts';

/**
 * Runs one command line and returns its exit code. Never throws and never ends the process.
 *
 * @param argv the arguments after the program's name
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const redactor = createRedactor();
  for (const secret of secretsOfEnvironment(io.env)) redactor.learn(secret);
  // Asked of argv itself, for the parser may be what fails.
  const asks = (flag: string): boolean =>
    argv.some(word => [flag, `${flag}=true`, `${flag}=1`].includes(word));
  const out = createOutput(io, { quiet: false, debug: asks('--debug') }, redactor);
  try {
    const invocation = await parseCommandLine(argv);
    if (invocation.kind === 'text') out.resultText(invocation.text);
    else await execute(invocation, io, redactor);
    if (io.stdout.failure !== undefined) throw unwritableResult(io.stdout.failure);
    return 0;
  } catch (caught) {
    const error = await forReader(toDeployMarkerError(caught), io);
    out.stacks(caught);
    out.error(error, { json: asks('--json') });
    return EXIT_PRIORITY.includes(error.exitCode) ? error.exitCode : 1;
  }
}

/** Most errors mean the same everywhere; credentials come from elsewhere in a CI job than at a desk. */
async function forReader(error: DeployMarkerError, { env }: Io): Promise<DeployMarkerError> {
  if (!error.code.startsWith('CREDENTIALS_')) return error;
  const { withPersonHint } = await import('./commands/trail/person-hint.ts');
  return withPersonHint(error, env);
}

/** What was done stays done, but whoever asked for the result does not have it. */
function unwritableResult(cause: Error): DeployMarkerError {
  const message = `all was done, but the result could not be written to stdout: ${cause.message}`;
  return new DeployMarkerError('FILE_UNWRITABLE', message, { hint: 'free space where stdout goes', cause });
}

async function execute(
  invocation: Extract<Invocation, { kind: 'command' }>,
  io: Io,
  redactor: Redactor,
): Promise<void> {
  const { command, flags, positionals } = invocation;
  const { json, quiet, debug, color, config } = invocation.common;
  const out = createOutput(io, { quiet, debug }, redactor);
  // A profile says all that counts: what another folder or step has set must not make another request of it.
  const isRepeat = flags['repeat-with'] !== undefined;
  const file = isRepeat ? {} : await readConfigFile(config, io.cwd, loadSettings);
  const sources = { flags, env: isRepeat ? {} : io.env, file };
  await command.execute(sources, positionals, { io, out, redactor, json, color });
}

/** Every setting that a file may hold; a run without a file needs none of them. */
async function loadSettings(): Promise<OptionTable> {
  return (await import('./commands/all-settings.ts')).SETTINGS;
}

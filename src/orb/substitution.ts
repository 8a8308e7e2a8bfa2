import { type ProgramResult, runProgram } from '../ci/child-process.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from '../io/io.ts';

/** The cloud has both programs, self-hosted runners only the second. */
const PROGRAMS = ['circleci', 'circleci-agent'];

/** Where they are when a step of the job has spoilt PATH. */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** It only replaces text, without network; a machine that is busy may take its time. */
const TIMEOUT_MS = 30_000;

/** What running a program takes. */
export interface ProgramScene {
  readonly env: Env;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** The environment for programs: PATH ends with what the job began with, and with where programs usually are. */
function programEnv(env: Env): Env {
  const folders = [env['PATH'], env['MARKER_ORB_PATH'], ...USUAL_FOLDERS].filter(Boolean);
  return { ...env, PATH: folders.join(':'), NODE_OPTIONS: undefined };
}

/** Runs CircleCI's own program; undefined if there is none. Secrets go in by `input`, for others can read arguments. */
export async function runCircleci(
  args: readonly string[],
  { env, cwd, signal }: ProgramScene,
  input = '',
): Promise<ProgramResult | undefined> {
  const options = { cwd, signal, env: programEnv(env), timeoutMs: TIMEOUT_MS, input };
  for (const program of PROGRAMS) {
    const result = await runProgram(program, args, options);
    if (!result.missing) return result;
  }
  return undefined;
}

/**
 * The text with its `$VARIABLES` replaced as users of orbs expect, by `circleci env subst`.
 *
 * @param flag names the text in messages
 * @throws DeployMarkerError USAGE if the program is missing or refuses the text
 */
export async function substitute(text: string, flag: string, scene: ProgramScene): Promise<string> {
  if (!text.includes('$')) return text;
  const result = await runCircleci(['env', 'subst'], scene, text);
  if (result === undefined) {
    const why = 'there is no circleci or circleci-agent on PATH';
    throw new DeployMarkerError('USAGE', `the variables in ${flag} cannot be replaced: ${why}`, {
      hint: 'write the value itself, or put the program on PATH',
    });
  }
  if (result.failure === undefined) return result.stdout;
  throw new DeployMarkerError(
    'USAGE',
    `the variables in ${flag} cannot be replaced: circleci env subst failed`,
    {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is shell.
      hint: 'write them as $NAME or ${NAME}',
    },
  );
}

import type { Env } from '../io/io.ts';
import { throwIfCancelled } from './cancellation.ts';

/** Far more than an OIDC token or a git answer has. */
const MAX_OUTPUT_BYTES = 1_000_000;

/** How a program is run. */
export interface ProgramOptions {
  readonly cwd: string;
  /** Its environment, PATH for finding it included; by default the process's own. */
  readonly env?: Env;
  readonly timeoutMs: number;
  /** What it finds on stdin; by default nothing. */
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended; `failure` says it for people when it was anything but exit 0. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  /** No such program on PATH. */
  readonly missing: boolean;
  readonly failure?: string;
}

/**
 * Runs a program, without a shell, and tells how it ended; a failing one is no error here.
 *
 * Arguments are visible to every user of the machine: no secret may be among them.
 *
 * @throws DeployMarkerError CANCELLED (or the signal's own) when the signal aborts; the program is killed then
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  throwIfCancelled(options.signal);
  // Late, because most runs start no program.
  const { execFile } = await import('node:child_process');
  const result = await new Promise<ProgramResult>(resolve => {
    const settings = {
      cwd: options.cwd,
      timeout: options.timeoutMs,
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, stderr, missing: false });
      const missing = error.code === 'ENOENT';
      resolve({
        stdout,
        stderr,
        missing,
        failure: missing ? 'not installed' : describeEnd(error, options.timeoutMs),
      });
    });
    // A program need not read what it is given.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
  });
  throwIfCancelled(options.signal);
  return result;
}

function describeEnd(
  error: { readonly code?: unknown; readonly killed?: boolean; readonly signal?: unknown },
  timeoutMs: number,
): string {
  // execFile reports a kill of its own making (timeout, too much output) as `killed`.
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed too much';
  if (error.killed) return `no answer in ${timeoutMs / 1000} s`;
  if (typeof error.code === 'number') return `exit ${error.code}`;
  return typeof error.signal === 'string'
    ? `ended by ${error.signal}`
    : `cannot be started (${String(error.code)})`;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../cli/run-cli.ts';
import { readInFreshBash } from '../cli/shell-environment.ts';
import type { JobStorage } from './job-storage.ts';
import type { RunStep } from './run-step.ts';

/** What one step did. */
export interface StepResult {
  readonly name: string;
  readonly ran: boolean;
  /** Exit status of the last attempt; null if the step did not run or was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How often it was started. */
  readonly attempts: number;
}

/** How a job ended, and what it left. */
export interface JobResult {
  readonly status: 'success' | 'failed' | 'canceled';
  /** One for every step of the job, also those that did not run. */
  readonly steps: readonly StepResult[];
  /** Names of the steps that ran, in order. */
  readonly ran: readonly string[];
  /** Everything that any step printed. */
  readonly output: string;
  /** The file that BASH_ENV named. */
  readonly bashEnv: string;
  /** The result of the step with this name; of several the last. */
  step(name: string): StepResult;
  /** Runs a step once more with all that the job left, as `max_auto_reruns` does. */
  rerun(name: string): Promise<StepResult>;
  /** The environment of a bash that would be the next step. */
  environment(): Promise<Record<string, string>>;
}

/** How a job runs. */
export interface JobOptions {
  /** All that a step's environment has, besides the step's own; PATH has to be in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: a fresh empty folder. */
  readonly cwd?: string;
  /** Names of built-in steps, such as `checkout`, that fail. */
  readonly failing?: readonly string[];
  /** The job is cancelled as soon as the step with this name has printed something, or has ended. */
  readonly cancelAt?: string;
  /** Bash runs with `-u` too, as some users set it in their jobs. */
  readonly nounset?: boolean;
  /** What CircleCI keeps of this job and has of earlier ones; without it nothing is stored or restored. */
  readonly storage?: JobStorage;
  /** Called after each step that ran. */
  readonly onStep?: (result: StepResult) => void;
  /** What no step may print; asked after each step, since steps bring new ones. */
  readonly secrets?: () => readonly string[];
}

/** A step that has printed nothing for as long as this has hung. */
const STEP_MS = 50_000;

interface Attempt {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function toWords(step: RunStep, nounset: boolean): [string, ...string[]] {
  const [shell = '', ...flags] = step.shell.trim().split(/\s+/);
  return [shell, ...(nounset ? ['-u'] : []), ...flags, '-c', step.command];
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function startStep(
  step: RunStep,
  { cwd, env, nounset, cancelAt }: JobOptions & { cwd: string },
): Promise<Attempt> {
  const [file, ...args] = toWords(step, nounset ?? false);
  const child = spawn(file, args, {
    cwd,
    env: { ...env, ...step.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that nothing it started outlives it.
    detached: true,
  });
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      chunks[name].push(chunk);
      if (cancelAt === step.name) killGroup(child.pid);
    });
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    killGroup(child.pid);
  }, STEP_MS);
  await once(child, 'close');
  clearTimeout(timer);
  const [stdout, stderr] = [Buffer.concat(chunks.stdout).toString(), Buffer.concat(chunks.stderr).toString()];
  if (hung) throw new Error(`step ${step.name} did not end within ${STEP_MS} ms\n${stdout}${stderr}`);
  return { code: child.exitCode, stdout, stderr };
}

/** Fails if a step printed a secret, or the part of one that a cut would leave; the secret itself is in no message. */
function checkSecrets(name: string, { stdout, stderr }: Attempt, secrets: readonly string[]): void {
  for (const [index, secret] of secrets.entries())
    for (const form of [secret, encodeURIComponent(secret)])
      if (form !== '' && (stdout + stderr).includes(form))
        throw new Error(`step ${name} printed secret number ${index + 1} of ${secrets.length}`);
}

async function runStep(step: RunStep, options: JobOptions & { cwd: string }): Promise<Attempt> {
  if (step.background) throw new Error(`step ${step.name}: steps in the background are not run here`);
  if (step.builtin !== undefined) {
    const fails = options.failing?.includes(step.builtin) ?? false;
    if (!fails) await options.storage?.run(step, options.cwd, options.env);
    return { code: fails ? 1 : 0, stdout: '', stderr: fails ? `${step.builtin} failed\n` : '' };
  }
  const attempt = await startStep(step, options);
  checkSecrets(step.name, attempt, options.secrets?.() ?? []);
  return attempt;
}

async function runWithReruns(step: RunStep, options: JobOptions & { cwd: string }): Promise<StepResult> {
  for (let attempts = 1; ; attempts += 1) {
    const attempt = await runStep(step, options);
    if (attempt.code === 0 || attempts > step.maxAutoReruns || options.cancelAt === step.name)
      return { name: step.name, ran: true, ...attempt, attempts };
  }
}

function last<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.findLast(entry => entry.name === name);
  if (found === undefined)
    throw new Error(`no step is named ${name}; there are ${list.map(entry => entry.name).join(', ')}`);
  return found;
}

/**
 * Runs the steps of a job as CircleCI does: each in a process of its own, with nothing in its environment but `env`, the step's own
 * variables and what bash finds in the file that BASH_ENV names, which is not there at first.
 *
 * A failed step fails the job; later ones run as their `when` says. After a cancellation none does.
 */
export async function runJob(steps: readonly RunStep[], given: JobOptions): Promise<JobResult> {
  // A path with a space, so that a script that does not quote it is found out.
  const folder = join(await makeFolder(), 'bash env');
  await mkdir(folder);
  const bashEnv = join(folder, 'circleci');
  const cwd = given.cwd ?? (await makeFolder());
  const options = { ...given, cwd, env: { ...given.env, BASH_ENV: bashEnv } };
  const results: StepResult[] = [];
  let status: JobResult['status'] = 'success';
  for (const step of steps) {
    const runs =
      status !== 'canceled' &&
      (step.when === 'always' || (step.when === 'on_fail') === (status === 'failed'));
    const result = runs
      ? await runWithReruns(step, options)
      : { name: step.name, ran: false, code: null, stdout: '', stderr: '', attempts: 0 };
    results.push(result);
    if (!runs) continue;
    given.onStep?.(result);
    if (given.cancelAt === step.name) status = 'canceled';
    else if (result.code !== 0) status = 'failed';
  }
  return {
    status,
    steps: results,
    ran: results.filter(({ ran }) => ran).map(({ name }) => name),
    output: results.map(({ stdout, stderr }) => stdout + stderr).join(''),
    bashEnv,
    step: name => last(results, name),
    rerun: async name => ({
      ...{ name, ran: true, attempts: 1 },
      ...(await runStep(last(steps, name), { ...options, cancelAt: '' })),
    }),
    environment: () => {
      const env = Object.entries(options.env).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      );
      return readInFreshBash(bashEnv, cwd, Object.fromEntries(env));
    },
  };
}

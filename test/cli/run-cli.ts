import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The built command line; `build-once.ts` makes sure that it is that of the present source. */
export const CLI = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** How to run the command line. */
export interface RunOptions {
  /** Added to `PATH` and `HOME`, which is all that the process otherwise gets. Undefined leaves a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: a fresh empty folder. */
  readonly cwd?: string;
  /** What stdin holds; without it stdin is at its end. */
  readonly input?: string | Uint8Array;
  /** Binary of Node; default the one that runs the tests. */
  readonly node?: string;
  /** Default {@link CLI}. */
  readonly script?: string;
  /** Sends a signal once `when` is fulfilled, unless the process has ended by then; SIGKILL if it is rejected. */
  readonly signalAfter?: { readonly signal: NodeJS.Signals; readonly when: Promise<unknown> };
  /** Closes our ends of these streams at once, as `| head -0` does. */
  readonly closed?: readonly ('stdout' | 'stderr')[];
}

/** What a run gave. */
export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.splice(0).map(folder => rm(folder, { recursive: true, force: true })));
});

/** A fresh empty folder, removed after the tests of this file. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-marker-test-'));
  folders.push(folder);
  return folder;
}

/** Runs the built command line in a process of its own, with an environment of nothing but what is given. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd = await makeFolder(), node = process.execPath, script = CLI } = options;
  const child = spawn(node, [script, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: await makeFolder(), ...options.env },
    stdio: 'pipe',
  });
  // The process may well end without reading its stdin.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  for (const name of options.closed ?? []) child[name].destroy();
  options.signalAfter?.when.then(
    () => child.kill(options.signalAfter?.signal),
    () => child.kill('SIGKILL'),
  );
  const ended = once(child, 'close');
  const read = (name: 'stdout' | 'stderr'): Promise<string> | string =>
    options.closed?.includes(name) ? '' : text(child[name]);
  const [stdout, stderr] = await Promise.all([read('stdout'), read('stderr')]);
  await ended;
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

/** The error that the last three lines of stderr hold: `error: …`, `  hint: …`, `  code: …`. */
export function errorOf({ stderr }: RunResult): { message: string; hint: string; code: string } {
  const match = /(?:^|\n)error: (.*)\n {2}hint: (.*)\n {2}code: ([A-Z_]+)[^\n]*\n$/.exec(stderr);
  if (match === null) throw new Error(`stderr does not end in error, hint and code:\n${stderr}`);
  const [, message = '', hint = '', code = ''] = match;
  return { message, hint, code };
}

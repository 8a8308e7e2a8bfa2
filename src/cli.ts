import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { DeployMarkerError } from './errors/deploy-marker-error.ts';
import { expandFileVariables } from './io/aws-config/files.ts';
import { createDescriptorSink } from './io/descriptor-sink.ts';
import type { Env, Io } from './io/io.ts';
import { main } from './main.ts';

// The one place that knows the process: everything else is handed what it needs. What is costly to make is made when
// it is asked for: process.stdout alone takes 8 ms to set up, a fifth of an empty Node.js process.
let controller: AbortController | undefined;
/** Signals are waited for once something can be cancelled: until then they end the process as they end any other. */
function cancellation(): AbortController {
  if (controller !== undefined) return controller;
  const made = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Once, so that a second signal ends the process at once.
    process.once(signal, () => {
      made.abort(new DeployMarkerError('CANCELLED', `cancelled by ${signal}`));
    });
  }
  controller = made;
  return made;
}

// The SDK reads them by itself.
Object.assign(process.env, expandFileVariables(process.env));

const stdout = createDescriptorSink(1, () => process.stdout);
const stderr = createDescriptorSink(2, () => process.stderr);
const io: Io = {
  env: process.env,
  cwd: process.cwd(),
  get stdin() {
    return addAbortSignal(cancellation().signal, process.stdin);
  },
  stdout,
  stderr,
  get terminal() {
    // Asked first, for process.stderr takes long to set up.
    if (!isCharacterDevice(2)) return undefined;
    // A dumb one cannot go back in a line, and would show the steering of one that can.
    if (!process.stderr.isTTY || process.env['TERM'] === 'dumb') return undefined;
    return { stream: process.stderr, showsResults: process.stdout.isTTY };
  },
  get isTerminal() {
    // Loaded when it is asked for, as it takes long.
    return process.getBuiltinModule('node:tty').isatty(1);
  },
  now: () => Date.now(),
  get signal() {
    return cancellation().signal;
  },
  nodeVersion: process.versions.node,
  self: { node: process.execPath, script: process.argv[1] ?? '' },
};

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

function adoptEnv(env: Env): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

async function run(): Promise<void> {
  const argv = process.argv.slice(2);
  // The steps of the orb, which nobody types: no help names it.
  const code =
    argv[0] === 'orb-step'
      ? await (await import('./orb/step.ts')).runStep(Object.assign(io, { adoptEnv }))
      : await main(argv, io);
  await Promise.all([stdout.drain(), stderr.drain()]);
  // All is done and said: a child process or a timer of a library must not keep the job waiting.
  process.exit(code);
}

run().catch(error => {
  throw error;
});

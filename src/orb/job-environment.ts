import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { runProgram } from '../ci/child-process.ts';
import type { Env, Io } from '../io/io.ts';
import { outputOf } from './step-output.ts';

/** Reading BASH_ENV, or starting Node, is far faster, also on a machine that is busy; what takes longer waits for something. */
const TIMEOUT_MS = 30_000;

/** Far longer than it takes to read what bash has written before it ended. */
const DRAIN_MS = 200;

/** What Node and its TLS read when they start, and never again. */
const READ_AT_START = /^(?:NODE_|SSL_CERT_|OPENSSL_)/;

function kindOf(path: string): 'none' | 'file' | 'other' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'none';
    return found.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

/** What a bash that has read BASH_ENV exports; undefined if it does not get that far. */
async function askBash(env: Env, cwd: string): Promise<Env | undefined> {
  const child = spawn('bash', ['-c', 'command -p env -0 >&3'], {
    cwd,
    env: { ...env },
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const chunks: Buffer[] = [];
  const [, , , answer] = child.stdio;
  if (answer instanceof Readable) answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>(resolve => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
    // What BASH_ENV started and left running, such as an ssh-agent, keeps the pipe open.
    child.on('exit', () => setTimeout(resolve, DRAIN_MS));
  });
  if (answer instanceof Readable) answer.destroy();
  const pairs = Buffer.concat(chunks).toString().split('\0').filter(Boolean);
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/**
 * The environment that a step in bash would have: that of the process, with what earlier steps left in BASH_ENV. Where BASH_ENV is no
 * file, or ends or hangs the shell that reads it, it is passed over with a warning.
 */
export async function readJobEnvironment(io: Io): Promise<Env> {
  // The text of the step keeps NODE_OPTIONS from this process, which they might keep from starting.
  const env: Env = {
    ...io.env,
    NODE_OPTIONS: io.env['MARKER_ORB_NODE_OPTIONS'] || undefined,
    // Where CircleCI's own program is, whatever BASH_ENV makes of PATH.
    MARKER_ORB_PATH: io.env['PATH'],
  };
  const path = env['BASH_ENV'];
  const kind = path ? kindOf(path) : 'none';
  if (!path || kind === 'none') return env;
  const found = kind === 'file' ? await askBash(env, io.cwd) : undefined;
  if (found === undefined)
    outputOf(io).warn(
      `BASH_ENV, ${JSON.stringify(path)}, is passed over: bash does not come to the end of it`,
    );
  // Where it is, CircleCI says; a step of the deploy may say otherwise.
  return { ...(found ?? env), BASH_ENV: path };
}

/** Whether Node has to start anew to heed `env`. */
export function needsRestart(env: Env, now: Env): boolean {
  const names = [...Object.keys(env), ...Object.keys(now)].filter(name => READ_AT_START.test(name));
  return names.some(name => (env[name] ?? '') !== (now[name] ?? ''));
}

async function starts(env: Env, { self, cwd }: Io): Promise<boolean> {
  const result = await runProgram(self.node, ['--eval', '0'], { cwd, env, timeoutMs: TIMEOUT_MS });
  return result.failure === undefined;
}

/** What of `env` Node starts with: it without NODE_OPTIONS, or without all that Node reads when it starts, if need be. */
async function usableEnv(env: Env, io: Io): Promise<Env> {
  if (await starts(env, io)) return env;
  for (const pattern of [/^NODE_OPTIONS$/, READ_AT_START]) {
    const left = Object.keys(env).filter(name => pattern.test(name) && env[name] !== undefined);
    const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !left.includes(name)));
    if (left.length === 0 || (pattern !== READ_AT_START && !(await starts(rest, io)))) continue;
    outputOf(io).warn(`left out, since Node does not start with it: ${left.join(', ')}`);
    return rest;
  }
  return env;
}

/** Runs this very step in a Node of its own, and returns its exit code. What keeps Node from starting is left out. */
export async function restart(env: Env, io: Io): Promise<number> {
  const { node, script } = io.self;
  const usable = await usableEnv(env, io);
  const child = spawn(node, [script, 'orb-step'], {
    cwd: io.cwd,
    env: { ...usable, MARKER_ORB_READ: '1' },
    stdio: 'inherit',
    signal: io.signal,
  });
  return new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('close', code => resolve(code ?? 1));
  });
}

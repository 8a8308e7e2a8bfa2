import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../scripts/live.mjs', import.meta.url));

/** A run of `npm run live` on its way. */
export interface LiveRun {
  readonly child: ChildProcess;
  /** Fulfilled with the line of stderr that a pattern fits, once it is there; undefined if the run ends without it. */
  line(pattern: RegExp): Promise<string | undefined>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the script with an environment of nothing but what is given. stdin is no terminal. */
export function startLive(args: readonly string[], env: Readonly<Record<string, string>>): LiveRun {
  const child = spawn(process.execPath, [SCRIPT, '--region', 'eu-west-1', ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  const ended = closed.then(() => ({ code: child.exitCode, stdout, stderr }));
  const find = (pattern: RegExp): string | undefined => stderr.split('\n').find(line => pattern.test(line));
  return {
    child,
    ended,
    async line(pattern) {
      for (;;) {
        const found = find(pattern);
        if (found !== undefined || child.exitCode !== null || child.signalCode !== null) return found;
        await Promise.race([once(child.stderr, 'data'), closed]);
      }
    },
  };
}

/** What the table says of each question, by the question: `as documented`, `found` and so on, and the rest. */
export function readTable(stdout: string): Record<string, { readonly kind: string; readonly text: string }> {
  const rows = stdout.trim().split('\n').slice(2);
  return Object.fromEntries(
    rows.map(row => {
      const [, about = '', , answer = ''] = row.split(/(?<!\\)\|/).map(cell => cell.trim());
      const [, kind = '', rest = ''] = /^\*\*(.+?)\*\*: (.*)$/.exec(answer) ?? [];
      return [about, { kind, text: rest }];
    }),
  );
}

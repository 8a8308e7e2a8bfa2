import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The environment of a fresh bash after it has run `file` as `$BASH_ENV`, which is what a CircleCI step does.
 *
 * Nothing but `env` is there before, and `PATH`.
 */
export function readInFreshBash(
  file: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  return readAfterScript('', cwd, { ...env, BASH_ENV: file });
}

/** The environment of a fresh bash after `script`, for example an `eval` of what a command printed. */
export async function readAfterScript(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)(
    'bash',
    ['--noprofile', '--norc', '-c', `set -eu\n${script}\nexec env -0`],
    { cwd, env: { PATH: process.env['PATH'], ...env } },
  );
  const pairs = stdout.split('\0').filter(Boolean);
  return Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/**
 * Runs the built command line in a folder, as a user would, without settings of the caller's own for it.
 *
 * @returns exit code, stdout and stderr; `json` is stdout as JSON where it is that
 */
export async function runCommand(args, { region, folder, signal }) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('DEPLOY_MARKER_'));
  const env = { ...Object.fromEntries(kept), AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It is waited for all the same, so that nothing is written any more once we clean up.
  const stop = () => child.kill();
  signal.addEventListener('abort', stop, { once: true });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  signal.removeEventListener('abort', stop);
  return {
    code,
    stdout,
    stderr,
    json: args.includes('--json') && stdout !== '' ? JSON.parse(stdout) : undefined,
  };
}

/** Exit code and error in one line. */
export function complaintOf({ code, stderr }) {
  const line =
    stderr
      .trim()
      .split('\n')
      .findLast(each => /^(error: |\{"error")/.test(each)) ?? '';
  const { error } = line.startsWith('{') ? JSON.parse(line) : {};
  return `exit ${code}${line === '' ? '' : `: ${error === undefined ? line.slice('error: '.length) : error.message}`}`;
}

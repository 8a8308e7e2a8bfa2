import { spawnSync } from 'node:child_process';

/** The local CLI of CircleCI, with what it says of its version. */
export interface CircleciCli {
  readonly command: string;
  readonly version: string;
}

/**
 * `$DEPLOY_MARKER_CIRCLECI_CLI`, else `circleci` on the path, when it is the local CLI; otherwise why there is none.
 *
 * Within a job `circleci` is another program, which knows no `orb`; so does the tests' own stub.
 */
export function findCircleciCli(env: NodeJS.ProcessEnv): CircleciCli | string {
  const command = env['DEPLOY_MARKER_CIRCLECI_CLI'] || 'circleci';
  const run = (...args: string[]) => spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  const version = run('version');
  if (version.error !== undefined) return `${command}: ${version.error.message}`;
  if (version.status !== 0) return `${command} version fails`;
  if (run('orb', 'pack', '--help').status !== 0) return `${command} knows no orb pack`;
  return { command, version: version.stdout.trim() };
}

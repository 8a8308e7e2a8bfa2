import { execFile, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import type { AwsServer } from '../fakes/aws-server.ts';

/** The AWS CLI that contract tests use. */
export interface AwsCli {
  readonly command: string;
  /** `1.45.11` */
  readonly version: string;
}

/** What a run of the AWS CLI gave. */
export interface AwsCliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// Older ones do not know cloudtrail-data.
const OLDEST = [1, 45];

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** `$DEPLOY_MARKER_AWS_CLI`, else `aws` on the path, when it is 1.45 or newer; otherwise why there is none. */
export function findAwsCli(env: NodeJS.ProcessEnv): AwsCli | string {
  const command = env['DEPLOY_MARKER_AWS_CLI'] || 'aws';
  const result = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  const version = /^aws-cli\/(\d+\.\d+\.\d+)/.exec(`${result.stdout}${result.stderr}`)?.[1];
  if (version === undefined) return `${command} --version says no version`;
  return isNewEnough(version)
    ? { command, version }
    : `${command} is ${version}, older than ${OLDEST.join('.')}`;
}

/** Runs the AWS CLI against `server`, with nothing of the developer's own AWS configuration. */
export function runAwsCli(cli: AwsCli, server: AwsServer, args: readonly string[]): Promise<AwsCliResult> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: homedir(),
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    ...server.env(),
  };
  return new Promise(resolve => {
    const child = execFile(cli.command, [...args], { env, timeout: 60_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

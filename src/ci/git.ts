// Commands: https://git-scm.com/docs/git-rev-parse and https://git-scm.com/docs/git-config
import type { Env } from '../io/io.ts';
import { runProgram } from './child-process.ts';
import { toRepository } from './web-address.ts';

/** A local command over small files; slower than this it hangs on a dead network drive. */
const TIMEOUT_MS = 2_000;

/**
 * What keeps git from acting on the repository's behalf: no pager, no lock files in somebody's work tree, and no
 * file-system monitor, which is a program that the repository's own configuration names.
 */
const SAFE_OPTIONS = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false'];

/** SHA-1 and SHA-256 object names. */
const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** What the work tree tells. */
export interface GitFacts {
  /** Commit of HEAD, in full. */
  readonly sha?: string;
  /** Branch; absent when HEAD is detached. */
  readonly ref?: string;
  /** Where `origin` is: `owner/name` or a URL without credentials. */
  readonly repository?: string;
}

/** Where to ask. */
export interface GitOptions {
  readonly cwd: string;
  /** By default the process's own. */
  readonly env?: Env;
  readonly signal?: AbortSignal;
}

/**
 * Commit, branch and origin of the work tree around `cwd`; `{}` without git, outside a repository, before the first
 * commit, or when git does not trust the repository's owner.
 *
 * @throws DeployMarkerError CANCELLED when the signal aborts
 */
export async function readGitFacts(options: GitOptions): Promise<GitFacts> {
  const [head, origin] = await Promise.all([
    runGit(['rev-parse', 'HEAD', '--abbrev-ref', 'HEAD'], options),
    runGit(['config', '--get', 'remote.origin.url'], options),
  ]);
  const [sha, branch] = head.split('\n').map(line => line.trim());
  if (sha === undefined || !OBJECT_NAME.test(sha)) return {};
  const repository = toRepository(origin);
  return {
    sha,
    ...(branch === undefined || branch === '' || branch === 'HEAD' ? {} : { ref: branch }),
    ...(repository === undefined ? {} : { repository }),
  };
}

async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await runProgram('git', [...SAFE_OPTIONS, ...args], { ...options, timeoutMs: TIMEOUT_MS });
  return result.failure === undefined ? result.stdout : '';
}

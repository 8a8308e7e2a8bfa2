import { readFileSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { type AwsFileKind, findSections, profileOfHeader, readSetting } from './sections.ts';

/**
 * The AWS configuration file: `AWS_CONFIG_FILE`, else `~/.aws/config`.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export function awsConfigPath(env: Env): string {
  return expandHome(env['AWS_CONFIG_FILE'] || '~/.aws/config', env);
}

/** The shared credentials file: `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`; same source. */
export function awsCredentialsPath(env: Env): string {
  return expandHome(env['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials', env);
}

/**
 * A path without the `~` that a shell would have expanded, and CI configuration does not; the AWS CLI expands it in the variables
 * that name its files. `~USER` stays as it is.
 */
function expandHome(path: string, env: Env): string {
  return path === '~' || path.startsWith('~/') ? join(env['HOME'] || homedir(), path.slice(1)) : path;
}

/** Variables whose `~` the SDK, which reads them by itself, does not expand. */
const FILE_VARIABLES = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'] as const;

/** AWS's file variables that begin with `~`, expanded. */
export function expandFileVariables(env: Env): Record<string, string> {
  return Object.fromEntries(
    FILE_VARIABLES.flatMap(name => {
      const path = env[name];
      return path?.startsWith('~') ? [[name, expandHome(path, env)]] : [];
    }),
  );
}

/** A profile, and the variable that names it. */
export interface NamedProfile {
  readonly profile: string;
  readonly variable: string;
}

/**
 * The profile that a variable names, if one does. Beside `AWS_PROFILE`, which every tool reads, the AWS CLI and boto3 have
 * `AWS_DEFAULT_PROFILE`: who set that means the same account here, and nobody would see that another one was asked. Keys in the
 * environment go before it, as they do there.
 * Source: botocore's session.py, BOTOCORE_DEFAULT_SESSION_VARIABLES
 */
export function namedProfile(env: Env): NamedProfile | undefined {
  for (const variable of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) {
    const profile = env[variable];
    if (profile) return { profile, variable };
  }
  return undefined;
}

/** The profile that is meant, `default` where none is named. */
export function currentProfile(env: Env): string {
  return namedProfile(env)?.profile ?? 'default';
}

/**
 * A setting of the current profile, as the SDK finds it: in both files, one before the other. Undefined where there is none; a file
 * that cannot be read says nothing.
 *
 * @param first the file that is looked at first: for a Region that is the credentials file
 */
export function readProfileSetting(env: Env, key: string, first: AwsFileKind): string | undefined {
  const profile = currentProfile(env);
  const kinds =
    first === 'config' ? (['config', 'credentials'] as const) : (['credentials', 'config'] as const);
  for (const kind of kinds) {
    const text = readText(kind === 'config' ? awsConfigPath(env) : awsCredentialsPath(env));
    if (text === '') continue;
    const lines = text.split(/\r?\n/);
    const found = findSections(lines, profile, kind)
      .flatMap(({ start, end }) => readSettings(lines.slice(start + 1, end)))
      .filter(setting => setting.parent === undefined && setting.key === key && setting.value !== '');
    if (found.length > 0) return found.at(-1)?.value;
  }
  return undefined;
}

/** The settings of a section of another kind in the configuration file, such as `[services NAME]`; undefined if it is not there. */
export function readConfigSection(env: Env, kind: string, name: string): NestedSetting[] | undefined {
  const lines = readText(awsConfigPath(env)).split(/\r?\n/);
  const start = lines.findIndex(line => {
    const [word, ...rest] = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
    return word === kind && rest.join(' ').replace(/^(["'])(.*)\1$/, '$2') === name;
  });
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex(line => line.trimStart().startsWith('['));
  return readSettings(lines.slice(start + 1, length === -1 ? lines.length : start + 1 + length));
}

/** A setting, and the one that it is indented below. */
export interface NestedSetting {
  readonly parent: string | undefined;
  readonly key: string;
  readonly value: string;
}

function readSettings(lines: readonly string[]): NestedSetting[] {
  let parent: string | undefined;
  return lines.flatMap(line => {
    const setting = readSetting(line.replace(/(^|\s)[#;].*$/, ''));
    if (setting === undefined) return [];
    if (!/^\s/.test(line)) parent = setting.value === '' ? setting.key : undefined;
    return [{ parent: /^\s/.test(line) ? parent : undefined, ...setting }];
  });
}

/** The profiles that are in either of the two files, each once. */
export function listProfiles(env: Env): string[] {
  const files = [
    ['config', awsConfigPath(env)],
    ['credentials', awsCredentialsPath(env)],
  ] as const;
  const names = files.flatMap(([kind, path]) =>
    readText(path)
      .split(/\r?\n/)
      .flatMap(line => profileOfHeader(line, kind) ?? []),
  );
  return [...new Set(names)];
}

/** Whether one of the two files has the profile. */
export function hasProfile(env: Env, profile: string): boolean {
  return (
    findSections(readText(awsConfigPath(env)).split('\n'), profile, 'config').length > 0 ||
    findSections(readText(awsCredentialsPath(env)).split('\n'), profile, 'credentials').length > 0
  );
}

/** The Region by AWS's own settings: `AWS_REGION`, `AWS_DEFAULT_REGION`, else that of the profile, whose keys count, too. */
export function awsRegionOf(env: Env): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || readProfileSetting(env, 'region', 'credentials');
}

/**
 * Refuses a pipe in the place of one of AWS's files: each is read more than once, by the SDK too, and a pipe that nobody writes to would
 * hold the process where no signal reaches it.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function refusePipes(env: Env): void {
  for (const path of [awsConfigPath(env), awsCredentialsPath(env)]) isThere(path);
}

/** @throws DeployMarkerError CONFIG_INVALID if it is a pipe */
function isThere(path: string): boolean {
  const found = lookAt(path);
  if (!found?.isFIFO()) return found !== undefined;
  const message = `${quote(path)}, which is to be AWS's configuration or credentials file, is a pipe`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: 'write it to a regular file, and name that in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE',
  });
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

// Synchronous, and asking before reading: for small files that are mostly not there.
function readText(path: string): string {
  if (!isThere(path)) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

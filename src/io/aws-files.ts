import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type AwsFileKind, findSections, readSetting } from './aws-sections.ts';
import type { Env } from './io.ts';

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
export function expandHome(path: string, env: Env): string {
  return /^~(?:\/|$)/.test(path) ? join(env['HOME'] || homedir(), path.slice(1)) : path;
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

/** The profile that is meant where none is named. */
export function currentProfile(env: Env): string {
  return env['AWS_PROFILE'] || 'default';
}

/**
 * A setting of the current profile, as the SDK finds it: in the credentials file before the configuration file. Undefined where there
 * is none; a file that cannot be read says nothing.
 */
export function readProfileSetting(env: Env, key: string): string | undefined {
  const profile = currentProfile(env);
  const files: readonly (readonly [string, AwsFileKind])[] = [
    [awsCredentialsPath(env), 'credentials'],
    [awsConfigPath(env), 'config'],
  ];
  for (const [path, kind] of files) {
    const lines = readText(path).split(/\r?\n/);
    const values = findSections(lines, profile, kind).flatMap(({ start, end }) =>
      lines.slice(start + 1, end).flatMap(line => {
        const setting = /^\s/.test(line) ? undefined : readSetting(line.replace(/\s[#;].*$/, ''));
        return setting?.key === key && setting.value !== '' ? [setting.value] : [];
      }),
    );
    if (values.length > 0) return values.at(-1);
  }
  return undefined;
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
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || readProfileSetting(env, 'region');
}

// Synchronous, and asking before reading: for small files that are mostly not there.
function readText(path: string): string {
  if (!existsSync(path)) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
